"""Writes of a principal's own that are allowed, and what they open: joining, promoting oneself, names like B's."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_column
from pgcontract.contract.session import Refused
from pgcontract.isolation.judge import counters_only
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.publicity import OPEN_LABELS
from pgcontract.isolation.rows import Row, equals, insert, sql
from pgcontract.names import quote
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.gains import Gains
    from pgcontract.isolation.writes import Writes

MOST_VARIANTS = 14
_PAIR = 2
_KEYS = ("uuid", "smallint", "integer", "bigint")


class OwnWrites:
    """Tries writes that look harmless, and looks at what they bring."""

    def __init__(self, writes: Writes, gains: Gains) -> None:
        self._writes = writes
        self._gains = gains
        self._stage = writes.stage
        self._builder = writes.builder
        self._catalog = writes.stage.session.catalog
        self._drafts: dict[tuple[str, bool, tuple[tuple[str, Any], ...]], Row | None] = {}
        self._moving = {name for name, relation in self._catalog.tables.items() if relation.triggers}
        self._moving |= {rule.relation for rule in self._catalog.rules.values() if rule.event != "SELECT"}

    def all(self, principal: Principal) -> Iterator[Candidate]:
        """Whatever a plain user, or one without any rows yet, wins by writing what is its own."""
        if principal.name not in {"member", "stranger", "tenant"}:
            return
        for table in self._tables():
            relation = self._catalog.tables[table]
            if self._writes.may(principal, relation, "UPDATE") and principal.rows:
                yield from self._updates(principal, relation)
            if self._writes.may(principal, relation, "INSERT"):
                yield from self._inserts(principal, relation)

    def _tables(self) -> list[str]:
        """Tables that policies ask about the principal, and those whose rows set something going."""
        tables = self._writes.scope.tables
        moving = self._moving
        asked = [name for name in tables if name in self._builder.ownership.authorities]
        return [*asked, *sorted(name for name in moving & set(tables) if name not in asked)]

    def _updates(self, principal: Principal, relation: Relation) -> Iterator[Candidate]:
        mine = [row for row in self._builder.worlds.of("A", relation.name) if row.index % 2 == principal.index][:1]
        for row in mine:
            for column, value in itertools.islice(self._changes(relation, row.values), MOST_VARIANTS):
                if "UPDATE" not in on_column(self._catalog, principal.role, relation.name, column.name):
                    continue
                set_ = f"{quote(column.name)} = {sql(value)}"
                for statement in (
                    f"update {relation.name} set {set_} where {row.where}",
                    *((f"update {relation.name} set {set_}",) if self._writes.is_small(relation) else ()),
                ):
                    after = f"select 1 from {relation.name} where {row.where} and {quote(column.name)} {equals(value)}"
                    found = self._tried(principal, relation, "UPDATE", statement, after, column, value)
                    if found:
                        yield from found
                        return

    def _inserts(self, principal: Principal, relation: Relation) -> Iterator[Candidate]:
        allowed = [
            c for c in relation.columns if "INSERT" in on_column(self._catalog, principal.role, relation.name, c)
        ]
        for tied, column, value in itertools.islice(self._variants(relation), MOST_VARIANTS):
            base = self._draft(principal, relation, tied)
            if base is None:
                continue
            values = base.values if column is None else {**base.values, column.name: value}
            after = ""
            if column is not None and not tied:
                key = " and ".join(f"{quote(c)} {equals(values[c])}" for c in base.key)
                after = f"select 1 from {relation.name} where {key} and {quote(column.name)} {equals(value)}"
            statement = insert(relation, values, allowed)
            found = self._tried(principal, relation, "INSERT", statement, after, column, value)
            if found:
                yield from found
                return

    def _tried(
        self,
        principal: Principal,
        relation: Relation,
        command: str,
        statement: str,
        after: str,
        column: Column | None,
        value: str | None,
    ) -> list[Candidate]:
        verb = "changed a row of its own in" if command == "UPDATE" else "put a row of its own into"
        with self._stage.acting(principal):
            if isinstance(self._stage.tried(statement), Refused):
                return []
            gained = self._gains.after(principal, (statement,), f"{verb} {relation.name}")
            gained = gained or self._copied(principal, relation, statement, f"{verb} {relation.name}")
            changed, risen = self._effects(principal, relation, after, column, value)
        if changed and changed[0][0].table != relation.name:
            tables = tuple(dict.fromkeys(row.table for row, _ in changed))
            what = f"change what belongs to somebody else in {', '.join(tables)} by a row of its own in {relation.name}"
            proof = Proof("changes", (changed[0][0].name,))
            return [Candidate(principal, tables[0], "UPDATE", (statement,), what, proof, tables)]
        if gained:
            return gained
        if risen and column is not None:
            what = f"give itself more rights: {column.name} = {sql(value)} in {relation.name}"
            mine = tuple(row.name for row in self._builder.worlds.of("A", relation.name)[:1] if command == "UPDATE")
            proof = Proof("rises", mine, query=after)
            return [Candidate(principal, relation.name, command, (statement,), what, proof, (relation.name,))]
        return []

    def _effects(
        self, principal: Principal, relation: Relation, after: str, column: Column | None, value: str | None
    ) -> tuple[list[tuple[Row, set[str]]], bool]:
        """Which of B's rows are others now, where a trigger could have changed them; and whether the principal rose."""
        asks = bool(after) and column is not None and self._rises(principal, relation, column, value)
        if not asks and relation.name not in self._moving:
            return [], False
        self._stage.as_owner()
        changed = [(row, columns) for row, columns in self._writes.digest.changed() if not counters_only(row, columns)]
        return changed, asks and bool(self._stage.session.rows(after))

    def _copied(self, principal: Principal, relation: Relation, statement: str, what: str) -> list[Candidate]:
        """What a trigger has copied of B's into something that the principal can read."""
        if not self._copies(relation):
            return []
        copied = self._gains.copies(principal, statement)
        if copied is None:
            return []
        shown, select, marks, rows = copied
        tables = tuple(dict.fromkeys(row.table for row in rows))
        told = f"read what belongs to somebody else in {', '.join(tables)}, copied into {shown.name}"
        proof = Proof("sees", (rows[0].name,), marks)
        return [
            Candidate(
                principal, shown.name, "SELECT", (statement, select), f"{told}, once it has {what}", proof, tables
            )
        ]

    def _copies(self, relation: Relation) -> bool:
        """Whether a trigger reads with more than the caller's rights."""
        called = (
            function
            for trigger in relation.triggers.values()
            for function in self._catalog.overloads.get(trigger.function, ())
        )
        return any(function.security_definer and "select" in (function.source or "").lower() for function in called)

    def _rises(self, principal: Principal, relation: Relation, column: Column, value: str | None) -> bool:
        """Whether a value gives its holder more than a plain user has."""
        vocabulary = self._builder.vocabulary
        if principal.index != 0 or not vocabulary.is_grade(relation.name, column):
            return False
        if column.type == "boolean":
            return value == "true"
        # To publish what is one's own gives no right to anything else.
        return value not in OPEN_LABELS and value in vocabulary.privileged(relation.name, column)

    def _changes(self, relation: Relation, values: Mapping[str, str | None]) -> Iterator[tuple[Column, str | None]]:
        """Other values for the columns of a row of one's own: higher grades first, then values like B's."""
        vocabulary = self._builder.vocabulary
        tied = {c for key in relation.having("FOREIGN KEY") for c in key.columns}
        free = [
            c for c in relation.columns.values() if not c.generated and c.identity != "ALWAYS" and c.name not in tied
        ]
        for column in sorted(free, key=lambda column: not vocabulary.is_grade(relation.name, column)):
            if vocabulary.is_grade(relation.name, column):
                higher = ["true"] if column.type == "boolean" else vocabulary.privileged(relation.name, column)
                yield from ((column, label) for label in higher if label != values.get(column.name))
            else:
                yield from (
                    (column, value) for value in self._like(relation, column) if value != values.get(column.name)
                )

    def _like(self, relation: Relation, column: Column) -> Iterator[str | None]:
        """B's own value, and what may be taken for it: other case, its beginning; B's keys in a column without one."""
        theirs = [row.values.get(column.name) for row in self._builder.worlds.of("B", relation.name)]
        first = next((value for value in theirs if value), None)
        if (
            self._builder.vocabulary.is_text(column)
            and first
            and not self._builder.vocabulary.labels(relation.name, column)
        ):
            yield from dict.fromkeys((first, first.swapcase(), first.upper(), first[:-1], first[:-3], "%"))
            if "mail" in column.name:
                yield self._builder.identities.emails["B"][0]
        elif column.type in _KEYS and column.name not in {
            c for k in relation.constraints.values() if k.kind == "PRIMARY KEY" for c in k.columns
        }:
            if column.name in self._builder.ownership.direct.get(relation.name, {}):
                return
            for row in self._builder.worlds.of("B"):
                tables = self._catalog.tables[row.table].columns
                if (
                    len(row.key) == 1
                    and tables[row.key[0]].type in _KEYS
                    and row.index == 0
                    and _kind(tables[row.key[0]].type) == _kind(column.type)
                ):
                    yield row.values[row.key[0]]

    def _variants(self, relation: Relation) -> Iterator[tuple[dict[str, Any], Column | None, str | None]]:
        """What a new row of one's own says: in B's organisation, with each label; else other values, one at a time."""
        membership = self._builder.ownership.memberships.get(relation.name)
        if membership is not None:
            theirs = self._builder.musts("B", relation, 0)
            tenant = {c: theirs[c] for c in self._tenant_columns(relation, membership[1]) if c in theirs}
            labels = [
                (c, label)
                for c in relation.columns.values()
                for label in self._builder.vocabulary.labels(relation.name, c)[:5]
            ]
            yield tenant, None, None
            for column, label in labels:
                yield tenant, column, label
        else:
            yield from self._with_another(relation)
        for column, value in self._changes(relation, {}):
            yield {}, column, value

    def _with_another(self, relation: Relation) -> Iterator[tuple[dict[str, Any], Column | None, str | None]]:
        """A row that names B's user beside the principal, such as a friendship, perhaps as if B had agreed to it."""
        users = users_among(self._builder, relation)
        if len(users) < _PAIR or relation.name not in self._builder.ownership.authorities:
            return
        theirs = self._builder.musts("B", relation, 0)
        agreed = [column for column in relation.columns.values() if column.type == "boolean"]
        for tied in ({name: theirs[name]} for name in reversed(users) if name in theirs):
            yield tied, None, None
            for column in agreed:
                yield tied, column, "true"
            for column in relation.columns.values():
                for label in self._builder.vocabulary.labels(relation.name, column)[:5]:
                    yield tied, column, label

    def _tenant_columns(self, relation: Relation, column: str) -> tuple[str, ...]:
        return next(
            (key.columns for key in relation.having("FOREIGN KEY") if column in key.columns and len(key.columns) == 1),
            (column,),
        )

    def _draft(self, principal: Principal, relation: Relation, tied: Mapping[str, Any]) -> Row | None:
        """A row of the principal's own, perhaps tied to B's organisation; made once for each kind of principal."""
        place = relation.name, principal.rows, tuple(sorted(tied.items()))
        if place not in self._drafts:
            pins = dict(tied)
            if not principal.rows:
                pins |= dict.fromkeys(users_among(self._builder, relation)[:1], self._builder.identities.uids[""][0])
            try:
                with self._stage.session.trial():
                    self._stage.as_owner("A")
                    self._drafts[place] = self._builder.drafted(relation, "A", principal.index, pins)
            except (CannotSynthesise, Refused):
                self._drafts[place] = None
        return self._drafts[place]


def _kind(type_: str) -> str:
    return "uuid" if type_ == "uuid" else "number"
