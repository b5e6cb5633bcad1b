"""What a principal reaches when it tries: none, its own or all of the rows of a relation, by command and by column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pgcontract.contract.session import Refused
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.reads import readable, root
from pgcontract.isolation.rows import Row, equals, insert, key_of, sql
from pgcontract.isolation.templates import drafted_values
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.declared import Command
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

Reach: TypeAlias = Literal["none", "own", "all"]
"""Which rows a principal reaches: none; its own and those that are open to everybody; or those of others too."""

_UNEQUAL = frozenset({"json", "xml", "point", "polygon", "path", "box", "line", "lseg", "circle"})
_DENIED = "42501"
_UNABLE = frozenset({"57014", "55P03", "40P01"})  # a timeout or a lock says nothing about rights
_MOST_ROWS = 4
_NOBODYS = 3


@dataclass(frozen=True, slots=True)
class Observed:
    """What trying told of one principal, relation and command.

    Attributes:
        level: Which rows it reached; None where trying could not tell.
        columns: Which columns, where not all of them; empty otherwise.
        why: Why it reached none, or why nothing could be told: what Postgres said, in its own words.
    """

    level: Reach | None
    columns: tuple[str, ...] = ()
    why: str = ""


class Observer:
    """Tries every command on the relations of two worlds, as one principal after another; all of it is rolled back."""

    def __init__(self, stage: Stage, builder: Builder) -> None:
        self._stage = stage
        self._builder = builder
        self._catalog = stage.session.catalog
        self._drafts: dict[tuple[str, str, int, bool], Mapping[str, str | None] | None] = {}

    def observe(self, principal: Principal, relation: Relation, command: Command) -> Observed:
        """What the principal reaches of the relation by the command."""
        if command == "TRUNCATE":
            return self._truncate(principal, relation)
        columns = self._columns(principal, relation, command)
        if not columns:
            return Observed("none", why=f"permission denied for {relation.kind} {relation.name}")
        if not relation.is_table:
            reached = self._through(principal, relation, columns)
        elif command == "INSERT":
            reached = self._insert(principal, relation, columns)
        else:
            reached = self._on_rows(principal, relation, command, columns)
        whole = len(columns) == len(_usable(relation, command)) or command == "DELETE"
        return Observed(reached.level, () if whole or reached.level in {"none", None} else tuple(columns), reached.why)

    def _columns(self, principal: Principal, relation: Relation, command: Command) -> list[str]:
        """The columns that Postgres lets it name; asked with statements that touch no row."""
        usable = _usable(relation, command)
        with self._stage.acting(principal):
            if self._lets(_harmless(relation, command, usable)):
                return usable
            if command == "DELETE":
                return []
            return [column for column in usable if self._lets(_harmless(relation, command, [column]))]

    def _lets(self, statement: str) -> bool:
        answer = self._stage.tried(statement)
        return not (isinstance(answer, Refused) and answer.sqlstate == _DENIED)

    def _truncate(self, principal: Principal, relation: Relation) -> Observed:
        """Privileges are asked before foreign keys, so that any other refusal shows that this one was passed."""
        with self._stage.acting(principal):
            answer = self._stage.tried(f"truncate {relation.name}")
        if isinstance(answer, Refused) and answer.sqlstate in _UNABLE:
            return Observed(None, why=str(answer))
        if isinstance(answer, Refused) and answer.denied:
            return Observed("none", why=str(answer))
        return Observed("all")

    def _on_rows(self, principal: Principal, relation: Relation, command: Command, columns: list[str]) -> Observed:
        """Its own rows, and then those of others."""
        table = root(self._catalog, relation.name)
        seen = readable(self._catalog, principal.role, relation)
        tried: list[tuple[Row, bool | Refused]] = []
        with self._stage.session.trial():
            tried.extend(
                (row, self._try(principal, _statement(relation, command, columns, seen, row)))
                for row in self._rows(table)
            )
        said = [answer for _, answer in tried if isinstance(answer, Refused)]
        unable = next((refused for refused in said if refused.sqlstate in _UNABLE), None)
        if unable is not None or not tried:
            failed = self._builder.worlds.failures.get(table, "no row of it could be made")
            return Observed(None, why=str(unable or failed))
        why = str(said[0]) if said else ""
        return Observed(_level([(row, answer is True) for row, answer in tried]), why=why)

    def _through(self, principal: Principal, relation: Relation, columns: list[str]) -> Observed:
        """What of the worlds shows in a view: the marks of their private rows."""
        shown = f"row({', '.join(map(quote, columns))})::text"
        with self._stage.session.trial():
            if relation.kind == "materialized view":
                self._stage.as_owner()
                self._stage.session.rows(f"refresh materialized view {relation.name}")
            with self._stage.acting(principal):
                for world, level in (("B", "all"), ("A", "own")):
                    marks = "|".join(self._marks(world))
                    answer = self._stage.tried(
                        f"select 1 from {relation.name} where {shown} ~* {literal(marks)} limit 1"
                    )
                    if isinstance(answer, Refused):
                        return Observed(None if answer.sqlstate in _UNABLE else "none", why=str(answer))
                    if marks and answer:
                        return Observed(level)  # type: ignore[arg-type]
                some = self._stage.tried(f"select 1 from {relation.name} limit 1")
        return Observed(None, why="its rows bear no mark of whose they are") if some else Observed("none")

    def _marks(self, world: str) -> list[str]:
        """The canaries of a world's rows that are nobody else's business."""
        found = re.compile(rf"{self._builder.identities.tags[world]}[a-z]+")
        texts = (
            value for row in self._builder.worlds.of(world) if not row.public for value in row.values.values() if value
        )
        return sorted({mark for text in texts for mark in found.findall(text)})

    def _try(self, principal: Principal, statement: str) -> bool | Refused:
        """Whether a statement reaches its row; what a constraint refuses was reached."""
        self._stage.attempts += 1
        with self._stage.acting(principal):
            try:
                return self._stage.session.count(statement) > 0
            except Refused as refused:
                return True if refused.sqlstate.startswith("23") else refused

    def _rows(self, table: str) -> list[Row]:
        """Rows of both worlds; where there are none, some that belong to nobody."""
        worlds = self._builder.worlds
        of_both = [*worlds.of("A", table)[:_MOST_ROWS], *worlds.of("B", table)[:_MOST_ROWS]]
        return of_both or [*self._passing(table), *worlds.of("", table)[:_NOBODYS]]

    def _passing(self, table: str) -> list[Row]:
        """Rows of a table that belongs to nobody, not all alike; they go with the savepoint around."""
        relation = self._catalog.tables[table]
        made = []
        for index in range(_NOBODYS):
            values = drafted_values(self._builder, relation, "A", index)
            if values is not None:
                self._stage.as_owner()
                self._stage.session.rows(insert(relation, values))
                made.append(Row(table, "", index, key_of(relation), values))
        return made

    def _draft(self, table: str, world: str, index: int, *, alone: bool) -> Mapping[str, str | None] | None:
        """A row that could go in; where a unique key leaves no room, one that is in: policies are asked before keys.

        `alone`: every user that it names is the same, where otherwise one may have invited the other.
        """
        wanted = table, world, index, alone
        if wanted not in self._drafts:
            relation = self._catalog.tables[table]
            uids = self._builder.identities.uids[world]
            pins = dict.fromkeys(users_among(self._builder, relation), uids[index % len(uids)]) if alone else {}
            made = drafted_values(self._builder, relation, world, index, pins)
            there = self._builder.worlds.of(world, table)
            self._drafts[wanted] = there[index % len(there)].values if made is None and there else made
        return self._drafts[wanted]

    def _insert(self, principal: Principal, relation: Relation, columns: list[str]) -> Observed:
        """Rows of its own, and rows of B's; a few of each, since a policy may ask for more than whose a row is."""
        table = root(self._catalog, relation.name)
        if table in self._builder.ownership.owned:
            theirs, why = self._inserted(principal, relation, columns, "B", 0)
            mine, refused = self._inserted(principal, relation, columns, "A", principal.index)
            why = refused or why
        else:
            theirs, why = self._inserted(principal, relation, columns, "A", 0)
            mine = None
        if theirs is None and mine is None:
            return Observed(None, why="no row of it could be made")
        return Observed("all" if theirs else "own" if mine else "none", why="" if theirs or mine else why)

    def _inserted(
        self, principal: Principal, relation: Relation, columns: list[str], world: str, index: int
    ) -> tuple[bool | None, str]:
        """Whether a row of a world went in, None where none could be made; and why the last did not."""
        went, why = None, ""
        table = root(self._catalog, relation.name)
        for number, alone in ((index, False), (index, True), (index + 1, False)):
            values = self._draft(table, world, number, alone=alone)
            if values is None:
                continue
            answer = self._try(principal, insert(relation, values, columns))
            if answer is True:
                return True, ""
            went, why = False, str(answer)
        return went, why


