"""Columns of two relations that are compared with each other, as SQL."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pgcontract.contract.constants import operator
from pgcontract.names import quote, signature, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.relations import Relation


@dataclass(frozen=True, slots=True)
class Side:
    """The key of one relation's rows.

    Attributes:
        relation: The canonical name.
        columns: The key's columns, each as it is called.
        where: Only these rows: an SQL condition between brackets, or None.
    """

    relation: str
    columns: Sequence[str]
    where: str | None = None

    @property
    def rows(self) -> str:
        """The keys of its rows as a subquery, with columns `k1`, `k2`, …; a key with a NULL in it is none."""
        names = [quote(column) for column in self.columns]
        whole = [f"{name} is distinct from null" for name in names]
        keys = ", ".join(f"{name} as k{place}" for place, name in enumerate(names, 1))
        return f"(select {keys} from {self.relation} where {' and '.join([*whole, *filter(None, [self.where])])})"

    @property
    def keys(self) -> str:
        """The different keys, and with each a column `there` that is true."""
        names = ", ".join(f"k{place}" for place in range(1, len(self.columns) + 1))
        return f"(select distinct {names}, true as there from {self.rows} as r)"


@lru_cache(maxsize=65536)
def referred(text: str) -> tuple[str, tuple[str, ...] | None]:
    """The relation and the unquoted columns in `relation(columns)`; None where no columns are named.

    Raises:
        ValueError: It is no such text.
    """
    name, columns = signature(text)
    if columns is None:
        return name, None
    parts = [split(column) for column in columns]
    if any(len(part) != 1 for part in parts):
        raise ValueError(f"{text!r} is not table(columns)")
    return name, tuple(part[0] for part in parts)


def paired(text: str, columns: Sequence[str]) -> Side:
    """The side that `relation(columns)` names, which is compared with so many columns of another.

    Raises:
        ValueError: It names no columns, or not as many.
    """
    name, others = referred(text)
    if others is None:
        raise ValueError(f"{text!r} names no columns: {text}({', '.join(map(quote, columns))})?")
    if len(others) != len(columns):
        raise ValueError(f"{len(columns)} columns cannot be compared with {len(others)}: {text}")
    return Side(name, others)


def equal(one: str, other: str, types: Sequence[str]) -> str:
    """Whether the keys under two aliases are equal; the types are those of the one's columns."""
    return " and ".join(
        f"{one}.k{place} {operator('=', type_)} {other}.k{place}" for place, type_ in enumerate(types, 1)
    )


def lacking(one: Side, other: Side, types: Sequence[str]) -> tuple[dict[str, str], str]:
    """The one's key, column by column, and the condition for rows of it whose key the other has not.

    It stands in a query that has the one's relation after `from` under its own name.
    """
    own = {column: f"{one.relation}.{quote(column)}" for column in one.columns}
    keys = ", ".join(f"{sql} as k{place}" for place, sql in enumerate(own.values(), 1))
    absent = f"not exists (select from {other.rows} as p, (select {keys}) as c where {equal('c', 'p', types)})"
    whole = [f"{sql} is distinct from null" for sql in own.values()]
    return own, " and ".join([*filter(None, [one.where]), *whole, absent])


def types_of(relation: Relation, columns: Sequence[str]) -> list[str]:
    """The columns' types.

    Raises:
        MissingObjectError: One of them is not there.
    """
    return [relation.columns[column].type for column in columns]
