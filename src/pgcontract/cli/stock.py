"""What `inventory` and `profile` share: which part of a database is meant, and how a contract is written."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli.console import doing, note, put
from pgcontract.cli.database import EMBEDDED, opened
from pgcontract.cli.output import require_known, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.lifecycle.profile import Profile
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Timeouts

CONTRACTS: Mapping[str, str] = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".py": "py"}
"""The formats of contracts, by suffix."""

Db = Annotated[
    str | None,
    typer.Option(
        help="The database's URL, or `embedded`, a saved catalog, `migrations:DIR`, `alembic:INI`, or a .sql file. "
        "Else DATABASE_URL, SUPABASE_DB_URL, PG*.",
        show_default=False,
    ),
]
RowsDb = Annotated[
    str | None,
    typer.Option(
        help="The database's URL, or `embedded`, `migrations:DIR`, `alembic:INI`, or a .sql file that makes rows. "
        "Else DATABASE_URL, SUPABASE_DB_URL, PG*.",
        show_default=False,
    ),
]
Schemas = Annotated[list[str] | None, several("Only this schema.", "--schema")]
Only = Annotated[list[str] | None, several("Only objects of such names: users, billing.*.", "--only")]
Exclude = Annotated[list[str] | None, several("No objects of such names.", "--exclude")]
Extensions = Annotated[bool, typer.Option("--extensions", help="State what extensions brought along, too.")]
Platform = Annotated[bool, typer.Option("--platform", help="State what the Supabase platform keeps for itself, too.")]
Long = Annotated[bool, typer.Option("--long", help="Write an expectation a line, instead of the short form.")]
Name = Annotated[
    str | None, typer.Option(help="What the contract is called; else as the database is.", show_default=False)
]
Sample = Annotated[
    float | None,
    typer.Option(
        help="Of tables of 100,000 rows and more read only so many per cent.", min=0.001, max=99.999, show_default=False
    ),
]
NoValues = Annotated[
    bool, typer.Option("--no-values", help="Propose nothing that holds a value of some row: no bounds, no sets.")
]
Views = Annotated[bool, typer.Option("--views", help="Propose of the rows of views and foreign tables, too.")]


def check(formats: Sequence[str], outputs: Sequence[Path], suffixes: Mapping[str, str]) -> None:
    """Refuse what could not be written, before the database is looked at.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, list(dict.fromkeys(suffixes.values())))
    for output in outputs:
        if output.suffix.lower() not in suffixes:
            raise ContractError(f"{output}: which format? Its suffix is none of {', '.join(suffixes)}")
    require_writable(outputs)


@contextmanager
def looked_at(db: str, setup: Sequence[str], timeouts: Timeouts) -> Generator[tuple[Catalog, str, str | None]]:
    """What the database is, what to call it, and its URL; None where there is none to be asked.

    Raises:
        ContractError: It is a contract, or no source at all.
    """
    from pgcontract.lifecycle.sources import ALEMBIC, MIGRATIONS, opened_source
    from pgcontract.run.runner import snapshot

    suffixes = {".sql", ".json", ".yaml", ".py"}
    if db == EMBEDDED or db.startswith((MIGRATIONS, ALEMBIC)) or Path(db).suffix.lower() in suffixes:
        with opened_source(db, setup=setup, timeouts=timeouts) as source:
            if source.catalog is None:
                raise ContractError(f"{db} is a contract already, and no database")
            stem = _stem(db)
            yield source.catalog, stem if source.made else source.catalog.server.name, source.url
        return
    with opened(db, setup) as url:
        with doing("reading the catalogs"):
            catalog = snapshot(url, timeouts=timeouts)
        yield catalog, catalog.server.name, url


def _stem(db: str) -> str:
    """What to call the contract of a database that is made here: the file or folder, or an Alembic project's folder."""
    from pgcontract.lifecycle.sources import ALEMBIC, MIGRATIONS

    if db.startswith(ALEMBIC):
        config = Path(db.removeprefix(ALEMBIC)).resolve()
        return config.name if config.is_dir() else config.parent.name
    return Path(db.removeprefix(MIGRATIONS)).resolve().stem


def require_there(catalog: Catalog, scope: Scope) -> None:
    """Refuse a schema that is not there: an empty contract would hold anywhere.

    Raises:
        ContractError: It is not.
    """
    from pgcontract.names import perhaps

    for schema in scope.schemas:
        if schema not in catalog.schemas:
            raise ContractError(f"there is no schema {schema!r}", hint=perhaps(schema, catalog.schemas))


def proposals(
    catalog: Catalog,
    url: str | None,
    scope: Scope,
    timeouts: Timeouts,
    *,
    name: str,
    sample: float | None,
    values: bool,
    views: bool,
    longest: float | None,
) -> Profile:
    """What the rows suggest; what could not be read is said on standard error.

    Raises:
        ContractError: There are no rows to look at.
        DatabaseError: The database cannot be reached.
    """
    from pgcontract.cli.console import progress_bar
    from pgcontract.lifecycle.profile import profile

    if url is None:
        raise ContractError("a saved catalog has no rows", hint="Give the database's URL.")
    with progress_bar() as progress:
        found = profile(
            url,
            scope,
            catalog=catalog,
            name=name,
            sample=sample,
            values=values,
            views=views,
            longest=longest,
            timeouts=timeouts,
            told=lambda what, share: progress(what, round(share * 100), 100),
        )
    for relation, why in sorted(found.refused.items()):
        note(f"not read: {relation}: {why}")
    return found


def contract_text(suite: Suite, lines: Iterable[str], format_: str, *, long: bool) -> str:
    """The contract in one of the formats; what comes before it are comments, where the format has them."""
    from pgcontract.contract import dump

    if not suite.expectations:
        note("nothing that was asked for is there: the contract is empty")
    if format_ == "json":
        return dump.to_json(suite, short=not long)
    if format_ == "py":
        return dump.to_python(suite)
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + dump.to_yaml(suite, short=not long)


def deliver(
    written: Callable[[str], str], formats: Sequence[str], outputs: Sequence[Path], suffixes: Mapping[str, str]
) -> None:
    """Write the files, each in the format that its suffix says; then standard output, as YAML if nothing is said."""
    for path in outputs:
        write(path, written(suffixes[path.suffix.lower()]))
    for format_ in formats or ([] if outputs else ["yaml"]):
        put(written(format_))
