"""Operator classes that somebody made, as pg_opclass has them."""

from __future__ import annotations

from typing import Any

from pgcontract.names import qualified
from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class OperatorClass:
    """An operator class: how an index method treats a type.

    Attributes:
        name: Its canonical qualified name.
        method: The index method that it is for: `btree`, `gin`, ….
        type: The type that it is for, as `format_type` prints it.
        default: Whether an index on the type uses it unasked.
        family: The canonical name of its operator family.
    """

    name: str
    method: str
    type: str
    default: bool
    family: str
    owner: str
    extension: str | None = None
    comment: str | None = None

    @property
    def signature(self) -> str:
        """What identifies an operator class, as `COMMENT ON OPERATOR CLASS` writes it."""
        return f"{self.name} USING {self.method}"


def from_row(row: tuple[Any, ...]) -> OperatorClass:
    """The record that a row of `sql/operator_classes.sql` makes."""
    schema, name, method, kind, default, family_schema, family, *rest = row
    return OperatorClass(qualified(schema, name), method, kind, default, qualified(family_schema, family), *rest)
