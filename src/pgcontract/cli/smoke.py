"""`pgcontract smoke`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options, searching
from pgcontract.cli.console import note, page, progress_bar, silent
from pgcontract.cli.database import meant, opened
from pgcontract.cli.keeping import history_of
from pgcontract.cli.notifying import Asked, notices_of
from pgcontract.cli.output import TERMINAL, check_formats, deliver
from pgcontract.cli.status import status_of
from pgcontract.errors import ContractError, DatabaseError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.verdict import Report


_Service = Annotated[
    str | None,
    typer.Option(help="Who the backend acts as; service_role, or else who is connected.", show_default=False),
]
_Anon = Annotated[
    str | None, typer.Option(help="Who has not signed in; anon, where there is such a role.", show_default=False)
]
_Slow = Annotated[float, typer.Option(help="Milliseconds from which a call is a warning; 0 for none.", min=0)]
_Probes = Annotated[
    options.Probes,
    typer.Option(
        help="rollback writes, and rolls back; shadow acts on a private copy of the schema; read writes nothing."
    ),
]


def smoke(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    service: _Service = None,
    anon: _Anon = None,
    schemas: searching.Schemas = None,
    slow: _Slow = 1000,
    seed: searching.Seed = 0,
    probes: _Probes = options.Probes.rollback,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    history: options.History = None,
    history_keep: options.HistoryKeep = None,
    notify: options.Notify = None,
    notify_on: options.NotifyOn = None,
    report_url: options.ReportUrl = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Try tables, functions and rows on a live database, each with its time; nothing is left behind."""
    from pgcontract.contract.load import load
    from pgcontract.run.target import Timeouts
    from pgcontract.smoke import Options
    from pgcontract.smoke import smoke as run

    configured = settings()
    check_formats(formats or [], outputs or [])
    _require_probes(probes)
    source = contract or configured.contract
    suite = load(source) if source is not None else None
    chosen = Options(service, anon, tuple(schemas or ()), slow, seed)
    runs = history_of(history, history_keep, configured)
    notices = notices_of(Asked.of(notify, notify_on, report_url), configured, runs)
    said, bar = silent if quiet else note, progress_bar(shown=not quiet)
    with opened(*meant(db, setup, configured), said) as url, bar as progress:
        timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
        report = run(url, suite, chosen, probes=probes.mode, timeouts=timeouts, progress=progress)
    report, name = _something(report, strict=strict), f"{report.suite} (smoke)" if suite is not None else None
    with notices.after(report, runs, name) as report:
        _show(report, formats or [], quiet=quiet)
        deliver(report, formats or [], outputs or [], verbose=False, quiet=quiet)
    raise typer.Exit(status_of(report))


def _require_probes(probes: options.Probes) -> None:
    if probes is options.Probes.off:
        raise DatabaseError("nothing can be told with --probes off: a smoke test is made of probes")


def _something(report: Report, *, strict: bool) -> Report:
    if not report.outcomes:
        raise ContractError("nothing would be tried: there is no table and no function", hint="Try --schema.")
    return report.strict() if strict else report


def _show(report: Report, formats: list[str], *, quiet: bool) -> None:
    """Everything that was tried with its time, where people look."""
    from pgcontract.report.timings import show_timings

    if (TERMINAL in formats or not formats) and not (quiet and report.passed):
        with page() as console:
            show_timings(report, console)
