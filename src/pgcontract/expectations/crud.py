from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator

from pgcontract.catalog.effective import on_column
from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Relation
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.acting import require_telling
from pgcontract.expectations.scenes import scene_of
from pgcontract.names import quote
from pgcontract.synth import CannotSynthesise
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.scene import Scene

Crud: TypeAlias = Literal["INSERT", "SELECT", "UPDATE", "DELETE"]
_COMMANDS: tuple[Crud, ...] = ("INSERT", "SELECT", "UPDATE", "DELETE")
_INCOMPARABLE = frozenset({"json", "xml", "point", "polygon", "path", "box", "line", "lseg", "circle"})
_Crud = Annotated[Crud, AnyCase(_COMMANDS)]
Cruds = Annotated[
    Sequence[_Crud] | _Crud,
    AfterValidator(lambda value: tuple(one for one in _COMMANDS if one == value or one in tuple(value))),
]


class CrudWorks(ProbeExpectation):
    """{by} can {commands} a row of its own in {table}.

    A row is made from the catalog alone, whatever it refers to beside it, and `by` goes through its life: puts it in,
    finds it, changes it and deletes it; all of it is rolled back. Where it may not put it in, or need not, the rest is
    tried on rows of its own that are there. `by` is a principal of the
    contract, whose claims and settings make the row its own, or a role, for which a user with rows acts. `where` pins
    columns, should no row go in by itself, and `owner` says whose a row is, where that is not found.

    Example:
        CrudWorks("invoices", "authenticated")

    Repair: grant what is missing, and let a policy for the command reach the owner's rows.
    """

    table: Relation
    by: Identifier
    commands: Cruds = _COMMANDS
    where: Mapping[str, Any] | None = None
    owner: Identifier | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        relation = session.catalog.relations[self.table]
        if not relation.is_table:
            raise CannotProbe(f"{self.table} is a {relation.kind}: rows are made in tables alone")
        for name in self.where or {}:
            relation.columns[name]  # one that is missing says so
        with scene_of(session, self.table, self.by, self.owner) as scene:
            yield from self._live(scene, relation)

    def _live(self, scene: Scene, relation: RelationRecord) -> Iterator[Finding]:
        stage, actors = scene.prepared.stage, scene.actors(self.by)
        with stage.session.acting_as(actors[0].role):
            pass  # whoever may not become it says so
        refused: list[Finding] = []
        for actor in [one for one in actors if one.rows] or actors[:1]:
            if "INSERT" in self.commands:
                found = list(self._whole(scene, relation, actor))
                if not any(finding.expected == "INSERT" for finding in found):
                    yield from found
                    return
                refused = refused or found
        yield from refused
        yield from self._on_others(scene, relation, actors)

    def _whole(self, scene: Scene, relation: RelationRecord, actor: Principal) -> Iterator[Finding]:
        """The whole life of a row, if it can be put in."""
        from pgcontract.isolation.rows import insert  # noqa: PLC0415 - nothing else needs all that it imports

        session = scene.prepared.stage.session
        allowed: dict[Crud, list[str]] = {
            command: _allowed(session, relation, actor.role, command) for command in _COMMANDS
        }
        with session.trial():
            row = self._draft(scene, relation, actor.index)
            refused = list(self._insert(scene, actor, insert(relation, row.values, allowed["INSERT"])))
            yield from refused
            where = _where(relation, row, allowed["INSERT"], allowed["SELECT"])
            for command in _COMMANDS if not refused else ():
                if command != "INSERT" and command in self.commands:
                    yield from self._on_row(session, command, _statement(relation, row, command, allowed, where))

    def _on_others(self, scene: Scene, relation: RelationRecord, actors: Sequence[Principal]) -> Iterator[Finding]:
        """The commands on rows of its own that were there before; one of those who act as the role must reach one."""
        for command in _COMMANDS:
            if command == "INSERT" or command not in self.commands:
                continue
            seen = [scene.observer.observe(actor, relation, command) for actor in actors]
            if all(one.level is None for one in seen):
                raise CannotProbe(f"{command} on {self.table} could not be told: {seen[0].why}; say `owner`")
            if not any(one.level in {"own", "all"} for one in seen):
                why = next((one.why for one in seen if one.why), "its policies do not reach the row")
                message = f"{self.by} cannot {command} a row of its own in {self.table}: {why}"
                yield Finding(message, command, "0 rows")

    def _draft(self, scene: Scene, relation: RelationRecord, index: int) -> Row:
        """A row that was taken out again, while what it refers to stays; where no more go in, one that was there."""
        stage = scene.prepared.stage
        stage.as_owner("A")
        there = scene.builder.worlds.of("A", self.table)
        try:
            row = scene.builder.drafted(relation, "A", index, self.where or {})
        except CannotSynthesise as error:
            if self.where or not there:
                raise CannotProbe(f"{error}{f'. {error.hint}' if error.hint else ''}") from error
            row = there[index % len(there)]
        if row is None:
            raise CannotProbe(f"the row that was made for {self.table} is not there any more; pin columns by `where`")
        try:
            stage.session.rows(f"delete from {self.table} where {row.where}")
        except Refused as refused:
            raise CannotProbe(f"the row that was made for {self.table} cannot be taken out: {refused}") from refused
        return row

    def _insert(self, scene: Scene, actor: Principal, statement: str) -> Iterator[Finding]:
        """Put the row in, for good within the trial."""
        stage = scene.prepared.stage
        stage.become(actor)
        try:
            stage.session.rows(statement)
            stage.session.rows("set constraints all immediate")
        except Refused as refused:
            yield self._finding("INSERT", str(refused), refused)

    def _on_row(self, session: Session, command: str, statement: str) -> Iterator[Finding]:
        try:
            if session.count(statement) == 0:
                yield self._finding(command, "its policies do not reach the row", None)
        except Refused as refused:
            yield self._finding(command, str(refused), refused)

    def _finding(self, command: str, why: str, refused: Refused | None) -> Finding:
        if refused is not None:
            require_telling(refused)
        observed = f"{refused.sqlstate}: {refused}" if refused else "0 rows"
        return Finding(f"{self.by} cannot {command} a row of its own in {self.table}: {why}", command, observed)


