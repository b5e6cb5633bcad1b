"""Two disjoint worlds: rows of two users and two organisations in every table that belongs to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.coverage import UNTAKEN, fitted, open_ended, rows_wanted, wishes
from pgcontract.isolation.fitting import fit
from pgcontract.isolation.history import keep_histories
from pgcontract.isolation.identities import WORLDS, anchor
from pgcontract.isolation.kinds import after_targets, kinds
from pgcontract.isolation.kinds import pins as pins_of_kinds
from pgcontract.isolation.leaves import pins_of_leaves
from pgcontract.isolation.loners import LONER, loners, strays
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.paths import is_path
from pgcontract.isolation.scope import USERS
from pgcontract.isolation.stored import is_alone, parents_first, refers_by, row_limit, settlers
from pgcontract.isolation.users import Users
from pgcontract.synth import NOT_PINNED, CannotSynthesise, Maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.model import Options, Place
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.vocabulary import Vocabulary
    from pgcontract.synth import Inserted


class Builder(Users):
    """Puts the rows of both worlds in, as a role that row-level security does not hold."""

    def __init__(
        self,
        stage: Stage,
        ownership: Ownership,
        vocabulary: Vocabulary,
        identities: Identities,
        options: Options,
    ) -> None:
        super().__init__(stage, ownership, identities)
        self.vocabulary = vocabulary
        self._options = options
        self._spread = False
        self._kinds = kinds(self.catalog, vocabulary, ownership)
        self._placed: dict[str, set[Place]] = {world: set() for world in ("", *WORLDS)}
        self._makers = {world: self._maker_of() for world in WORLDS}

    def _maker_of(self) -> Maker:
        """Each world has a maker of its own, since the rows of one may refer to each other."""
        return Maker(
            self.session,
            self.catalog,
            seed=self._options.seed,
            pin=self._pin,
            canary=lambda _relation, _column: self.canary(),
        )

    def build(self, tables: Iterable[str]) -> Worlds:
        """Fill the tables that belong to somebody, parents first, each in both worlds."""
        settling = settlers(self.catalog, self.ownership)
        ordered = parents_first(self.catalog.tables, [table for table in tables if table != USERS], settling)
        ordered = after_targets(self._kinds, ordered, self.catalog)
        fit(self.session, self.ownership, self.identities, self._options.seed)
        self._users()  # somebody who has no rows at all
        for world in WORLDS:
            self._world = world
            self.stage.as_owner(world)
            self._users()
            for table in ordered:
                self._table(self.catalog.tables[table])
        self._loners()
        keep_histories(self)
        self.stage.as_owner("")
        self._refresh()
        return self.worlds

    def fill_nobodys(self, tables: Iterable[str]) -> None:
        """A row in each table that belongs to nobody and has none of ours yet."""
        self._world = ""
        for table in parents_first(self.catalog.tables, list(tables)):
            if not self.worlds.of("", table):
                try:
                    self._remember(table, self._maker.row(table).key, world="")
                except CannotSynthesise:
                    continue  # what belongs to nobody cannot leak; that it could be changed stays untold

    def _refresh(self) -> None:
        """Materialised views show the rows that have gone in."""
        for view in self.catalog.views.values():
            statement = f"refresh materialized view {view.name}"
            if view.materialized:
                try:
                    self.session.rows(statement)
                except Refused:
                    continue
                self.worlds.touches.append(statement)

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
            made = self._made(relation, index, pins, patient=False)
            return next(iter(self._held(relation, made.key)), None)
        finally:
            self._maker.made.clear()
            self._maker.made.update(made_before)
            self._world = before

    def _loners(self) -> None:
        """A user in each world who belongs to no organisation."""
        for table, user, organisation in loners(self.catalog, self.ownership):
            others = list(strays(self.catalog, self.ownership, table, organisation))
            for self._world in WORLDS:
                try:
                    self._user(LONER)
                    for place in ((table, user, organisation), *others):
                        pins = {place[1]: self.identities.uids[self._world][LONER], place[2]: None}
                        self._remember(place[0], self._made(self.catalog.tables[place[0]], 0, pins).key)
                except (CannotSynthesise, Refused):
                    continue

    def _table(self, relation: Relation) -> None:
        if relation.name in self.worlds.failures:
            return  # what would not go into the one world will not go into the other
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
        if limit is None:
            self._partitions(relation)

    def _partitions(self, relation: Relation) -> None:
        """A row in each partition, as far as one goes in there."""
        for index, pins in enumerate(pins_of_leaves(self.catalog, relation)):
            try:
                self._remember(relation.name, self._made(relation, index % 2, pins).key)
            except CannotSynthesise:
                continue

    def _row(self, relation: Relation, index: int) -> None:
        self._remember(relation.name, self._made(relation, index, {}).key)
        self._placed[self._world] |= {self.ownership.groups.of((relation.name, column)) for column in relation.columns}

    def _made(self, relation: Relation, index: int, pins: Mapping[str, Any], *, patient: bool = True) -> Inserted:
        """A row with as many of the wishes as go; its users differ only where they must.

        Raises:
            CannotSynthesise: No such row goes in.
        """
        wished = wishes(relation, index, self.vocabulary, self.ownership)
        plain = {name: value for name, value in wished.items() if value is not None}
        tries = [(False, wished), (False, plain), (False, {})] if patient else [(False, wished), (False, {})]
        if len(users_among(self, relation)) > 1:
            tries += [(True, wished), (True, {})] if patient else [(True, {})]
        for spread, extra in tries:
            self._spread = spread
            try:
                return self._maker.row(relation.name, where={**extra, **self._musts(relation, index), **pins})
            except CannotSynthesise:
                continue
            finally:
                self._spread = False
        if not patient:
            raise CannotSynthesise(relation.name, "no row goes in beside those that are there")
        return self._loosely(relation, {**self._musts(relation, index), **pins}, pins)

    def _loosely(self, relation: Relation, musts: Mapping[str, Any], pins: Mapping[str, Any]) -> Inserted:
        """A row for which the maker chooses what names an organisation that stands in no other table yet.

        Raises:
            CannotSynthesise: No such row goes in.
        """
        mine = self.identities.values[self._world]
        free = {
            column: group
            for column in musts
            if column not in pins and (group := self.ownership.groups.of((relation.name, column))) in mine
            if group not in self._placed[self._world]
            and not self.ownership.is_user(group)
            and not self.ownership.tokens_of(group) & {"«email»", "«dbrole»"}
            and not refers_by(relation, column)
        }
        avoid = {column: [*self.identities.values["A"].get(group, ())] for column, group in free.items()}
        where = {column: value for column, value in musts.items() if column not in free}
        made = self._maker.row(relation.name, where=where, avoid=avoid)
        for column, group in free.items():
            mine[group] = [made.values[column]]
        return made

    def _musts(self, relation: Relation, index: int) -> dict[str, Any]:
        """What makes the row this world's: whose it is, and which of this world's rows it refers to."""
        found: dict[str, Any] = {}
        for column in relation.columns.values():
            if column.generated:
                continue
            value = self._value(relation, column, index)
            if value is not NOT_PINNED:
                found[column.name] = value
        return found | pins_of_kinds(self, self._kinds, self._world, relation, index)

    def _value(self, relation: Relation, column: Column, index: int) -> Any:  # noqa: PLR0911 - a case a line
        group = self.ownership.groups.of((relation.name, column.name))
        values = self.identities.values[self._world]
        refers = [key for key in relation.having("FOREIGN KEY") if column.name in key.columns]
        says_whose = column.name in self.ownership.direct.get(relation.name, {})
        if any(key.references == relation.name for key in refers) and not says_whose:
            return self._own_parent(relation, column, index, refers)
        if column.name in {"domain", "email_domain"} and self.vocabulary.is_text(column):
            return self.identities.emails[self._world][0].partition("@")[2]
        if is_path(relation, column):
            return f"{self.identities.uids[self._world][index % 2]}/{self.canary()}.pdf"
        if group not in values:
            return NOT_PINNED
        if index == UNTAKEN and self._may_be_nobodys(relation, column):
            return None
        own = anchor(self.catalog, self.ownership.groups.members().get(group, set())) == (relation.name, column.name)
        if own and is_alone(relation, column.name) and self._is_taken(relation, column, values[group], index):
            return NOT_PINNED
        if not own and not refers and column.name not in self.ownership.direct.get(relation.name, {}):
            return NOT_PINNED
        return fitted(column, values[group][(index + self._place(relation, column)) % len(values[group])], index)

    def _is_taken(self, relation: Relation, column: Column, known: list[Any], index: int) -> bool:
        """Whether the row that a key is meant for is there already, or there is no such key."""
        if index >= len(known):
            return True
        return any(row.values[column.name] == str(known[index]) for row in self.worlds.of(self._world, relation.name))

    def _place(self, relation: Relation, column: Column) -> int:
        """Which of a row's users a column holds: the same as the first, or another one where they must differ."""
        if not self._spread:
            return 0
        users = users_among(self, relation)
        return users.index(column.name) if column.name in users else 0

    def _may_be_nobodys(self, relation: Relation, column: Column) -> bool:
        """Whether a row without a user still belongs to its organisation."""
        direct = self.ownership.direct.get(relation.name, {})
        others = [relation.columns[name] for name in direct if name in relation.columns and name != column.name]
        return (
            not column.not_null
            and column.name in direct
            and self.holds_user(relation.name, column.name)
            and any(other.not_null and not self.holds_user(relation.name, other.name) for other in others)
        )

    def _own_parent(self, relation: Relation, column: Column, index: int, refers: list[Any]) -> Any:
        """A tree: the second row below the first; the first below none."""
        rows = self.worlds.of(self._world, relation.name)
        key = next(key for key in refers if key.references == relation.name)
        if not rows or index == 0:
            return NOT_PINNED if column.not_null else None
        return rows[0].values[key.referenced_columns[key.columns.index(column.name)]]

    def _pin(self, relation: Relation, column: Column) -> Any:
        """What the maker asks about the parents that it makes by itself."""
        if relation.name not in self.ownership.owned:
            return open_ended(column)
        return self._value(relation, column, 0)
