"""Foreign tables: where the rows of such a relation come from."""

from __future__ import annotations

from typing import Any

from pgcontract.catalog.foreign_servers import readable
from pgcontract.names import qualified
from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class ColumnOptions:
    """What a wrapper is told of a column of a foreign table: options as a foreign table has them."""

    column: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A foreign table.

    Attributes:
        name: Its canonical qualified name; its columns, owner and grants are the relation's of that name.
        options: As `name=value`; the value of one that may be a secret is `(hidden)`.
        columns: The columns that have options, in their order.
    """

    name: str
    server: str
    options: tuple[str, ...] = ()
    columns: tuple[ColumnOptions, ...] = ()


def from_row(row: tuple[Any, ...]) -> ForeignTable:
    """The record that a row of `sql/foreign_tables.sql` makes."""
    schema, name, server, options, columns = row
    told = tuple(ColumnOptions(column, readable(texts)) for column, texts in columns or ())
    return ForeignTable(qualified(schema, name), server, readable(options), told)
