"""What a caller decides about a row, and what comes back of one that was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation


class _Nothing(Enum):
    NOT_PINNED = "not pinned"

    def __repr__(self) -> str:
        return "NOT_PINNED"


NotPinned: TypeAlias = Literal[_Nothing.NOT_PINNED]
"""The type of `NOT_PINNED`."""

NOT_PINNED: Final = _Nothing.NOT_PINNED
"""What a pin answers for a column that it leaves alone; None pins NULL."""

Pin: TypeAlias = "Callable[[Relation, Column], Any]"
"""Asked for each column of each row: a value, a Hypothesis strategy, or `NOT_PINNED`."""

Canary: TypeAlias = "Callable[[Relation, Column], str]"
"""Gives the marker that a column's value carries wherever its constraints allow."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A row that was made.

    Attributes:
        table: The table's canonical name.
        key: Its primary key, or else all of its first unique key that holds no NULL, or else all values, by column.
        values: Every column as stored, after defaults, triggers and generated columns.
        made: The rows that had to be made for it, in the order in which they went in: parents first.
    """

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    made: tuple[Inserted, ...] = field(default=(), repr=False, compare=False)
