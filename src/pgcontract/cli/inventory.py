"""`pgcontract inventory`."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options, stock
from pgcontract.cli.console import note
from pgcontract.cli.database import meant
from pgcontract.cli.searching import several
from pgcontract.cli.status import HOLDS, UNCHECKED
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.inventory import Level
    from pgcontract.lifecycle.profile import Profile
    from pgcontract.lifecycle.scope import Scope

_PICTURES = ("markdown", "html", "mermaid")
_SUFFIXES = {
    **stock.CONTRACTS,
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
}


class Levels(StrEnum):
    """How much is stated."""

    tables = "tables"
    columns = "columns"
    full = "full"


_Level = Annotated[Levels, typer.Option(help="tables: which relations there are; columns: theirs too; full: all.")]
_WithData = Annotated[
    bool, typer.Option("--with-data", help="Propose expectations on the rows, too, as `pgcontract profile` does.")
]
_Formats = Annotated[
    list[str] | None,
    several("yaml, json or py; markdown, html or mermaid draw it for people; on standard output.", "--format"),
]
_Outputs = Annotated[
    list[Path] | None, several("A file to write: contract.yaml, .json, .py, .md, .html, .mmd.", "--output", "-o")
]


def inventory(
    *,
    db: stock.Db = None,
    setup: options.Setup = None,
    schemas: stock.Schemas = None,
    only: stock.Only = None,
    exclude: stock.Exclude = None,
    level: _Level = Levels.full,
    extensions: stock.Extensions = False,
    platform: stock.Platform = False,
    with_data: _WithData = False,
    sample: stock.Sample = None,
    no_values: stock.NoValues = False,
    views: stock.Views = False,
    max_scan_time: options.MaxScanTime = None,
    long: stock.Long = False,
    name: stock.Name = None,
    formats: _Formats = None,
    outputs: _Outputs = None,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Take stock of a database: write the contract that it keeps as it is, or draw it for people."""
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Timeouts

    stock.check(formats or [], outputs or [], _SUFFIXES)
    _require_data(with_data, sample, max_scan_time, no_values=no_values, views=views)
    scope = Scope(tuple(schemas or ()), tuple(only or ()), tuple(exclude or ()), extensions, platform)
    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
    configured = settings()
    with stock.looked_at(*meant(db, setup, configured), timeouts) as (catalog, called, url):
        stock.require_there(catalog, scope)
        propose = partial(stock.proposals, catalog, url, scope, timeouts, sample=sample, longest=max_scan_time)
        data = propose(name=name or called, values=not no_values, views=views) if with_data else None
        written = partial(_written, catalog, scope, level.value, name or called, data, long=long)
        stock.deliver(written, formats or [], outputs or [], _SUFFIXES)
    unread = sorted({str(why) for why in catalog.unreadable.values()})
    for why in unread:
        note(f"not stated: {why}")
    raise typer.Exit(UNCHECKED if unread or (data is not None and data.refused) else HOLDS)


def _require_data(with_data: bool, *asked: float | None, no_values: bool, views: bool) -> None:
    """Refuse options that without `--with-data` would do nothing.

    Raises:
        ContractError: There are some.
    """
    if not with_data and (no_values or views or any(each is not None for each in asked)):
        raise ContractError("--sample, --no-values, --views, --max-scan-time are about rows: they go with --with-data")


def _written(
    catalog: Catalog, scope: Scope, level: Level, name: str, data: Profile | None, format_: str, *, long: bool
) -> str:
    """The text in one of the formats."""
    if format_ in _PICTURES:
        return _drawn(catalog, scope, name, format_)
    from pgcontract.lifecycle import profile
    from pgcontract.lifecycle.inventory import heading, inventory

    suite = inventory(catalog, scope, level=level, name=name)
    lines: Sequence[str] = list(heading(catalog, scope, level))
    if data is not None:
        suite = suite + data.of_rows
        lines = [*lines, *profile.remarks(data)]
    return stock.contract_text(suite, lines, format_, long=long)


def _drawn(catalog: Catalog, scope: Scope, name: str, format_: str) -> str:
    from pgcontract.report import picture

    holds = partial(scope.holds, catalog)
    if format_ == "mermaid":
        return picture.to_mermaid(catalog, holds)
    draw = picture.to_html if format_ == "html" else picture.to_markdown
    return draw(catalog, holds, hanging=partial(scope.part_holds, catalog), name=name)
