"""Columns: type, nullability, default, identity, computed, collation, comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Computed, FetchedValue, Identity, Sequence, String

from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.columns import (
    ColumnDefault,
    ColumnExists,
    ColumnNotNull,
    ColumnNullable,
    ColumnType,
)
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.given_names import made
from pgcontract.expectations.identity import ColumnIdentity
from pgcontract.integrations.sqlalchemy.ddl import plain, translating
from pgcontract.names import literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl


def columns(ddl: Ddl, table: Table, *, closed: bool) -> Iterator[Expectation]:
    """What is said of each column; in a closed world, also that those without a default have none.

    Raises:
        ContractError: Something of a column cannot be compiled.
    """
    for column in table.columns:
        if not column.system:  # those are every table's: xmin
            with translating(f"column {table.fullname}.{column.name}"):
                yield from list(_column(ddl, ddl.canonical(table), column, closed=closed))


def _column(ddl: Ddl, table: str, column: Column[Any], *, closed: bool) -> Iterator[Expectation]:
    name = plain(column.name)
    type_, collation = ddl.type(column.type, column)
    yield ColumnExists(table, name)
    yield ColumnType(table, name, type_)
    refuses = column.primary_key or not column.nullable or column.identity is not None
    yield (ColumnNotNull if refuses else ColumnNullable)(table, name)
    yield from _value(ddl, table, column, closed=closed)
    if collation is not None:
        yield ColumnCollation(table, name, collation, schema_name=ddl.schema_of_collation(collation))
    elif closed and isinstance(ddl.implemented(column.type), String):
        yield ColumnCollation(table, name, None)
    if column.comment:
        yield CommentIs("column", name, column.comment, of=table)


def _value(ddl: Ddl, table: str, column: Column[Any], *, closed: bool) -> Iterator[Expectation]:
    """Where the values come from that no writer brings along."""
    name, default = plain(column.name), column.server_default
    if isinstance(default, Computed):
        yield ColumnGenerated(table, name, ddl.expression(default.sqltext), storage=_storage(ddl.construct(default)))
    elif isinstance(default, Identity):
        yield _identity(table, name, default)
    elif _is_serial(column):
        sequence = qualified(ddl.home(column.table), made(plain(column.table.name), name, "seq"))
        yield ColumnDefault(table, name, f"nextval({literal(sequence)}::regclass)")
    elif (said := ddl.default(column)) is not None:
        yield ColumnDefault(table, name, said)
    elif closed and not isinstance(default, FetchedValue):  # of which only the database knows what it is
        yield ColumnDefault(table, name, None)
        yield ColumnIdentity(table, name, None)
        yield ColumnGenerated(table, name, None)


def _storage(said: str) -> Literal["STORED", "VIRTUAL"] | None:
    """How a computed column is kept, where that is said: what is not depends on the server's version."""
    if said.endswith(" STORED"):
        return "STORED"
    return "VIRTUAL" if said.endswith(" VIRTUAL") else None


def _identity(table: str, column: str, identity: Identity) -> Expectation:
    return ColumnIdentity(
        table,
        column,
        "ALWAYS" if identity.always else "BY DEFAULT",
        start=identity.start,
        increment=identity.increment,
        minimum=identity.minvalue,
        maximum=identity.maxvalue,
        cache=identity.cache,
        cycle=identity.cycle,
    )


def _is_serial(column: Column[Any]) -> bool:
    """Whether SQLAlchemy makes it a `serial`: the one integer of a primary key that nothing else gives values to."""
    optional = isinstance(column.default, Sequence) and column.default.optional
    return column is column.table.autoincrement_column and (column.default is None or optional)
