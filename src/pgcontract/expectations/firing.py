from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import model_validator

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.acting import rehearsing, require_sight, require_telling
from pgcontract.names import perhaps, quote
from pgcontract.synth import CannotSynthesise
from pgcontract.synth.inserting import change, delete, found, insert
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.synth import Inserted, Maker

RowEvents = Annotated[Literal["INSERT", "UPDATE", "DELETE"], AnyCase(("INSERT", "UPDATE", "DELETE"))]

_PAST = "2000-01-01"


class TriggerFires(ProbeExpectation):
    """{trigger} on {table} does its work.

    A row is made and, as `on` says, put in, changed or deleted; all of it is rolled back. Then each column that
    it `moves` must have another value, as `updated_at` after an update, and the table that it `writes` must have more
    rows than before, as a history has. Since time stands still inside a transaction, a time that is to move is put
    into the past first. An update sets what `change` says, or else every column that it can to another value. `where`
    pins columns of the row that is made.

    Example:
        TriggerFires("invoices", "set_updated_at", moves="updated_at")

    Repair: create or enable the trigger; what its function leaves out is for its author.
    """

    table: Relation
    trigger: Member
    on: RowEvents = "UPDATE"
    moves: Identifiers = ()
    writes: Relation | None = None
    change: Mapping[str, Any] | None = None
    where: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.moves and self.writes is None:
            raise ValueError("it says not what the trigger does: give the columns that it moves, or what it writes")
        if self.moves and self.on != "UPDATE":
            raise ValueError("columns are moved by an update alone")
        return self

    def probe(self, session: Session) -> Iterator[Finding]:
        relation = session.catalog.relations[self.table]
        for name in (*self.moves, *(self.change or {})):
            relation.columns[name]  # one that is missing says so
        idle = list(self._idle(relation))
        if idle:
            yield from idle
            return
        with rehearsing(session, self.table) as maker:
            row = self._made(session, maker, relation)
            key = {name: row[name] for name in (relation.primary_key.columns if relation.primary_key else row)}
            if self.on == "INSERT":  # with all that it refers to still there
                self._do(lambda: delete(session, relation, key))
            before = self._written(session)
            self._do(lambda: self._act(session, maker, relation, row, key))
            after = next(iter(found(session, relation, key)), row)
            yield from self._moved(row, after)
            if self.writes is not None and self._written(session) <= before:
                wanted = f"a row in {self.writes}"
                message = f"trigger {quote(self.trigger)} writes nothing to {self.writes} on {self.on.lower()}"
                yield Finding(message, wanted, "no row")

    def _idle(self, relation: RelationRecord) -> Iterator[Finding]:
        """What the catalog alone tells: it is not there, or does not fire."""
        trigger = relation.triggers.get(self.trigger)
        if trigger is None:
            hint = perhaps(self.trigger, relation.triggers)
            yield Finding(f"{self.table} has no trigger {quote(self.trigger)}", self.trigger, hint=hint)
        elif trigger.enabled in {"DISABLED", "REPLICA"}:
            repair = Repair(f"alter table {self.table} enable trigger {quote(self.trigger)};")
            message = f"trigger {quote(self.trigger)} on {self.table} is {trigger.enabled.lower()}"
            yield Finding(message, "enabled", trigger.enabled.lower(), repair=(repair,))
        elif self.on not in trigger.events:
            message = f"trigger {quote(self.trigger)} on {self.table} does not fire on {self.on.lower()}"
            yield Finding(message, self.on, ", ".join(trigger.events))

    def _made(self, session: Session, maker: Maker, relation: RelationRecord) -> dict[str, Any]:
        """The row, its times in the past where they are to move."""
        times = [name for name in self.moves if _is_time(relation.columns[name].type)]
        made = self._with_times(maker, times)
        late = [name for name in times if not str(made.values[name]).startswith(_PAST[:4])]
        if not late:
            return dict(made.values)
        try:  # a trigger on insert has set it: now without triggers
            session.rows("select pg_catalog.set_config('session_replication_role', 'replica', true)")
            stored = change(session, relation, made.key, dict.fromkeys(late, _PAST))
            session.rows("select pg_catalog.set_config('session_replication_role', 'origin', true)")
        except Refused as refused:
            listed = ", ".join(late)
            raise CannotProbe(f"{listed} cannot be put into the past, and time stands still here: {refused}") from None
        return stored

    def _with_times(self, maker: Maker, times: list[str]) -> Inserted:
        pinned = dict(self.where or {})
        try:
            return maker.row(self.table, {**dict.fromkeys(times, _PAST), **pinned})
        except CannotSynthesise:
            return maker.row(self.table, pinned)

    def _do(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Refused as refused:
            require_telling(refused)
            how = f"{self.on.lower()} of {self.table}"
            raise CannotProbe(f"the {how} is refused: {refused}; pin columns by `where` or `change`") from None

    def _act(
        self, session: Session, maker: Maker, relation: RelationRecord, row: Mapping[str, Any], key: Mapping[str, Any]
    ) -> None:
        if self.on == "UPDATE":
            change(session, relation, key, self._changes(session, maker, relation, row))
        elif self.on == "DELETE":
            delete(session, relation, key)
        else:
            insert(session, relation, {n: v for n, v in row.items() if relation.columns[n].generated is None})
        session.rows("set constraints all immediate")

    def _changes(
        self, session: Session, maker: Maker, relation: RelationRecord, row: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What the update sets: what was said, or all that can well be otherwise, or a column to what it is."""
        if self.change is not None:
            return self.change
        bound = {*self.moves, *(name for one in relation.constraints.values() for name in one.columns)}
        free = [column.name for column in relation.columns.values() if column.generated is None and not column.identity]
        other: Mapping[str, Any] = {}
        with session.trial():
            try:
                other = maker.row(self.table, self.where).values
            except CannotSynthesise:
                other = {}
        differing = {name: other[name] for name in free if name not in bound and name in other}
        return differing or {name: row[name] for name in free if name not in self.moves} or dict(row)

    def _moved(self, row: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
        for name in self.moves:
            if after[name] == row[name]:
                message = f"trigger {quote(self.trigger)} does not move {self.table}.{quote(name)} on update"
                yield Finding(message, f"{name} moves", f"{name} stays {row[name]}")

    def _written(self, session: Session) -> int:
        """How many rows there are in what it writes."""
        if self.writes is None:
            return 0
        relation = session.catalog.relations[self.writes]
        require_sight(session, relation)
        count: int = session.rows(f"select pg_catalog.count(*) from {relation.name}")[0][0]
        return count


def _is_time(kind: str) -> bool:
    return kind == "date" or kind.startswith("timestamp")
