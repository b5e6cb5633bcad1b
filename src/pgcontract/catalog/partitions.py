"""Partitioned tables, as pg_partitioned_table has them. Their partitions are their children: see `inheritance.py`."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.catalog.lexis import between, pieces
from pgcontract.names import qualified
from pgcontract.records import dataclass

Strategy = Literal["RANGE", "LIST", "HASH"]


@dataclass(frozen=True, slots=True)
class Partitioning:
    """By what a table is cut into partitions.

    Attributes:
        name: The table's canonical name.
        key: Its columns and expressions as Postgres deparses them, each with its collation and operator class where
            these are not the default.
    """

    name: str
    strategy: Strategy
    key: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.strategy} ({', '.join(self.key)})"


_STRATEGIES: dict[str, Strategy] = {"r": "RANGE", "l": "LIST", "h": "HASH"}


def from_row(row: tuple[Any, ...]) -> Partitioning:
    """The record that a row of `sql/partitions.sql` makes."""
    schema, name, strategy, definition = row
    return Partitioning(qualified(schema, name), _STRATEGIES[strategy], tuple(pieces(between(definition))))
