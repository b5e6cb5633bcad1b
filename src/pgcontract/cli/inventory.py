"""`pgcontract inventory`."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.console import note, put
from pgcontract.cli.database import EMBEDDED, opened
from pgcontract.cli.output import require_known, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.cli.settings import database, settings
from pgcontract.cli.status import HOLDS, UNCHECKED
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.inventory import Level
    from pgcontract.lifecycle.scope import Scope

_CONTRACTS = ("yaml", "json", "py")
_PICTURES = ("markdown", "html", "mermaid")
_SUFFIXES: dict[str, str] = dict(
    [
        *((".yaml", "yaml"), (".yml", "yaml"), (".json", "json"), (".py", "py")),
        *(
            (".md", "markdown"),
            (".markdown", "markdown"),
            (".html", "html"),
            (".mmd", "mermaid"),
            (".mermaid", "mermaid"),
        ),
    ]
)


_Source = Annotated[
    str | None,
    typer.Option(
        help="The database's URL, or `embedded`, a saved catalog, `migrations:DIR`, or a .sql file. Else DATABASE_URL, "
        "SUPABASE_DB_URL, PG*.",
        show_default=False,
    ),
]


class Levels(StrEnum):
    """How much is stated."""

    tables = "tables"
    columns = "columns"
    full = "full"


def inventory(
    *,
    db: _Source = None,
    setup: options.Setup = None,
    schemas: Annotated[list[str] | None, several("Only this schema.", "--schema")] = None,
    only: Annotated[list[str] | None, several("Only objects of such names: users, billing.*.", "--only")] = None,
    exclude: Annotated[list[str] | None, several("No objects of such names.", "--exclude")] = None,
    level: Annotated[
        Levels, typer.Option(help="tables: which relations there are; columns: theirs too; full: all.")
    ] = Levels.full,
    extensions: Annotated[bool, typer.Option("--extensions", help="State what extensions brought along, too.")] = False,
    platform: Annotated[
        bool, typer.Option("--platform", help="State what the Supabase platform keeps for itself, too.")
    ] = False,
    long: Annotated[
        bool, typer.Option("--long", help="Write an expectation a line, instead of the short form.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(help="What the contract is called; else as the database is.", show_default=False)
    ] = None,
    formats: Annotated[
        list[str] | None,
        several("yaml, json or py; markdown, html or mermaid draw it for people; on standard output.", "--format"),
    ] = None,
    outputs: Annotated[
        list[Path] | None, several("A file to write: contract.yaml, .json, .py, .md, .html, .mmd.", "--output", "-o")
    ] = None,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Take stock of a database: write the contract that it keeps as it is, or draw it for people."""
    from pgcontract.lifecycle.scope import Scope

    _check(formats or [], outputs or [])
    scope = Scope(tuple(schemas or ()), tuple(only or ()), tuple(exclude or ()), extensions, platform)
    configured = settings()
    with _catalog(
        database(db, configured.db), setup or configured.setup, connect_timeout, statement_timeout
    ) as opened_:
        catalog, called = opened_
        _require_there(catalog, scope)
        written = partial(_written, catalog, scope, level.value, name or called, long=long)
        _deliver(written, formats or [], outputs or [])
    unread = sorted({str(why) for why in catalog.unreadable.values()})
    for why in unread:
        note(f"not stated: {why}")
    raise typer.Exit(UNCHECKED if unread else HOLDS)


def _check(formats: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse what could not be written, before the database is looked at.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [*_CONTRACTS, *_PICTURES])
    for output in outputs:
        if output.suffix.lower() not in _SUFFIXES:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(_SUFFIXES)}")
    require_writable(outputs)


@contextmanager
def _catalog(
    db: str, setup: Sequence[str], connect_timeout: int, statement_timeout: float
) -> Generator[tuple[Catalog, str]]:
    """What the database is, and what to call it.

    Raises:
        ContractError: It is a contract, or no source at all.
    """
    from pgcontract.lifecycle.sources import MIGRATIONS, opened_source
    from pgcontract.run.runner import snapshot
    from pgcontract.run.target import Timeouts

    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
    if db == EMBEDDED or db.startswith(MIGRATIONS) or Path(db).suffix.lower() in {".sql", ".json", ".yaml", ".py"}:
        with opened_source(db, setup=setup, timeouts=timeouts) as source:
            if source.catalog is None:
                raise ContractError(f"{db} is a contract already, and no database")
            stem = Path(db.removeprefix(MIGRATIONS)).resolve().stem
            yield source.catalog, stem if source.made else source.catalog.server.name
        return
    with opened(db, setup) as url:
        catalog = snapshot(url, timeouts=timeouts)
        yield catalog, catalog.server.name


def _require_there(catalog: Catalog, scope: Scope) -> None:
    """Refuse a schema that is not there: an empty contract would hold anywhere.

    Raises:
        ContractError: It is not.
    """
    from pgcontract.names import perhaps

    for schema in scope.schemas:
        if schema not in catalog.schemas:
            raise ContractError(f"there is no schema {schema!r}", hint=perhaps(schema, catalog.schemas))


def _written(catalog: Catalog, scope: Scope, level: Level, name: str, format_: str, *, long: bool) -> str:
    """The text in one of the formats."""
    if format_ in _PICTURES:
        from pgcontract.report import picture

        holds = partial(scope.holds, catalog)
        if format_ == "mermaid":
            return picture.to_mermaid(catalog, holds)
        draw = picture.to_html if format_ == "html" else picture.to_markdown
        return draw(catalog, holds, hanging=partial(scope.part_holds, catalog), name=name)
    from pgcontract.contract import dump
    from pgcontract.lifecycle.inventory import heading, inventory

    suite = inventory(catalog, scope, level=level, name=name)
    if not suite.expectations:
        note("nothing that was asked for is there: the contract is empty")
    if format_ == "json":
        return dump.to_json(suite, short=not long)
    if format_ == "py":
        return dump.to_python(suite)
    lines: Iterable[str] = heading(catalog, scope, level)
    return "".join(f"# {line}\n" for line in lines) + dump.to_yaml(suite, short=not long)


def _deliver(written: Callable[[str], str], formats: Sequence[str], outputs: Sequence[Path]) -> None:
    for path in outputs:
        write(path, written(_SUFFIXES[path.suffix.lower()]))
    for format_ in formats or ([] if outputs else ["yaml"]):
        put(written(format_))
