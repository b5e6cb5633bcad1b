"""Which columns hold the same thing: joined by foreign keys, inheritance, or comparison with each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.model import Place


class Groups:
    """Columns that hold the same thing, such as all columns that hold a user's id."""

    def __init__(self) -> None:
        self._parent: dict[Place, Place] = {}

    def of(self, place: Place) -> Place:
        """The column that stands for the group of this one."""
        while (up := self._parent.get(place, place)) != place:
            place = up
        return place

    def join(self, one: Place, other: Place) -> None:
        """The two columns hold the same thing."""
        first, second = sorted((self.of(one), self.of(other)))
        if first != second:
            self._parent[second] = first
        self._parent.setdefault(first, first)

    def members(self) -> dict[Place, set[Place]]:
        """Every group that was ever joined, by the column that stands for it."""
        found: dict[Place, set[Place]] = defaultdict(set)
        for place in self._parent:
            found[self.of(place)].add(place)
        return found


def joined(catalog: Catalog) -> Groups:  # noqa: C901 - two loops over what the catalog says
    """The groups that foreign keys and inheritance make."""
    groups = Groups()
    for name, relation in catalog.tables.items():
        for key in relation.having("FOREIGN KEY"):
            if key.references is None:
                continue
            for column, target in zip(key.columns, key.referenced_columns, strict=False):
                groups.join((name, column), (key.references, target))
    for child, inheritance in catalog.inheritance.items():
        if child not in catalog.relations:
            continue
        for parent in inheritance.parents:
            if parent in catalog.relations:
                for column in catalog.relations[parent].columns:
                    if column in catalog.relations[child].columns:
                        groups.join((child, column), (parent, column))
    return groups
