"""Rows that a function has put under something of B's, or in B's name: they were not there before the call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Proof
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.templates import links, only_tells
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

_ADDRESSED = re.compile(
    r"notif|messag|inbox|mail|invit|request|friend|follow|share|gift|transfer|alert|event|log|audit|mention|like|histor"
    r"|application|report|queue|job|outbox|ticket|feedback|vote|payment|visit|view"
)
"""Tables into which one puts rows for others on purpose, or that only record."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A way in which a new row would be B's.

    Attributes:
        table: Where it would stand.
        column: The column that would say so.
        apart: What leaves out the rows that are there already, as SQL.
        value: What the columns would hold.
        parent: The row of B's that it would refer to: one of B's own, or B's user.
        named: Whether it would only be in B's name.
    """

    table: str
    column: str
    apart: str
    value: str
    parent: Row | None = None
    named: bool = False

    @property
    def found(self) -> str:
        """Whether there is one, as SQL."""
        return f"select 1 from {self.table} where {quote(self.column)}::text = {literal(self.value)}"

    @property
    def proof(self) -> Proof:
        """What shows it."""
        return Proof("puts", (self.parent.name,) if self.parent is not None else (), query=self.found)


class Arrivals:
    """Looks for such rows."""

    def __init__(self, stage: Stage, builder: Builder) -> None:
        self._stage = stage
        self._builder = builder
        self._ties = [tie for table in sorted(builder.ownership.owned) for tie in self._of(table)]
        stage.as_owner()
        there = set(self._now())
        self._ties = [tie for number, tie in enumerate(self._ties) if number not in there]

    def of_call(self, passed: frozenset[str]) -> list[Tie]:
        """The ties for which there is a row now, after a call that was handed these values."""
        found = [self._ties[number] for number in self._now()]
        return [tie for tie in found if tie.value in passed]

    def hidden(self, principal: Principal, tie: Tie) -> bool:
        """Whether the principal cannot see what the row was put under: then it has no business there."""
        if tie.parent is None or tie.named:
            return True
        with self._stage.acting(principal):
            answer = self._stage.tried(f"select 1 from {tie.parent.table} where {tie.parent.where}")
            return isinstance(answer, Refused) or not answer

    def _now(self) -> list[int]:
        if not self._ties:
            return []
        asked = [f"select {number} where exists ({tie.found}{tie.apart})" for number, tie in enumerate(self._ties)]
        answer = self._stage.tried(" union all ".join(asked))
        return [] if isinstance(answer, Refused) else [number for (number,) in answer]

    def _of(self, name: str) -> Iterator[Tie]:
        relation = self._builder.catalog.tables.get(name)
        bare = name.rpartition(".")[2]
        if relation is None or _ADDRESSED.search(bare) or name in self._builder.ownership.memberships:
            return
        known = [f"({row.where})" for row in self._builder.worlds.order if row.table == name]
        apart = f" and not ({' or '.join(known)})" if known else ""
        for columns, target in links(self._builder, relation):
            if len(columns) == 1:
                yield from self._tied(relation, columns[0], target, apart)

    def _row_of(self, user: str) -> Row | None:
        return next((row for row in self._builder.worlds.order if row.name[1] == user), None)

    def _tied(self, relation: Relation, column: str, target: str | None, apart: str) -> Iterator[Tie]:
        users = users_among(self._builder, relation)
        if column in users:
            if column == users[0] and not only_tells(self._builder, relation, users, column):
                user = self._builder.identities.uids["B"][0]
                yield Tie(relation.name, column, apart, user, self._row_of(user), named=True)
            return
        for key in relation.having("FOREIGN KEY"):
            if key.columns != (column,) or key.references != target:
                continue
            for row in self._builder.worlds.of("B", target)[:2]:
                value = row.values.get(key.referenced_columns[0])
                if value is not None and not row.public:
                    yield Tie(relation.name, column, apart, value, row)
