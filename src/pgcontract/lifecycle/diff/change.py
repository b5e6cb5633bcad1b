"""A difference before it is graded: the values themselves, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.diff.nouns import Item

ADDED, DROPPED = "added", "dropped"
"""What stands for a field where only one side has the object."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two catalogs, and what of them is compared.

    Attributes:
        left: What is wanted, or was before.
        right: What is, or comes after.
        owners: Whether another owner is a difference.
        made: Whether the left, and whether the right was made for the comparison, so that who owns it, how it sorts
            and who else may come in says nothing.
    """

    left: Catalog
    right: Catalog
    owners: bool = True
    made: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs of one object.

    Attributes:
        field: The record's field, or `added` or `dropped`.
        called: What the field is called, in Postgres's words.
        left: The left's value, as it stands in the record.
        right: The right's.
        before: The object on the left; None where it has none.
        after: The object on the right.
        sides: Both catalogs.
    """

    field: str
    called: str
    left: Any
    right: Any
    before: Item | None
    after: Item | None
    sides: Sides

    @property
    def item(self) -> Item:
        """The object as one side has it, the right if both do."""
        item = self.after or self.before
        if item is None:
            raise ValueError("a change is of an object")
        return item
