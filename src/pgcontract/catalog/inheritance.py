"""Inheritance, as pg_inherits has it: of tables from tables, and of partitions from partitioned tables."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What a table inherits from.

    Attributes:
        name: The child's canonical name.
        parents: The canonical names of those that it inherits from directly, in order.
        bound: What a partition holds, as Postgres deparses it: `FOR VALUES IN ('a')`, `DEFAULT`; None for a child that
            is no partition.
    """

    name: str
    parents: tuple[str, ...]
    bound: str | None = None


def from_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[Inheritance]:
    """The records that the rows of `sql/inheritance.sql` make, one a child."""
    for (schema, name, bound), links in groupby(rows, key=lambda row: (row[0], row[1], row[4])):
        yield Inheritance(qualified(schema, name), tuple(qualified(link[2], link[3]) for link in links), bound)


def ancestors(inheritance: Mapping[str, Inheritance], name: str) -> dict[str, int]:
    """Whom a relation inherits from, at any depth, and at which: 1 is a parent. The least where there are several."""
    found: dict[str, int] = {}
    generation, depth = [name], 0
    while generation:
        depth += 1
        links = [inheritance[child].parents for child in generation if child in inheritance]
        generation = [parent for parents in links for parent in parents if parent not in found]
        found |= dict.fromkeys(generation, depth)
    return found


def children(inheritance: Mapping[str, Inheritance], name: str) -> Iterator[Inheritance]:
    """Those that inherit from a relation directly."""
    return (child for child in inheritance.values() if name in child.parents)
