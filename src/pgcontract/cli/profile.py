"""`pgcontract profile`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pgcontract.cli import options, stock
from pgcontract.cli.database import meant
from pgcontract.cli.searching import several
from pgcontract.cli.status import HOLDS, UNCHECKED
from pgcontract.integrations.settings import settings


def profile(
    *,
    db: stock.RowsDb = None,
    setup: options.Setup = None,
    schemas: stock.Schemas = None,
    only: stock.Only = None,
    exclude: stock.Exclude = None,
    extensions: stock.Extensions = False,
    platform: stock.Platform = False,
    sample: stock.Sample = None,
    no_values: stock.NoValues = False,
    views: stock.Views = False,
    max_scan_time: options.MaxScanTime = None,
    long: stock.Long = False,
    name: stock.Name = None,
    formats: Annotated[list[str] | None, several("yaml, json or py, on standard output.", "--format")] = None,
    outputs: Annotated[
        list[Path] | None, several("A file to write: contract.yaml, .json, .py.", "--output", "-o")
    ] = None,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Propose what a contract might say of the rows: ranges, sets, shares of NULLs, keys, how new they are."""
    from pgcontract.lifecycle.profile import heading
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Timeouts

    stock.check(formats or [], outputs or [], stock.CONTRACTS)
    scope = Scope(tuple(schemas or ()), tuple(only or ()), tuple(exclude or ()), extensions, platform)
    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
    configured = settings()
    with stock.looked_at(*meant(db, setup, configured), timeouts) as (catalog, called, url):
        stock.require_there(catalog, scope)
        propose = partial(stock.proposals, catalog, url, scope, timeouts, sample=sample, longest=max_scan_time)
        found = propose(name=name or called, values=not no_values, views=views)

    def written(format_: str) -> str:
        return stock.contract_text(found.suite, heading(found, catalog.server.version), format_, long=long)

    stock.deliver(written, formats or [], outputs or [], stock.CONTRACTS)
    raise typer.Exit(UNCHECKED if found.refused else HOLDS)
