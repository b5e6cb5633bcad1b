"""`pgcontract verify`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import typer

from pgcontract.cli import options
from pgcontract.cli.baseline import baseline_of
from pgcontract.cli.console import note, progress_bar, silent
from pgcontract.cli.database import opened
from pgcontract.cli.keeping import history_of
from pgcontract.cli.notifying import Asked, notices_of
from pgcontract.cli.output import check_formats, deliver
from pgcontract.cli.settings import database, settings
from pgcontract.cli.status import status_of
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Report


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
    baseline: options.Baseline = None,
    baseline_update: options.BaselineUpdate = False,
    baseline_prune: options.BaselinePrune = False,
    because: options.Because = None,
    until: options.Until = None,
    history: options.History = None,
    history_keep: options.HistoryKeep = None,
    notify: options.Notify = None,
    notify_on: options.NotifyOn = None,
    report_url: options.ReportUrl = None,
    examples: options.Examples = 5,
    no_values: options.NoValues = False,
    max_scan_time: options.MaxScanTime = None,
    strict: options.Strict = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Verify that a database is what the contract says."""
    configured = settings()
    check_formats(formats or [], outputs or [])
    suite = _selected(_named(contract or configured.contract), tags or None, kinds or None, tables or None)
    kept = baseline_of(baseline or configured.baseline, baseline_update, baseline_prune, because, until, suite)
    runs = history_of(history, history_keep, configured)
    notices = notices_of(Asked.of(notify, notify_on, report_url), configured, runs)
    said = silent if quiet else note
    bar = progress_bar(shown=not quiet, timed=verbose)
    mode = (probes or options.Probes(configured.probes)).value
    run = _run(examples, no_values, max_scan_time, connect_timeout, statement_timeout)
    with opened(database(db, configured.db), setup or configured.setup, said) as url, bar as progress:
        looked = partial(run, suite, url, probes=mode, progress=progress)
        report = kept.keep_up(lambda: looked(today=kept.today, baseline=kept.ignores))
    kept.tell(said)
    with notices.after(report.strict() if strict else report, runs) as report:
        deliver(report, formats or [], outputs or [], verbose=verbose, quiet=quiet)
    raise typer.Exit(status_of(report))


def _run(
    examples: int, no_values: bool, longest: float | None, connect: int, statement: float
) -> Callable[..., Report]:
    from pgcontract.run.runner import verify as run
    from pgcontract.run.scanning import Scanning
    from pgcontract.run.target import Timeouts

    scanning = Scanning(examples=examples, values=not no_values, longest=longest)
    return partial(run, scanning=scanning, timeouts=Timeouts(connect=connect, statement=statement))


def _named(source: str | None) -> str:
    if source is None:
        raise ContractError("no contract was named", hint="pgcontract verify contract.yaml --db postgresql://…")
    return source


def _selected(source: str, tags: list[str] | None, kinds: list[str] | None, tables: list[str] | None) -> Suite:
    from pgcontract.contract.load import load

    suite = load(source)
    try:
        selected = suite.select(tags=tags, kinds=kinds, tables=tables)
    except ValueError as error:
        raise ContractError(f"--table: {error}") from None
    if not len(selected):
        raise ContractError(f"nothing would be checked: {_described(tags, kinds, tables)}", hint=_nearest(suite, kinds))
    return selected


def _described(*chosen: list[str] | None) -> str:
    words = [
        f"{option} {value}"
        for option, values in zip(("--tag", "--kind", "--table"), chosen, strict=True)
        for value in values or ()
    ]
    return f"no expectation of the contract fits {' '.join(words)}" if words else "the contract has no expectation"


def _nearest(suite: Suite, kinds: list[str] | None) -> str | None:
    present = {expectation.kind for expectation in suite}
    return next((hint for kind in kinds or () if (hint := perhaps(kind, present))), None)
