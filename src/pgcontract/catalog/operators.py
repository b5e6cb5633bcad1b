"""Operators that somebody made, as pg_operator has them."""

from __future__ import annotations

from typing import Any

from pgcontract.names import quote
from pgcontract.records import dataclass

DROPPED = "(dropped)"
"""What stands for an operator that is gone, and to which another is linked still."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator.

    Attributes:
        name: Its canonical qualified name: `public.===`. The symbol itself is never quoted.
        left: The type of what stands before it, as `format_type` prints it; None for a prefix operator.
        right: The type of what stands after it; None for a postfix operator, which versions before 14 have.
        returns: The type of its result; None while it is only announced by another as its commutator or negator.
        function: The signature of its function.
        commutator: The symbol of its commutator, qualified; `(dropped)` where Postgres links one that is gone.
        negator: The symbol of its negator, likewise.
        hashes: Whether it may be used in a hash join.
        merges: Whether it may be used in a merge join.
    """

    name: str
    left: str | None
    right: str | None
    returns: str | None
    function: str | None
    owner: str
    commutator: str | None = None
    negator: str | None = None
    hashes: bool = False
    merges: bool = False
    extension: str | None = None
    comment: str | None = None

    @property
    def signature(self) -> str:
        """What identifies an operator, as `COMMENT ON OPERATOR` writes it."""
        return f"{self.name} ({self.left or 'NONE'}, {self.right or 'NONE'})"


def from_row(row: tuple[Any, ...]) -> Operator:
    """The record that a row of `sql/operators.sql` makes."""
    schema, symbol, *rest = row
    return Operator(f"{quote(schema)}.{symbol}", *rest)
