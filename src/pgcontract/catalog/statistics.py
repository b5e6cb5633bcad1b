"""Statistics objects: what the planner is told to learn of several columns together."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.names import qualified
from pgcontract.records import dataclass

StatisticsKind = Literal["ndistinct", "dependencies", "mcv"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """A statistics object.

    Attributes:
        name: Its canonical qualified name.
        table: The canonical name of its table.
        kinds: What is gathered, in the order of Postgres's documentation; empty for a single expression's.
        columns: The columns' names, in the table's order.
        expressions: The expressions, as Postgres deparses them.
    """

    name: str
    table: str
    owner: str
    kinds: tuple[StatisticsKind, ...] = ()
    columns: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    comment: str | None = None


_KINDS: dict[str, StatisticsKind] = {"d": "ndistinct", "f": "dependencies", "m": "mcv"}


def from_row(row: tuple[Any, ...]) -> Statistics:
    """The record that a row of `sql/statistics.sql` makes."""
    schema, name, table_schema, table, letters, columns, expressions, owner, comment = row
    kinds: tuple[StatisticsKind, ...] = tuple(kind for letter, kind in _KINDS.items() if letter in letters)
    return Statistics(
        qualified(schema, name),
        qualified(table_schema, table),
        owner,
        kinds,
        tuple(sorted(columns)),  # Postgres has them in the order of the table's columns, which means nothing
        tuple(expressions or ()),
        comment,
    )
