"""Policies that say the same of columns of the same names, so that Postgres need deparse only one of them.

To deparse an expression of a table, the server makes itself ready to use that table, which costs twenty times what the
rest of a policy does; and schemas have the same few policies on all their tables. What is stored is a tree, with the
columns as numbers and the place in the source text of each node. Two trees that differ in nothing but these places are
printed alike when the numbers stand for the same names. That holds for expressions of one table alone: within a
subquery names are qualified where they would be ambiguous, and a whole row bears its table's name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.follow_ups import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = tuple[Any, ...]

_PLACE = re.compile(r" :location -?\d+")
_COLUMN = re.compile(r":varattno (-?\d+)")
_WHOLE_ROW = 0


class Alike:
    """The policies, each with the one that is deparsed in its stead, which may be itself.

    Attributes:
        rows: The rows of `sql/policies.sql`, with the oid of that policy in the place of the two trees.
        chosen: The policies to deparse, each with the columns' names that must be in its text.
    """

    def __init__(self, policies: Sequence[Row], columns: Mapping[int, Sequence[Row]], *, shared: bool = True) -> None:
        self.rows: list[Row] = []
        self.chosen: dict[int, frozenset[str]] = {}
        known: dict[tuple[object, ...], int] = {}
        for relation, name, command, permissive, roles, using, with_check, own in policies:
            tree, numbers = _parsed(f"{using}\n{with_check}")
            names = None if numbers is None or not shared else _names(numbers, columns.get(relation, ()))
            key = (own,) if names is None else (tree, *names)
            first = known.setdefault(key, own)
            self.rows.append((relation, name, command, permissive, roles, first, own))
            if first == own:
                self.chosen[own] = frozenset(name for name in names or () if isinstance(name, str))

    def are_renamed(self, expressions: Sequence[Row]) -> bool:
        """Whether a column had another name already when its policy was deparsed for others, too."""
        return any(
            name.replace('"', '""') not in f"{using} {with_check}"
            for own, using, with_check in expressions
            for name in self.chosen[own]
        )


@lru_cache(maxsize=256)
def _parsed(trees: str) -> tuple[str, tuple[int, ...] | None]:
    """The trees without places, and the numbers of columns in them; None where the text depends on more than those.

    The same statement on another table makes the same tree, places and all.
    """
    numbers = tuple(map(int, _COLUMN.findall(trees)))
    alone = "{QUERY" not in trees and _WHOLE_ROW not in numbers
    return _PLACE.sub("", trees), numbers if alone else None


def _names(numbers: Sequence[int], columns: Sequence[Row]) -> tuple[str | int, ...]:
    """The names of the columns that have the numbers; a system column's number itself."""
    rows = [numbered(columns, number) for number in numbers]
    return tuple([number if row is None else row[2] for number, row in zip(numbers, rows, strict=True)])
