"""Two disjoint worlds: rows of two users and two organisations in every table that belongs to somebody."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.isolation.coverage import rows_wanted, wishes
from pgcontract.isolation.identities import WORLDS, anchor
from pgcontract.isolation.scope import USERS
from pgcontract.isolation.stored import comparison, parents_first, refers_by, row_limit, stored
from pgcontract.names import literal, quote
from pgcontract.synth import NOT_PINNED, CannotSynthesise, Maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.model import Options
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.vocabulary import Vocabulary
    from pgcontract.synth import Inserted

_EMPTY_LIST = 2
"""The row whose lists are empty."""
_JSON = ("json", "jsonb")


@dataclass(slots=True)
class Worlds:
    """The rows of both worlds.

    Attributes:
        order: All rows in the order in which they went in; those that belong to nobody too.
        touches: Statements run after that, so that triggers keep their history.
        failures: Why a table has no row in a world, and what could be pinned.
    """

    order: list[Row] = field(default_factory=list)
    touches: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def of(self, world: str, table: str | None = None) -> list[Row]:
        """The rows of a world, perhaps of one table."""
        return [row for row in self.order if row.world == world and table in {None, row.table}]


class Builder:
    """Puts the rows of both worlds in, as a role that row-level security does not hold."""

    def __init__(
        self,
        stage: Stage,
        ownership: Ownership,
        vocabulary: Vocabulary,
        identities: Identities,
        options: Options,
    ) -> None:
        self.stage = stage
        self.session: Session = stage.session
        self.catalog = stage.session.catalog
        self.ownership = ownership
        self.vocabulary = vocabulary
        self.identities = identities
        self._options = options
        self._numbers = itertools.count()
        self._world = ""
        self._pins: dict[str, Any] = {}
        self._shared: dict[str, Inserted] = {}
        self._learned: set[tuple[str, tuple[str, str]]] = set()
        self._makers = {world: self._maker_of() for world in WORLDS}
        self.worlds = Worlds()

    def _maker_of(self) -> Maker:
        """Each world has a maker of its own, since the rows of one may refer to each other."""
        return Maker(
            self.session,
            self.catalog,
            seed=self._options.seed,
            pin=self._pin,
            canary=lambda _relation, _column: self.canary(),
        )

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

    def build(self, tables: Iterable[str]) -> Worlds:
        """Fill the tables that belong to somebody, parents first, each in both worlds."""
        ordered = parents_first(self.catalog.tables, [table for table in tables if table != USERS])
        for world in WORLDS:
            self._world = world
            self.stage.as_owner(world)
            self._users()
            for table in ordered:
                self._table(self.catalog.tables[table])
        self.stage.as_owner("")
        return self.worlds

    def holds_user(self, table: str, column: str) -> bool:
        """Whether a column holds a user of the world, not its organisation."""
        place = table, column
        return self.ownership.is_user(place) or any("user" in token for token in self.ownership.tokens_of(place))

    def musts(self, world: str, relation: Relation, index: int) -> dict[str, Any]:
        """What makes a row that world's."""
        before, self._world = self._world, world
        try:
            return self._musts(relation, index)
        finally:
            self._world = before

    def drafted(self, relation: Relation, world: str, index: int, pins: Mapping[str, Any]) -> Row | None:
        """One more row of a world, which is not remembered: for the caller to roll back.

        Raises:
            CannotSynthesise: No such row goes in.
        """
        before, self._world = self._world, world
        made_before = {table: list(rows) for table, rows in self._maker.made.items()}
        try:
            must = {**self._musts(relation, index), **pins}
            wished = {
                name: value
                for name, value in wishes(relation, index, self.vocabulary, self.ownership).items()
                if name not in must
            }
            try:
                made = self._maker.row(relation.name, where={**wished, **must}, parents=self._shared)
            except CannotSynthesise:
                made = self._maker.row(relation.name, where=must, parents=self._shared)
            condition = " and ".join(f"{quote(column)} {comparison(value)}" for column, value in made.key.items())
            return next(iter(self._stored(relation, condition, [v for v in made.key.values() if v is not None])), None)
        finally:
            self._maker.made.clear()
            self._maker.made.update(made_before)
            self._world = before

    def _users(self) -> None:
        """The platform's users; only what tells them apart, since the platform has a default for the rest."""
        if USERS not in self.catalog.tables:
            return
        for uid, email in zip(self.identities.uids[self._world], self.identities.emails[self._world], strict=True):
            columns = {"id": uid, "email": email, "aud": "authenticated", "role": "authenticated"}
            columns["raw_user_meta_data"] = json.dumps(self.stage.metadata)
            present = {name: value for name, value in columns.items() if name in self.catalog.tables[USERS].columns}
            names, values = ", ".join(map(quote, present)), ", ".join(map(literal, present.values()))
            self.session.rows(f"insert into {USERS} ({names}) values ({values})")
            self._remember(USERS, {"id": uid})

    def _table(self, relation: Relation) -> None:
        limit = row_limit(self.catalog, self.ownership, self.identities.values[self._world], relation)
        self._adopt(relation)
        have = len(self.worlds.of(self._world, relation.name))
        wanted = rows_wanted(relation, self.vocabulary, self._options.examples) if limit is None else limit
        for index in range(have, wanted):
            try:
                self._row(relation, index)
            except CannotSynthesise as error:
                if index == 0:
                    self.worlds.failures[relation.name] = f"{error.reason}{f' ({error.hint})' if error.hint else ''}"
                break

    def _row(self, relation: Relation, index: int) -> None:
        must = self._musts(relation, index)
        wished = {
            name: value
            for name, value in wishes(relation, index, self.vocabulary, self.ownership).items()
            if name not in must
        }
        for extra in (wished, {name: value for name, value in wished.items() if value is not None}, {}):
            try:
                self._pins = {**extra, **must}
                made = self._maker.row(relation.name, where=self._pins, parents=self._shared)
                break
            except CannotSynthesise:
                if not extra:
                    raise
        for parent in made.made:
            if parent.table in self.ownership.owned:
                self._remember(parent.table, parent.key)
            else:
                self._shared.setdefault(parent.table, parent)
                self._remember(parent.table, parent.key, world="")
        self._remember(relation.name, made.key)

    def _musts(self, relation: Relation, index: int) -> dict[str, Any]:
        """What makes the row this world's: whose it is, and which of this world's rows it refers to."""
        found: dict[str, Any] = {}
        for column in relation.columns.values():
            if column.generated:
                continue
            value = self._value(relation, column, index)
            if value is not NOT_PINNED:
                found[column.name] = value
        return found

    def _value(self, relation: Relation, column: Column, index: int) -> Any:
        group = self.ownership.groups.of((relation.name, column.name))
        values = self.identities.values[self._world]
        refers = [key for key in relation.having("FOREIGN KEY") if column.name in key.columns]
        if any(key.references == relation.name for key in refers):
            return self._own_parent(relation, column, index, refers)
        if group not in values:
            return NOT_PINNED
        own = anchor(self.catalog, self.ownership.groups.members().get(group, set())) == (relation.name, column.name)
        if own and (index >= len(values[group]) or (self._world, (relation.name, column.name)) in self._learned):
            return NOT_PINNED
        if not own and not refers and column.name not in self.ownership.direct.get(relation.name, {}):
            return NOT_PINNED
        return self._fitted(column, values[group][index % len(values[group])], index)

    def _own_parent(self, relation: Relation, column: Column, index: int, refers: list[Any]) -> Any:
        """A tree: the second row below the first; the first below none."""
        rows = self.worlds.of(self._world, relation.name)
        key = next(key for key in refers if key.references == relation.name)
        if not rows or index == 0:
            return NOT_PINNED if column.not_null else None
        return rows[0].values[key.referenced_columns[key.columns.index(column.name)]]

    def _fitted(self, column: Column, value: Any, index: int) -> Any:
        """The value in the column's own type: a list for an array, now and then an empty one."""
        if column.type.endswith("[]"):
            return [] if index == _EMPTY_LIST else [value]
        if column.type in _JSON:
            return json.dumps([value])
        return value

    def _pin(self, relation: Relation, column: Column) -> Any:
        """What the maker asks about the parents that it makes by itself."""
        if relation.name not in self.ownership.owned:
            return NOT_PINNED
        return self._value(relation, column, 0)

    def _adopt(self, relation: Relation) -> None:
        """Rows that a trigger has made for this world already, such as a profile for each new user."""
        for column in relation.columns.values():
            group = self.ownership.groups.of((relation.name, column.name))
            values = self.identities.values[self._world].get(group)
            if not values or column.type in _JSON or column.type.endswith("[]"):
                continue
            if column.name not in self.ownership.direct.get(relation.name, {}) and not refers_by(relation, column.name):
                continue
            listed = ", ".join(literal(str(value)) for value in values)
            known = {row.name for row in self.worlds.order}
            for row in self._stored(relation, f"{quote(column.name)} in ({listed})"):
                if row.name not in known:
                    self._learn(row)
                    row.by_trigger = True
                    self.worlds.order.append(row)
                    known.add(row.name)

    def _remember(self, table: str, key: Mapping[str, Any], world: str | None = None) -> None:
        relation = self.catalog.tables[table]
        condition = " and ".join(f"{quote(column)} {comparison(value)}" for column, value in key.items())
        for row in self._stored(relation, condition, [value for value in key.values() if value is not None])[:1]:
            row.world = self._world if world is None else world
            if row.name not in {known.name for known in self.worlds.order}:
                self.worlds.order.append(row)
                if row.world:
                    self._learn(row)

    def _learn(self, row: Row) -> None:
        """What other rows refer to it by."""
        for column, value in row.values.items():
            place = (row.table, column)
            group = self.ownership.groups.of(place)
            if anchor(self.catalog, self.ownership.groups.members().get(group, set())) != place or value is None:
                continue
            values = self.identities.values[row.world].setdefault(group, [])
            self._learned.add((row.world, place))
            if str(value) not in map(str, values):
                values.append(value)

    def _stored(self, relation: Relation, condition: str, parameters: Iterable[Any] = ()) -> list[Row]:
        start = len(self.worlds.of(self._world, relation.name))
        return stored(self.session, relation, condition, parameters, world=self._world, start=start)

    def refreshed(self) -> None:
        """Read all rows again, since later rows and triggers may have changed them."""
        for row in self.worlds.order:
            relation = self.catalog.tables[row.table]
            for now in self._stored(relation, row.where)[:1]:
                row.values = now.values
