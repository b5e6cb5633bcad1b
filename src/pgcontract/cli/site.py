"""`pgcontract site`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import choosing
from pgcontract.cli.console import doing, note
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.lifecycle.site import Built


def site(
    contracts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CONTRACT", help="Contracts that are shown though they have no run yet.", show_default=False
        ),
    ] = None,
    *,
    history: Annotated[
        str | None,
        typer.Option(help="A folder, or a Postgres by its URL, where runs are kept.", show_default=False),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write: empty, or an earlier site.")
    ] = Path("public"),
    reports: Annotated[
        int,
        typer.Option(help="How many runs have a page of their own: the newest of each contract, then the next.", min=1),
    ] = 50,
    suites: choosing.Suites = None,
    databases: choosing.Databases = None,
    since: choosing.Since = None,
    last: choosing.Last = None,
) -> None:
    """Write a history as a site of static pages: how each contract stands and stood, and what it promises."""
    from pgcontract.contract.load import load
    from pgcontract.lifecycle.history.store import opened
    from pgcontract.lifecycle.site import Choice, Output, build

    place = history or settings().history
    if place is None and not contracts:
        raise ContractError("no history was named", hint="pgcontract site --history DIR, as in verify … --history DIR")
    fits = partial(choosing.chosen, suites=suites, databases=databases, since=choosing.moment(since))
    store, folder = None if place is None else opened(place), Output(output)
    named = [load(each) for each in contracts or []]
    with doing("writing the site"):
        built = build(store, folder, named, Choice(reports, last, fits))
    for left in built.left:
        note(f"left out: {left.name}: {left.reason}")
    if store is not None and not built.contracts:
        raise ContractError(f"{store.name} has no run" + (" that fits" if suites or databases or since else ""))
    _tell(built, output)


def _tell(built: Built, output: Path) -> None:
    from pgcontract.report.text import counted

    pages = f"{built.written:,} written, {built.kept:,} unchanged" + (
        f", {built.removed:,} removed" if built.removed else ""
    )
    note(
        f"{output / 'index.html'}: {counted(built.contracts, 'contract')}, {counted(built.runs, 'run')}; pages: {pages}"
    )
