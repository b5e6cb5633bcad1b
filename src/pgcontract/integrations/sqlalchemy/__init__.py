"""A suite from SQLAlchemy's metadata: what `create_all` would make is what should be there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sqlalchemy import MetaData

from pgcontract.contract.suite import Suite
from pgcontract.integrations.sqlalchemy.closed import closed as closed_world
from pgcontract.integrations.sqlalchemy.ddl import Ddl
from pgcontract.integrations.sqlalchemy.tables import NotStatedWarning, is_temporary, table, untold
from pgcontract.integrations.sqlalchemy.types import sequences, types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Sequence, Table

__all__ = ["NotStatedWarning", "Options", "from_metadata"]


class Options(TypedDict, total=False):
    """What may be said beside the metadata; see `from_metadata`."""

    name: str
    schema: str
    closed: bool
    include: Callable[[Table], bool]
    schema_translate_map: Mapping[str | None, str | None]


def from_metadata(metadata: MetaData | Iterable[MetaData], **options: Unpack[Options]) -> Suite:
    """The suite of all that the metadata says of tables, columns, keys, checks, indexes, enums, domains and sequences.

    Nothing is asked of a database, and no driver is needed. Defaults that SQLAlchemy makes itself (`default=`) are not
    the database's, and so not stated; nor is what only the server knows (`FetchedValue`), nor what listeners of DDL
    events create.

    Args:
        metadata: `Base.metadata`, or several.
        options: All may be left out.

            - `name`: What reports call the suite; `models`.
            - `schema`: The schema of tables, types and sequences that say none; `public`.
            - `closed`: Whether there is to be nothing else: no other tables in those schemas (but for Alembic's own),
              no other columns, defaults, constraints, indexes and comments on those tables; False.
            - `include`: Which tables to state; all. Those that it is false for (views that are mapped as tables, a
              platform's own) can still be referred to.
            - `schema_translate_map`: Other schemas for those of the metadata, as SQLAlchemy's execution option.

    Raises:
        ContractError: Something cannot be compiled for Postgres, or refers to what is not in the metadata; the message
            names it. What has no expectation is left out, with a `NotStatedWarning`.
    """
    include, closed = options.get("include"), options.get("closed", False)
    many = _several(metadata)
    ddl = Ddl(options.get("schema", "public"), options.get("schema_translate_map", {}))
    tables = [each for one in many for each in one.tables.values() if include is None or include(each)]
    for each in filter(is_temporary, tables):
        untold(f"the temporary table {each.fullname}")
    kept = sorted((each for each in tables if not is_temporary(each)), key=ddl.canonical)
    there: list[Sequence] = [each for one in many for each in one._sequences.values()]  # noqa: SLF001 - as create_all
    return Suite(
        options.get("name", "models"),
        [
            types(ddl, kept),
            sequences(ddl, sorted(there, key=ddl.canonical)),
            (table(ddl, each, closed=closed) for each in kept),
            closed_world(ddl, kept) if closed else (),
        ],
        schema=ddl.schema,
    )


def _several(given: Any) -> list[MetaData]:
    """One metadata or several as a list.

    Raises:
        TypeError: It is something else, such as a class of models.
    """
    many = [given] if isinstance(given, MetaData) or not isinstance(given, Iterable) else list(given)
    for each in many:
        if not isinstance(each, MetaData):
            raise TypeError(f"metadata is a sqlalchemy.MetaData such as Base.metadata, not {each!r}")
    return many
