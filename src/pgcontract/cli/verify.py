"""`pgcontract verify`."""

from __future__ import annotations

import typer

from pgcontract.cli import options
from pgcontract.cli.console import progress_bar
from pgcontract.cli.database import opened
from pgcontract.cli.output import check_formats, deliver
from pgcontract.cli.settings import database, settings
from pgcontract.cli.status import status_of
from pgcontract.errors import ContractError


def verify(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    probes: options.ProbeMode = None,
    tags: options.Tags = None,
    kinds: options.Kinds = None,
    tables: options.Tables = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    strict: options.Strict = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Verify that a database is what the contract says."""
    from pgcontract.contract.load import load
    from pgcontract.run.runner import verify as run
    from pgcontract.run.target import Timeouts

    configured = settings()
    source = contract or configured.contract
    if source is None:
        raise ContractError("no contract was named", hint="pgcontract verify contract.yaml --db postgresql://…")
    check_formats(formats or [], outputs or [])
    suite = load(source).select(tags=tags or None, kinds=kinds or None, tables=tables or None)
    if not len(suite):
        raise ContractError(f"nothing would be checked: {source} has no expectation that is selected")
    with opened(database(db, configured.db), setup or configured.setup) as url, progress_bar() as progress:
        report = run(
            suite,
            url,
            probes=(probes or options.Probes(configured.probes or "read")).value,
            timeouts=Timeouts(connect=connect_timeout, statement=statement_timeout),
            progress=progress,
        )
    report = report.strict() if strict else report
    deliver(report, formats or [], outputs or [], verbose=verbose, quiet=quiet)
    raise typer.Exit(status_of(report))
