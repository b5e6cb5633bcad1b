"""What owners do with their rows: a row of each table is made, read, changed and deleted as somebody it belongs to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_column
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.isolation.declared import declared
from pgcontract.isolation.model import Options as Searched
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.prepared import Prepared
from pgcontract.isolation.rows import insert
from pgcontract.names import quote
from pgcontract.smoke.clock import Clock, tried
from pgcontract.synth import CannotSynthesise
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.declared import Command
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.rows import Row
    from pgcontract.smoke.plan import Options, Plan
    from pgcontract.verdict import Outcome

WORLD = "B"
DRAFTS = 4
"""How many different rows are tried: a policy may ask for more than the owner."""
_VERBS: dict[Command, tuple[str, str]] = {
    "INSERT": ("RowCreated", "create"),
    "SELECT": ("RowRead", "read"),
    "UPDATE": ("RowUpdated", "update"),
    "DELETE": ("RowDeleted", "delete"),
}
_REFERRED = frozenset({"23503", "23001"})
"""A row that others refer to was found, and could be deleted if nothing did."""


class Owners:
    """The rows of an owner's in every table that has owners, inside the savepoint of the caller."""

    def __init__(self, session: Session, planned: Plan, options: Options) -> None:
        looked = Prepared(session, Searched(schemas=options.schemas, examples=2, seed=options.seed))
        self._stage = looked.stage
        self._session = looked.stage.session
        self._catalog = session.catalog
        self._planned = planned
        self._builder = looked.builder()
        self.rightful = looked.cast.rightful()
        owned = [name for name in looked.scope.tables if name in looked.ownership.owned and name in planned.relations]
        self.tables = owned if self.rightful else []
        self._builder.build(self.tables)
        self.rightful = looked.cast.rightful()  # once more: some know who they are only from the rows

    def outcomes(self, table: str) -> Iterator[Outcome]:
        """What came of creating, reading, updating and deleting a row."""
        relation = self._catalog.tables[table]
        for command in _VERBS:
            yield self._first(relation, command)

    def blocks(self, table: str, anon: str) -> Outcome:
        """Whether somebody who has not signed in is kept from the rows."""

        def attempt(clock: Clock) -> Iterator[Finding]:
            row = next((row for row in self._rows(table) if not row.public), None)
            if row is None:
                raise CannotProbe(self._no_row(table))
            acting = self._session.acting(self._session.principal(anon))
            with self._session.trial(), acting:
                yield from _stranger(clock, self._catalog.tables[table], row, anon)

        level = declared(self._catalog, anon, table, "SELECT") if anon in self._catalog.roles else None
        sentence = f"{anon} can neither see nor change a row of {table}"
        if level is not None and level.level == "all" and "policy" in level.why:
            opened = f"a policy opens it: {level.why}"
            return replace(
                tried(self._session, "AnonBlocked", table, sentence, _nothing), status="skipped", reason=opened
            )
        return tried(self._session, "AnonBlocked", table, sentence, attempt)

    def _first(self, relation: Relation, command: Command) -> Outcome:
        """The outcome for the first owner who succeeds, or else for the first who may."""
        kind, verb = _VERBS[command]
        may = [
            one for one in self.rightful if declared(self._catalog, one.role, relation.name, command).level != "none"
        ]
        if not may:
            role = self.rightful[0].role
            why = declared(self._catalog, role, relation.name, command).why
            sentence = f"{role} can {verb} a row of its own in {relation.name}"
            outcome = tried(self._session, kind, relation.name, sentence, _nothing)
            return replace(outcome, status="skipped", reason=f"{role} is not meant to {verb} rows of it: {why}")
        found: Outcome | None = None
        for principal in may:
            sentence = f"{principal.role} can {verb} a row of its own in {relation.name}"
            outcome = tried(
                self._session,
                kind,
                relation.name,
                sentence,
                partial(self._attempt, relation=relation, command=command, who=principal),
            )
            if outcome.status == "passed":
                return outcome
            found = found or _weighed(outcome)
        assert found is not None  # noqa: S101 - there is at least one who may
        return found

    def _attempt(self, clock: Clock, relation: Relation, command: Command, who: Principal) -> Iterator[Finding]:
        if command == "INSERT":
            yield from self._create(clock, relation, who)
            return
        rows = sorted(self._rows(relation.name), key=lambda row: row.index % 2 != who.index)
        if not rows:
            raise CannotProbe(self._no_row(relation.name))
        said = ""
        for row in rows[: 2 * DRAFTS]:
            statement = self._statement(relation, command, who, row)
            with self._stage.acting(who):
                try:
                    if clock.rows(statement):
                        return
                    said = f"{who.phrase} finds no row of its own"
                except Refused as refused:
                    if command == "DELETE" and refused.sqlstate in _REFERRED:
                        return
                    if not _about_row(refused):
                        raise
                    said = f"{refused.sqlstate}: {refused}"
        yield Finding(f"{who.role} cannot {_VERBS[command][1]} its own row of {relation.name}", "1 row", said)

    def _create(self, clock: Clock, relation: Relation, who: Principal) -> Iterator[Finding]:
        allowed = [
            name for name in relation.columns if "INSERT" in on_column(self._catalog, who.role, relation.name, name)
        ]
        said = ""
        mine = dict.fromkeys(users_among(self._builder, relation), (who.claims or {}).get("sub"))
        for number in range(DRAFTS):
            row = self._draft(relation, who.index + number // 2 * 2, mine if number % 2 and all(mine.values()) else {})
            with self._session.trial():
                self._stage.as_owner(WORLD)
                self._without(row)
                self._stage.become(who)
                try:
                    clock.rows(insert(relation, row.values, allowed))
                except Refused as refused:
                    if not _about_row(refused):
                        raise
                    said = f"{refused.sqlstate}: {refused}"
                    continue
                return
        yield Finding(f"{who.role} cannot create a row of its own in {relation.name}", "1 row", said)

    def _rows(self, table: str) -> list[Row]:
        """The owner's rows; those too that a trigger has made, if they speak of the owner."""
        users = set(self._builder.identities.uids[WORLD])
        return self._builder.worlds.of(WORLD, table) or [
            row for row in self._builder.worlds.of("", table) if users & set(row.values.values())
        ]

    def _without(self, row: Row) -> None:
        """Take out the row that is there already, since a trigger has made it."""
        with suppress(Refused):
            self._session.rows(f"delete from {row.table} where {row.where}")

    def _draft(self, relation: Relation, index: int, pins: Mapping[str, Any]) -> Row:
        """A row as it would be stored, which is taken out again."""
        with self._session.trial():
            self._stage.as_owner(WORLD)
            try:
                row = self._builder.drafted(relation, WORLD, index, pins)
            except CannotSynthesise:
                row = None
        if row is None:
            raise CannotProbe(self._no_row(relation.name))
        return row

    def _statement(self, relation: Relation, command: Command, who: Principal, row: Row) -> str:
        if command == "SELECT":
            return f"select 1 from {relation.name} where {row.where}"
        if command == "DELETE":
            return f"delete from {relation.name} where {row.where} returning 1"
        column = next(
            (
                column.name
                for column in sorted(relation.columns.values(), key=lambda column: column.name in row.key)
                if column.generated is None
                and column.identity != "ALWAYS"
                and "UPDATE" in on_column(self._catalog, who.role, relation.name, column.name)
            ),
            None,
        )
        if column is None:
            raise CannotProbe(f"{who.role} may update no column of {relation.name}")
        return f"update {relation.name} set {quote(column)} = {quote(column)} where {row.where} returning 1"

    def _no_row(self, table: str) -> str:
        why = self._builder.worlds.failures.get(table)
        return f"no row of {table} could be made{f': {why}' if why else ''}"


def _about_row(refused: Refused) -> bool:
    """Whether it is the row that is refused, so that another might go in."""
    by_policy = refused.denied and "row-level security" in refused.message
    return by_policy or refused.sqlstate[:2] == "23" or refused.sqlstate == "P0001"


def _weighed(outcome: Outcome) -> Outcome:
    """A warning where policies or constraints refuse the rows that were made: they may ask for more than an owner."""
    refused_rows = outcome.status == "failed" and all(finding.expected == "1 row" for finding in outcome.findings)
    return replace(outcome, severity="warning") if refused_rows else outcome


def _nothing(_clock: Clock) -> Iterator[Finding]:
    yield from ()


def _stranger(clock: Clock, relation: Relation, row: Row, anon: str) -> Iterator[Finding]:
    """What somebody who has not signed in can do with a row."""
    settable = [c.name for c in relation.columns.values() if c.generated is None and c.identity != "ALWAYS"]
    statements = {"sees": f"select 1 from {relation.name} where {row.where}"}
    if settable:
        column = quote(settable[-1])
        statements["can update"] = f"update {relation.name} set {column} = {column} where {row.where} returning 1"
    statements["can delete"] = f"delete from {relation.name} where {row.where} returning 1"
    for verb, statement in statements.items():
        with clock.session.trial():
            try:
                reached = bool(clock.rows(statement))
            except Refused as refused:
                if not refused.denied and refused.sqlstate not in _REFERRED and refused.sqlstate[:2] != "P0":
                    raise
                reached = refused.sqlstate in _REFERRED
        if reached:
            hint = "Row-level security is off." if not relation.rls_enabled else "Look for a policy that lets it in."
            yield Finding(f"{anon} {verb} a row of {relation.name} that is somebody's", "no row", "1 row", hint=hint)
