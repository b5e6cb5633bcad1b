"""What only one side has, but goes without saying: the index of a constraint that is gone is gone with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.names import split

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.diff.change import Sides
    from pgcontract.lifecycle.diff.nouns import Item

_TABLE = 2


@dataclass(frozen=True, slots=True)
class Folds:
    """The object that parts hang on, on both sides; None for objects that stand by themselves."""

    old: Item | None = None
    new: Item | None = None

    def folded(self, item: Item | None, sides: Sides) -> bool:
        """Whether what only one side has is no difference of its own."""
        if item is None:
            return True
        if item.kind == "index":
            return self._serves_one_sided(item)
        if item.kind == "column" and self.new is not None:
            return is_rewritten(self.new.name, sides)
        if item.kind == "multirange type":
            return not self._has_range(item, sides)
        return any(_lacks(catalog, item) for catalog in (sides.left, sides.right))

    def _has_range(self, item: Item, sides: Sides) -> bool:
        """Whether both sides have the range type that a multirange type came with."""
        name = next(
            (
                kind.name
                for catalog in (sides.left, sides.right)
                for kind in catalog.types.values()
                if kind.multirange == item.name
            ),
            None,
        )
        return name in sides.left.types and name in sides.right.types

    def _serves_one_sided(self, item: Item) -> bool:
        """An index of a constraint goes with the constraint, which is said."""
        constraint = item.record.constraint
        if constraint is None or self.old is None or self.new is None:
            return False
        return (constraint in self.old.record.constraints) != (constraint in self.new.record.constraints)


def _lacks(catalog: Catalog, item: Item) -> bool:
    """Whether a side has not that by which the object came: its table or column, its range type."""
    record = item.record
    if item.home != item.name and item.kind in {"rule", "statistics object"}:
        return item.home not in catalog.relations
    if item.kind == "sequence" and record.owned_by:
        *table, column = split(record.owned_by)
        relation = catalog.relations.get(item.home) if len(table) == _TABLE else None
        return relation is None or column not in relation.columns
    if item.kind == "function" and record.of_a_range:
        return record.returns not in catalog.types
    return False


def follows(item: Item, field: str, sides: Sides) -> bool:
    """Whether a field of a view's column follows from the view's query, which is said to be another."""
    return item.kind == "column" and field in {"type", "collation"} and is_rewritten(item.home, sides)


def is_rewritten(name: str, sides: Sides) -> bool:
    """Whether a view has another query on either side."""
    before, after = (catalog.views.get(name) for catalog in (sides.left, sides.right))
    return before is not None and after is not None and before.definition != after.definition
