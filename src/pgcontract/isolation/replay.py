"""A leak played again from nothing but a few statements, and made as small as it goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.rows import Row, insert
from pgcontract.isolation.scope import USERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.model import Candidate
    from pgcontract.isolation.stage import Stage


class Replay:
    """Plays candidates again, each on the database as it is, without the worlds."""

    def __init__(self, stage: Stage, worlds: Worlds) -> None:
        self._stage = stage
        self._worlds = worlds
        self._order = [*worlds.order, *worlds.kept]
        self._rows = {row.name: row for row in self._order}

    def statement(self, row: Row) -> str:
        """What puts a row in."""
        return insert(self._stage.session.catalog.tables[row.table], row.values)

    def holds(
        self, candidate: Candidate, rows: Sequence[Row], touches: Sequence[str] = (), before: Sequence[str] = ()
    ) -> bool:
        """Whether the candidate succeeds once just these rows are there.

        Args:
            candidate: What is tried.
            rows: The rows, parents first.
            touches: Statements run after them.
            before: Changes of the schema to try it with.
        """
        try:
            with self._stage.session.trial():
                self._stage.as_owner()
                setup = [*before, *(self.statement(row) for row in rows if not row.by_trigger), *touches]
                if setup:
                    self._stage.session.rows(";\n".join(setup))
                return self._succeeds(candidate)
        except Refused:
            return False

    def _succeeds(self, candidate: Candidate) -> bool:
        proof = candidate.proof
        changing = [self._rows[name] for name in proof.rows] if proof.kind == "changes" else []
        was = [self._now(row) for row in changing]
        if changing and None in was:
            return False
        if proof.query and self._stage.session.rows(proof.query):
            return False
        self._stage.become(candidate.principal)
        answer: list[tuple[Any, ...]] = []
        for statement in candidate.statements:
            answer = self._stage.session.rows(statement)
        if proof.kind == "sees":
            text = json.dumps(answer, default=str).lower()
            seen = any(mark.lower() in text for mark in proof.marks)
            return seen and all(other.lower() in text for other in proof.beside)
        self._stage.as_owner()
        if proof.kind == "changes":
            return any(self._now(row) != old for row, old in zip(changing, was, strict=True))
        return bool(self._stage.session.rows(proof.query))

    def _now(self, row: Row) -> str | None:
        found = self._stage.session.rows(f"select pg_catalog.to_jsonb(t)::text from {row.table} as t where {row.where}")
        return found[0][0] if found else None

    def smallest(self, candidate: Candidate) -> tuple[list[Row], list[str]] | None:
        """The fewest rows and touches with which it still succeeds; None where it does not succeed from nothing."""
        for rows, touches in self._starts(candidate):
            if self.holds(candidate, rows, touches):
                return self._without_needless(candidate, rows, touches)
        return None

    def _starts(self, candidate: Candidate) -> Iterable[tuple[list[Row], list[str]]]:
        """The rows it is about and what they refer to; then also those of whoever acts; then all."""
        about = [self._rows[name] for name in candidate.proof.rows if name in self._rows]
        yield self._closed(about), []
        mine = (
            self._worlds.of("A")
            if candidate.principal.rows
            else [row for row in self._worlds.of("") if row.table == USERS]
        )
        yield self._closed([*about, *mine]), []
        yield self._closed([*about, *mine, *self._worlds.of("B")]), []
        yield list(self._worlds.order), []
        yield list(self._worlds.order), list(self._worlds.touches)

    def _closed(self, rows: Iterable[Row]) -> list[Row]:
        """The rows and all that they refer to, in the order in which they went in."""
        waiting, found = list(rows), set()
        while waiting:
            row = waiting.pop()
            if row.name in found:
                continue
            found.add(row.name)
            waiting += self._parents(row)
        return [row for row in self._order if row.name in found]

    def _parents(self, row: Row) -> Iterable[Row]:
        for key in self._stage.session.catalog.tables[row.table].having("FOREIGN KEY"):
            wanted = [row.values[column] for column in key.columns]
            if None in wanted:
                continue
            yield from (
                other
                for other in self._order
                if other.table == key.references and [other.values.get(c) for c in key.referenced_columns] == wanted
            )

    def _without_needless(
        self, candidate: Candidate, rows: list[Row], touches: list[str]
    ) -> tuple[list[Row], list[str]]:
        for touch in list(touches):
            fewer = [other for other in touches if other != touch]
            if self.holds(candidate, rows, fewer):
                touches = fewer
        size = max(len(rows) // 2, 1)
        while size:
            position = len(rows)
            while position > 0:
                start = max(position - size, 0)
                fewer_rows = rows[:start] + rows[position:]
                if len(fewer_rows) < len(rows) and self.holds(candidate, fewer_rows, touches):
                    rows = fewer_rows
                position = start
            size //= 2
        return rows, touches
