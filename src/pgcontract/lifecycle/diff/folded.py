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
        if item.kind == "constraint" and item.record.kind == "TRIGGER":
            return self._is_trigger(item.record.name)
        if item.kind == "column" and self.new is not None:
            return is_rewritten(self.new.name, sides)
        if item.kind == "multirange type":
            return not self._has_range(item, sides)
        return any(_lacks(catalog, item, sides) for catalog in (sides.left, sides.right))

    def _is_trigger(self, name: str) -> bool:
        """What a constraint trigger has for its constraint goes with the trigger, which is said."""
        if self.old is None or self.new is None:
            return False
        return (name in self.old.record.triggers) != (name in self.new.record.triggers)

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


def _lacks(catalog: Catalog, item: Item, sides: Sides) -> bool:
    """Whether a side has not that by which the object came: its table or column, its range type."""
    record = item.record
    if item.home != item.name and item.kind in {"rule", "statistics object"}:
        return item.home not in catalog.relations
    if item.kind == "sequence" and record.owned_by:
        *table, column = split(record.owned_by)
        relation = catalog.relations.get(item.home) if len(table) == _TABLE else None
        if relation is None or column not in relation.columns:
            return True
        return _counts(sides, item.home, column) and relation.columns[column].identity is None
    if item.kind == "function" and record.of_a_range:
        return record.returns not in catalog.types
    return False


def _counts(sides: Sides, table: str, column: str) -> bool:
    """Whether a column is an identity column on one side, whose sequence comes and goes with that."""
    relations = (catalog.relations.get(table) for catalog in (sides.left, sides.right))
    columns = (relation.columns.get(column) for relation in relations if relation is not None)
    return any(each is not None and each.identity is not None for each in columns)


def follows(old: Item, new: Item, field: str, sides: Sides) -> bool:
    """Whether what differs of an object that both sides have follows from what else differs, and is said."""
    before, after = old.record, new.record
    match old.kind, field:
        case "column", "type" | "collation":  # of a view
            return is_rewritten(old.home, sides)
        case "column", "expression":
            return bool((before.generated is None) != (after.generated is None))
        case "index", "columns":
            return _keys_differ(old, new)
        case "constraint", "validated":  # what is NOT ENFORCED is not validated
            return bool(before.enforced != after.enforced)
        case "sequence", "owner":  # that of a column belongs to the table's owner
            tables = (catalog.relations.get(old.home) for catalog in (sides.left, sides.right))
            owners = [table.owner for table in tables if table is not None]
            return bool(before.owned_by and after.owned_by) and owners == [before.owner, after.owner]
    detail = field in _DETAILS and getattr(before, _DETAILS[field]) != getattr(after, _DETAILS[field])
    return detail or (old.kind, field) == ("multirange type", "owner")  # that of its range type


def _keys_differ(old: Item, new: Item) -> bool:
    """Whether an index is that of a constraint on other columns."""
    keys = [item.within.constraints.get(item.record.constraint) for item in (old, new)]
    return None not in keys and keys[0].columns != keys[1].columns


_DETAILS = {"bound": "parents", "replica_index": "replica_identity"}
"""The fields that say more of another, by which they come and go."""


def is_rewritten(name: str, sides: Sides) -> bool:
    """Whether a view has another query on either side."""
    before, after = (catalog.views.get(name) for catalog in (sides.left, sides.right))
    return before is not None and after is not None and before.definition != after.definition