def _allowed(session: Session, relation: RelationRecord, role: str, command: str) -> list[str]:
    """The columns that a role may name in a command."""
    if command == "DELETE":
        return list(relation.columns)
    return [name for name in relation.columns if command in on_column(session.catalog, role, relation.name, name)]


def _where(relation: RelationRecord, row: Row, given: Collection[str], seen: Collection[str]) -> str:
    """What finds the row: its key, or where that was not given, or may not be read, whatever was and may."""
    from pgcontract.isolation.rows import equals  # noqa: PLC0415 - as above

    if all(name in given and name in seen for name in row.key):
        return row.where
    known = [name for name in relation.columns if name in given and name in seen and row.values[name] is not None]
    comparable = [name for name in known if relation.columns[name].type not in _INCOMPARABLE]
    return " and ".join(f"{quote(name)} {equals(row.values[name])}" for name in comparable) or row.where


def _statement(relation: RelationRecord, row: Row, command: Crud, allowed: Mapping[Crud, list[str]], where: str) -> str:
    from pgcontract.isolation.rows import sql  # noqa: PLC0415 - as above

    if command == "SELECT":
        return f"select {', '.join(map(quote, allowed['SELECT'])) or '*'} from {relation.name} where {where}"
    if command == "DELETE":
        return f"delete from {relation.name} where {where}"
    settable = [name for name in allowed["UPDATE"] or relation.columns if _settable(relation, name)]
    name = next((name for name in settable if name not in row.key), next(iter(settable), row.key[0]))
    return f"update {relation.name} set {quote(name)} = {sql(row.values[name])} where {where}"


def _settable(relation: RelationRecord, name: str) -> bool:
    column = relation.columns[name]
    return column.generated is None and column.identity != "ALWAYS"
