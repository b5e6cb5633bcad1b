"""`pgcontract leaks`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options, searching
from pgcontract.cli.console import doing, note, page, put
from pgcontract.cli.database import meant, opened
from pgcontract.cli.notifying import Asked, notices_of
from pgcontract.cli.output import TERMINAL, require_known, require_writable, write
from pgcontract.cli.status import BROKEN, HOLDS, UNCHECKED
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Server
    from pgcontract.isolation.model import Options, Search

JSON = "json"


def leaks(
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    owners: searching.Owners = None,
    tenants: searching.Tenants = None,
    publics: searching.Publics = None,
    schemas: searching.Schemas = None,
    principals: searching.Principals = None,
    examples: searching.Examples = 4,
    seed: searching.Seed = 0,
    probes: searching.Probes = options.Probes.rollback,
    formats: Annotated[
        list[str] | None, searching.several("terminal or json, on standard output or for the --output.", "--format")
    ] = None,
    outputs: Annotated[list[Path] | None, searching.several("A file to write: leaks.json.", "--output", "-o")] = None,
    notify: options.Notify = None,
    notify_on: options.NotifyOn = None,
    report_url: options.ReportUrl = None,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: searching.AttemptTimeout = 3,
) -> None:
    """Find out whether one user or organisation can see or change what belongs to another."""
    files = _checked(formats or [], outputs or [])
    chosen = searching.chosen(
        owners, tenants, publics, schemas, principals, examples=examples, seed=seed, timeout=statement_timeout
    )
    configured = settings()
    notices = notices_of(Asked.of(notify, notify_on, report_url), configured, None)
    began = datetime.now(UTC)
    with opened(*meant(db, setup, configured)) as url:
        search, server = _searched(url, chosen, connect_timeout, probes)
    with notices.after_search(search, server, began):
        _deliver(search, formats or [], files)
    raise typer.Exit(_status(search))


def _searched(url: str, chosen: Options, connect_timeout: int, probes: options.Probes) -> tuple[Search, Server]:
    from pgcontract.isolation.search import find_leaks

    with doing("acting in two worlds of rows"), searching.acting(url, connect_timeout, probes) as session:
        return find_leaks(session, chosen), session.catalog.server


def _checked(formats: list[str], outputs: list[Path]) -> list[tuple[Path, str]]:
    """The files with their formats.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [TERMINAL, JSON])
    require_writable(outputs)
    return [(output, JSON if output.suffix == ".json" or JSON in formats else TERMINAL) for output in outputs]


def _deliver(search: Search, formats: list[str], files: list[tuple[Path, str]]) -> None:
    from pgcontract.report.leaks import to_json
    from pgcontract.report.leaks_terminal import show, to_text

    for path, format_ in files:
        write(path, to_json(search) if format_ == JSON else to_text(search))
    if search.leaks:
        note("each script can be pasted into psql; it rolls back what it does")
    for format_ in dict.fromkeys(formats if not files or len(formats) > 1 else []) or [TERMINAL]:
        if format_ == JSON:
            put(to_json(search))
        else:
            with page() as console:
                show(search, console)


def _status(search: Search) -> int:
    if search.leaks:
        return BROKEN
    return HOLDS if search.concluded else UNCHECKED
