"""`pgcontract diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.console import doing, note, page, put
from pgcontract.cli.output import TERMINAL, require_known, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.cli.status import BROKEN, HOLDS, UNCHECKED
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from pgcontract.difference import Comparison, Grade

JSON, MARKDOWN = "json", "markdown"
_SUFFIXES = {".json": JSON, ".md": MARKDOWN, ".markdown": MARKDOWN}
_SOURCE = "a URL, `embedded`, a contract, a saved catalog, `migrations:DIR`, `alembic:INI`, or a .sql file."


def diff(
    left: Annotated[str, typer.Argument(metavar="A", help=f"What is wanted, or was before: {_SOURCE}")],
    right: Annotated[str, typer.Argument(metavar="B", help="What is, or comes after: likewise.")],
    *,
    setup: Annotated[
        list[str] | None,
        several("SQL to run first on a database that is made here: a file, a folder, or `supabase`.", "--setup"),
    ] = None,
    schemas: Annotated[list[str] | None, several("Only this schema.", "--schema")] = None,
    only: Annotated[list[str] | None, several("Only objects of such names: users, billing.*.", "--only")] = None,
    exclude: Annotated[list[str] | None, several("No objects of such names.", "--exclude")] = None,
    no_owner: Annotated[bool, typer.Option("--no-owner", help="Do not compare who owns what.")] = False,
    extensions: Annotated[
        bool, typer.Option("--extensions", help="Compare what extensions brought along, too.")
    ] = False,
    platform: Annotated[
        bool, typer.Option("--platform", help="Compare what the Supabase platform keeps for itself, too.")
    ] = False,
    exit_on: Annotated[
        str, typer.Option(help="The grade from which the status is 1: safe, review, breaking, dangerous.")
    ] = "safe",
    formats: Annotated[list[str] | None, several("terminal, json or markdown, on standard output.", "--format")] = None,
    outputs: Annotated[list[Path] | None, several("A file to write: diff.json, diff.md.", "--output", "-o")] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List what hangs on what only one side has.")
    ] = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Show what differs between two databases, contracts, snapshots or sets of migrations, and how much it matters."""
    from pgcontract.lifecycle.diff.sides import compare
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.lifecycle.sources import opened_source
    from pgcontract.run.target import Timeouts

    least = _grade(exit_on)
    _check(formats or [], outputs or [])
    scope = Scope(tuple(schemas or ()), tuple(only or ()), tuple(exclude or ()), extensions, platform)
    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
    with (
        doing("reading both sides"),
        opened_source(left, setup=setup or (), timeouts=timeouts) as a,
        opened_source(right, setup=setup or (), timeouts=timeouts) as b,
    ):
        if setup and not (a.made or b.made):
            raise ContractError("--setup is run on databases that are made here, and neither side is one")
        comparison = compare(a, b, scope, owners=not no_owner)
    _deliver(comparison, formats or [], outputs or [], verbose=verbose)
    raise typer.Exit(_status(comparison, least))


def _grade(text: str) -> Grade:
    """The grade that a level names; `review` is short for `needs review`."""
    from pgcontract.difference import GRADES
    from pgcontract.names import perhaps

    known: dict[str, Grade] = {grade.removeprefix("needs "): grade for grade in GRADES}
    short = text.replace("-", " ").removeprefix("needs ")
    if short not in known:
        raise ContractError(f"--exit-on is {text!r}, but must be one of {', '.join(known)}", hint=perhaps(text, known))
    return known[short]


def _status(comparison: Comparison, least: Grade) -> int:
    from pgcontract.difference import at_least

    if any(at_least(difference.grade, least) for difference in comparison.differences):
        return BROKEN
    return UNCHECKED if comparison.unchecked else HOLDS


def _check(formats: list[str], outputs: list[Path]) -> None:
    """Refuse what could not be written, before anything is compared for it.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [TERMINAL, JSON, MARKDOWN])
    for output in outputs:
        if output.suffix.lower() not in _SUFFIXES:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(_SUFFIXES)}")
    require_writable(outputs)


def _deliver(comparison: Comparison, formats: list[str], outputs: list[Path], *, verbose: bool) -> None:
    from pgcontract.report.diff import to_json, to_markdown
    from pgcontract.report.diff_terminal import show

    renderers = {JSON: to_json, MARKDOWN: to_markdown}
    for path in outputs:
        write(path, renderers[_SUFFIXES[path.suffix.lower()]](comparison))
    if comparison.unchecked:
        note("what could not be told is no proof that there is no difference")
    for format_ in formats or [TERMINAL]:
        if format_ == TERMINAL:
            with page() as console:
                show(comparison, console, verbose=verbose)
        else:
            put(renderers[format_](comparison))
