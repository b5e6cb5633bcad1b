"""`pgcontract matrix`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options, searching
from pgcontract.cli.console import doing, page, put
from pgcontract.cli.database import meant, opened
from pgcontract.cli.output import TERMINAL, require_known, require_writable, write
from pgcontract.cli.status import BROKEN, HOLDS, UNCHECKED
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from pgcontract.isolation.matrix import Matrix

_FORMATS = ("json", "html", "contract")
_SUFFIXES = {".json": "json", ".html": "html", ".yaml": "contract", ".yml": "contract"}


def matrix(
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
        list[str] | None,
        searching.several("terminal, json, html, or contract: an AccessMatrix to put into a contract.", "--format"),
    ] = None,
    outputs: Annotated[
        list[Path] | None, searching.several("A file to write: access.html, .json, .yaml.", "--output", "-o")
    ] = None,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: searching.AttemptTimeout = 3,
) -> None:
    """Show who reaches what: by role, relation and command, as declared and as observed by acting."""
    from pgcontract.isolation.matrix import access_matrix

    _check(formats or [], outputs or [])
    chosen = searching.chosen(
        owners, tenants, publics, schemas, principals, examples=examples, seed=seed, timeout=statement_timeout
    )
    configured = settings()
    with (
        opened(*meant(db, setup, configured)) as url,
        doing("acting in two worlds of rows"),
        searching.acting(url, connect_timeout, probes) as session,
    ):
        found = access_matrix(session, chosen)
    _deliver(found, formats or [], outputs or [])
    raise typer.Exit(BROKEN if found.verdict == "broken" else HOLDS if found.cells else UNCHECKED)


def _check(formats: list[str], outputs: list[Path]) -> None:
    """Refuse what could not be written, before anything is tried for it.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [TERMINAL, *_FORMATS])
    for output in outputs:
        if output.suffix not in _SUFFIXES:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(_SUFFIXES)}")
    require_writable(outputs)


def _deliver(found: Matrix, formats: list[str], outputs: list[Path]) -> None:
    from pgcontract.report.matrix import show, to_contract, to_html, to_json

    renderers = {"json": to_json, "html": to_html, "contract": to_contract}
    for path in outputs:
        write(path, renderers[_SUFFIXES[path.suffix]](found))
    for format_ in formats or [TERMINAL]:
        if format_ == TERMINAL:
            with page() as console:
                show(found, console)
        else:
            put(renderers[format_](found))
