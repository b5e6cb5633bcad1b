"""`pgcontract export`."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options, stock
from pgcontract.cli.console import put
from pgcontract.cli.output import require_writable, write
from pgcontract.cli.searching import several
from pgcontract.cli.verifying import named
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.contract.suite import Suite

_ODCS = (".odcs.yaml", ".odcs.yml")


class Formats(StrEnum):
    """What a contract is written as."""

    odcs = "odcs"
    yaml = "yaml"
    json = "json"
    py = "py"


class States(StrEnum):
    """How far a data contract is, in the standard's words."""

    proposed = "proposed"
    draft = "draft"
    active = "active"
    deprecated = "deprecated"
    retired = "retired"


def export(
    contract: options.Contract = None,
    *,
    format_: Annotated[
        Formats, typer.Option("--format", help="odcs: the Open Data Contract Standard; yaml, json, py: a contract.")
    ] = Formats.odcs,
    outputs: Annotated[
        list[Path] | None,
        several("A file to write: contract.odcs.yaml, or a contract as .yaml, .json, .py.", "--output", "-o"),
    ] = None,
    version: Annotated[str, typer.Option("--contract-version", help="The data contract's own version.")] = "1.0.0",
    status: Annotated[States, typer.Option(help="How far the data contract is.")] = States.active,
    id_: Annotated[
        str | None, typer.Option("--id", help="The data contract's id; else made of its name.", show_default=False)
    ] = None,
    long: stock.Long = False,
) -> None:
    """Write a contract for others: as an Open Data Contract Standard document, or as YAML, JSON or Python."""
    from pgcontract.contract.load import load

    source = named(contract or settings().contract, "export")
    files = [(path, _format(path, format_)) for path in outputs or []]
    require_writable([path for path, _ in files])
    written = partial(_written, load(source), version=version, status=status.value, id_=id_, long=long)
    for path, wanted in files:
        write(path, written(wanted))
    if not files:
        put(written(format_.value))


def _format(path: Path, given: Formats) -> str:
    """The format of a file: what its name says, which for `.yaml` may be both.

    Raises:
        ContractError: It says none.
    """
    if path.name.lower().endswith(_ODCS):
        return Formats.odcs.value
    found = stock.CONTRACTS.get(path.suffix.lower())
    if found is None:
        raise ContractError(f"{path}: which format? Its suffix is none of .odcs.yaml, {', '.join(stock.CONTRACTS)}")
    return given.value if found == "yaml" else found


def _written(suite: Suite, format_: str, *, version: str, status: str, id_: str | None, long: bool) -> str:
    if format_ != Formats.odcs.value:
        return stock.contract_text(suite, [], format_, long=long)
    from pgcontract.integrations import odcs

    return odcs.dumps(suite, version=version, status=status, id=id_)
