"""The rows of the two worlds as they go in: what was there, what triggers have made, what others refer to them by."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.isolation.identities import anchor
from pgcontract.isolation.rows import equals, every_column, insert, made_by_trigger
from pgcontract.isolation.stored import OURS, comparison, refers_by, stored
from pgcontract.names import escaped, literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.rows import Row
    from pgcontract.synth import Maker

JSON = ("json", "jsonb")


@dataclass(slots=True)
class Worlds:
    """The rows of both worlds.

    Attributes:
        order: All rows in the order in which they went in; those that belong to nobody too.
        touches: Statements run after that, so that triggers keep their history.
        kept: Rows that were there for one attempt only.
        failures: Why a table has no row in a world, and what could be pinned.
    """

    order: list[Row] = field(default_factory=list)
    touches: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    kept: list[Row] = field(default_factory=list)

    def of(self, world: str, table: str | None = None) -> list[Row]:
        """The rows of a world, perhaps of one table."""
        return [row for row in self.order if row.world == world and table in {None, row.table}]


class Ledger:
    """Keeps the rows of both worlds.

    Attributes:
        worlds: The rows.
    """

    def __init__(self, session: Session, ownership: Ownership, identities: Identities) -> None:
        self.session = session
        self.catalog = session.catalog
        self.ownership = ownership
        self.identities = identities
        self.worlds = Worlds()
        self._world = ""
        self._makers: dict[str, Maker] = {}
        self._known: set[tuple[str, str]] = set()
        self._numbers = itertools.count()

    @property
    def _maker(self) -> Maker:
        return self._makers[self._world or "A"]

    def canary(self) -> str:
        """A text that stands nowhere else."""
        number, text = next(self._numbers), ""
        while number or not text:
            number, digit = divmod(number, 20)
            text = "bcdfghjkmnpqrstvwxyz"[digit] + text
        return f"{self.identities.tags.get(self._world, 'nobody')}{text}"

    def _adopt(self, relation: Relation) -> None:
        """Rows that a trigger has made for this world already, such as a profile for each new user."""
        for column in relation.columns.values():
            group = self.ownership.groups.of((relation.name, column.name))
            values = self.identities.values[self._world].get(group)
            if not values or column.type in JSON or column.type.endswith("[]"):
                continue
            if column.name not in self.ownership.direct.get(relation.name, {}) and not refers_by(relation, column.name):
                continue
            listed = ", ".join(literal(str(value)) for value in values)
            condition = f"{quote(column.name)} in ({listed})"
            made = {row.name for row in self._stored(relation, f"{condition} and {OURS}")}
            for row in self._stored(relation, condition):
                row.by_trigger = True
                if row.name in made:
                    made_by_trigger(relation, row)
                if row.name not in self._known:
                    self._learn(row)
                    self.worlds.order.append(row)
                    self._known.add(row.name)

    def adopt(self, row: Row) -> None:
        """A row that a trigger has made belongs to its world."""
        made_by_trigger(self.catalog.tables[row.table], row)
        if row.name not in self._known:
            self._known.add(row.name)
            self.worlds.order.append(row)

    def _remember(self, table: str, key: Mapping[str, Any], world: str | None = None) -> None:
        relation = self.catalog.tables[table]
        for row in self._held(relation, key)[:1]:
            row.world = self._world if world is None else world
            if row.name not in self._known:
                self._known.add(row.name)
                self._parents_of(relation, row)
                self.worlds.order.append(row)
                if row.world:
                    self._learn(row)

    def _parents_of(self, relation: Relation, row: Row) -> None:
        """The rows that a row refers to, before it; those that were there before us are not for us to put in."""
        for key in relation.having("FOREIGN KEY"):
            wanted = [row.values[column] for column in key.columns]
            if None in wanted or key.references not in self.catalog.tables or key.references == relation.name:
                continue
            parent = self.catalog.tables[str(key.references)]
            condition = " and ".join(
                f"{quote(column)} {equals(value)}" for column, value in zip(key.referenced_columns, wanted, strict=True)
            )
            for found in self._stored(parent, condition)[:1]:
                if found.name in self._known:
                    continue
                self._known.add(found.name)
                found.by_trigger = not self._is_ours(found)
                ours = parent.name in self.ownership.owned and not found.by_trigger
                found.world = self._world if ours else ""
                self._parents_of(parent, found)
                self.worlds.order.append(found)
                if found.world:
                    self._learn(found)

    def unknown_parents(self, relation: Relation, row: Row) -> list[Row]:
        """The rows that a row refers to and that were made for it alone, parents first."""
        found: list[Row] = []
        for key in relation.having("FOREIGN KEY"):
            wanted = [row.values[column] for column in key.columns]
            if None in wanted or key.references not in self.catalog.tables or key.references == relation.name:
                continue
            parent = self.catalog.tables[str(key.references)]
            condition = " and ".join(
                f"{quote(column)} {equals(value)}" for column, value in zip(key.referenced_columns, wanted, strict=True)
            )
            for other in self._stored(parent, condition)[:1]:
                if other.name not in self._known:
                    found += [*self.unknown_parents(parent, other), other]
        return found

    def keep(self, rows: Iterable[Row]) -> None:
        """Put rows in, for good as far as the worlds go: what is tried later may refer to them.

        Raises:
            Refused: One does not go in.
        """
        for row in rows:
            self.session.rows(insert(self.catalog.tables[row.table], row.values))
            row.world = row.world if row.table in self.ownership.owned else ""
            self._known.add(row.name)
            self.worlds.order.append(row)

    def _is_ours(self, row: Row) -> bool:
        made = self._maker.made.get(row.table, ())
        return any(all(str(one.values.get(column)) == row.values[column] for column in row.key) for one in made)

    def _learn(self, row: Row) -> None:
        """What other rows refer to it by."""
        for column, value in row.values.items():
            place = (row.table, column)
            group = self.ownership.groups.of(place)
            if anchor(self.catalog, self.ownership.groups.members().get(group, set())) != place or value is None:
                continue
            values = self.identities.values[row.world].setdefault(group, [])
            if str(value) not in map(str, values):
                values.append(value)

    def _held(self, relation: Relation, key: Mapping[str, Any]) -> list[Row]:
        """The rows with a key, or with all of these values that can be compared."""
        usable = {column: value for column, value in key.items() if column in every_column(relation)}
        parameters = [value for value in usable.values() if value is not None]
        names = {column: escaped(quote(column)) if parameters else quote(column) for column in usable}
        condition = " and ".join(f"{names[column]} {comparison(value)}" for column, value in usable.items())
        return self._stored(relation, condition or "true", parameters)

    def _stored(self, relation: Relation, condition: str, parameters: Iterable[Any] = ()) -> list[Row]:
        start = len(self.worlds.of(self._world, relation.name))
        return stored(self.session, relation, condition, parameters, world=self._world, start=start)
