"""`pgcontract import`; a module and a function cannot have that name."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import stock
from pgcontract.cli.console import note
from pgcontract.cli.searching import several
from pgcontract.cli.status import HOLDS, UNCHECKED
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgcontract.integrations.standards import Imported


class Assumed(StrEnum):
    """What a relation is that does not say it."""

    any = "any"
    table = "table"
    view = "view"


def importing(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Data contracts of the Open Data Contract Standard, or schema files of dbt, or folders of these.",
        ),
    ],
    *,
    schema: Annotated[
        str | None, typer.Option(help="The schema of bare names; of dbt, where it builds.", show_default=False)
    ] = None,
    schemas: Annotated[
        list[str] | None, several("What a schema of the files is called in the database: raw=landing.", "--map")
    ] = None,
    assume: Annotated[Assumed, typer.Option(help="What a relation is that does not say it.")] = Assumed.any,
    name: Annotated[
        str | None, typer.Option(help="What the contract is called; else as the file says.", show_default=False)
    ] = None,
    long: stock.Long = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 3 if something is promised that nothing verifies.")
    ] = False,
    formats: Annotated[list[str] | None, several("yaml, json or py, on standard output.", "--format")] = None,
    outputs: Annotated[
        list[Path] | None, several("A file to write: contract.yaml, .json, .py.", "--output", "-o")
    ] = None,
) -> None:
    """Make a contract of a data contract (Open Data Contract Standard 3), or of a dbt project's schema files."""
    from pgcontract.integrations.importing import imported

    stock.check(formats or [], outputs or [], stock.CONTRACTS)
    kind = "" if assume is Assumed.any else assume.value
    found = imported(files, name=name, schema=schema, schemas=_mapped(schemas or []), assume=kind)
    sources = [str(file) for file in files]
    stock.deliver(partial(_written, found, sources, long=long), formats or [], outputs or [], stock.CONTRACTS)
    _tell(found)
    raise typer.Exit(UNCHECKED if strict and found.unchecked else HOLDS)


def _mapped(pairs: Sequence[str]) -> Mapping[str, str]:
    """Schemas by the names that the files have for them.

    Raises:
        ContractError: One is no pair.
    """
    found = {}
    for pair in pairs:
        source, sign, target = pair.partition("=")
        if not sign or not source.strip() or not target.strip():
            raise ContractError(f"--map {pair!r} is no pair of schemas", hint="Write it as raw=landing.")
        found[source.strip()] = target.strip()
    return found


def _written(found: Imported, sources: Sequence[str], format_: str, *, long: bool) -> str:
    text = stock.contract_text(found.suite, found.comments(sources), format_, long=long)
    if format_ != "py":
        return text
    return "".join(f"# {line}".rstrip() + "\n" for line in found.comments(sources)) + text


def _tell(found: Imported) -> None:
    """Say what the contract does not say."""
    for remark in found.unchecked:
        note(f"not verified: {remark}")
    if found.counted:
        keys = [key if many == 1 else f"{key} ({many})" for key, many in found.counted]
        note(f"no promise on a database, kept as comments: {', '.join(keys)}")
