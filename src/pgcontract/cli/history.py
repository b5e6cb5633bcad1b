"""`pgcontract history`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import choosing
from pgcontract.cli.console import note, page, put
from pgcontract.cli.output import TERMINAL, require_known, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.lifecycle.history.store import Store
    from pgcontract.lifecycle.history.story import Histories

_SUFFIXES = {".json": "json", ".md": "markdown"}
_FORMATS = (TERMINAL, *_SUFFIXES.values())


def history(
    place: Annotated[
        str | None,
        typer.Argument(
            metavar="PLACE", help="A folder, or a Postgres by its URL, that --history named.", show_default=False
        ),
    ] = None,
    *,
    suites: choosing.Suites = None,
    databases: choosing.Databases = None,
    since: choosing.Since = None,
    last: choosing.Last = None,
    keep: Annotated[
        str | None,
        typer.Option(help="Delete the runs that do not stay: 100 runs, or 90d for 90 days.", show_default=False),
    ] = None,
    formats: Annotated[list[str] | None, several("terminal, json or markdown.", "--format")] = None,
    outputs: Annotated[
        list[Path] | None, several("A file to write, by its suffix: history.json, .md.", "--output", "-o")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show all that is over.")] = False,
) -> None:
    """Show since when something fails, what was fixed, how long it took, and what flaps."""
    from pgcontract.lifecycle.history.follow import follow
    from pgcontract.lifecycle.history.store import opened

    files = _checked(formats or [], outputs or [])
    place = place or settings().history
    if place is None:
        raise ContractError("no history was named", hint="pgcontract history DIR, as in verify … --history DIR")
    store = opened(place)
    if keep is not None:
        _prune(store, keep, (suites, databases, since, last))
    runs = choosing.chosen(store.runs(last), suites, databases, choosing.moment(since))
    told = follow(runs, store.name)
    for left in told.left:
        note(f"left out: {left.name}: {left.reason}")
    if not told.stories:
        raise ContractError(f"{store.name} has no run" + (" that fits" if suites or databases or since else ""))
    _deliver(told, formats or [], files, verbose=verbose)


def _prune(store: Store, keep: str, narrowed: tuple[object, ...]) -> None:
    from pgcontract.lifecycle.history.store import Keep
    from pgcontract.report.text import counted

    if any(narrowed):
        raise ContractError("--keep is for all suites and databases; leave out --suite, --database, --since and --last")
    gone = store.prune(Keep.parsed(keep))
    note(f"{store.name}: {counted(gone, 'run')} deleted")


def _checked(formats: list[str], outputs: list[Path]) -> list[tuple[Path, str]]:
    """The files with their formats.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, _FORMATS)
    require_writable(outputs)
    for output in outputs:
        if output.suffix.lower() not in _SUFFIXES:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(_SUFFIXES)}")
    return [(output, _SUFFIXES[output.suffix.lower()]) for output in outputs]


def _deliver(told: Histories, formats: list[str], files: list[tuple[Path, str]], *, verbose: bool) -> None:
    for path, format_ in files:
        write(path, _text(told, format_))
    for format_ in dict.fromkeys(formats or [TERMINAL]):
        if format_ == TERMINAL:
            from pgcontract.lifecycle.history.terminal import show

            with page() as console:
                show(told, console, verbose=verbose)
        else:
            put(_text(told, format_))


def _text(told: Histories, format_: str) -> str:
    if format_ == "json":
        from pgcontract.lifecycle.history.document import to_json

        return to_json(told)
    from pgcontract.lifecycle.history.markdown import to_markdown

    return to_markdown(told)