def _level(reached: list[tuple[Row, bool]]) -> Reach:
    """All, where a closed row of others was reached; or every row, where none is closed to others."""
    closed = [got for row, got in reached if row.world == "B" and not row.public]
    if any(closed) or (not closed and all(got for _, got in reached)):
        return "all"
    return "own" if any(got for _, got in reached) else "none"


def _usable(relation: Relation, command: Command) -> list[str]:
    """The columns that a command may name at all."""
    if command in {"SELECT", "DELETE"}:
        return list(relation.columns)
    if command == "INSERT":
        return [column.name for column in relation.columns.values() if column.generated is None]
    return [
        column.name for column in relation.columns.values() if column.generated is None and column.identity != "ALWAYS"
    ]


def _harmless(relation: Relation, command: Command, columns: Iterable[str]) -> str:
    """A statement that asks for the privileges of a command, and touches no row."""
    named = ", ".join(map(quote, columns))
    if command == "SELECT":
        return f"select {named} from {relation.name} where false"
    if command == "DELETE":
        return f"delete from {relation.name} where false"
    if command == "UPDATE":
        return f"update {relation.name} set {', '.join(f'{quote(column)} = default' for column in columns)} where false"
    nulls = ", ".join("null" for _ in columns)
    return f"insert into {relation.name} ({named}) overriding system value select {nulls} where false"


def _statement(relation: Relation, command: Command, columns: list[str], seen: list[str], row: Row) -> str:
    """The command on just that row, which stays as it is: an update sets what is there."""
    where = _where(row, seen)
    if command == "SELECT":
        return f"select {quote(columns[0])} from {relation.name} where {where}"
    if command == "DELETE":
        return f"delete from {relation.name} where {where}"
    column = next((name for name in columns if name not in row.key), columns[0])
    return f"update {relation.name} set {quote(column)} = {sql(row.values[column])} where {where}"


def _where(row: Row, seen: list[str]) -> str:
    """Its key, or where that may not be read, whatever may."""
    if all(column in seen for column in row.key) or not seen:
        return row.where
    return " and ".join(f"{quote(name)} {equals(row.values[name])}" for name in seen if name in row.values)
