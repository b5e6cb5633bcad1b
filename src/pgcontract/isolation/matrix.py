"""The access matrix: for every principal, relation and command, what is declared and what acting shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from pgcontract.catalog.effective import may_set_role
from pgcontract.isolation.declared import COMMANDS, Command, Declared, declared
from pgcontract.isolation.model import Inconclusive, Options, Principal
from pgcontract.isolation.observed import Observed, Observer
from pgcontract.isolation.opening import Opening
from pgcontract.isolation.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session

_ACTING = frozenset({"anonymous", "member", "admin", "tenant"})
SERVICE = "service_role"
_ORDER = ("none", "own", "all")


@dataclass(frozen=True, slots=True)
class Cell:
    """One role, relation and command.

    Attributes:
        role: The role.
        relation: The relation's canonical name.
        command: What is done to its rows.
        observed: What those who act as the role reached, the most of any of them.
        declared: What grants and policies say.
        disagreement: Where the two disagree, how; empty otherwise.
        principal: Who reached most: `member`, `admin`, ….
    """

    role: str
    relation: str
    command: Command
    observed: Observed
    declared: Declared
    disagreement: str = ""
    principal: str = ""

    @property
    def exceeds(self) -> bool:
        """Whether more was reached than is declared: a hole, where the other way round is a right of no use."""
        return bool(self.disagreement) and self.observed.level != "none" and self.declared.level != "all"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who reaches what.

    Attributes:
        cells: By relation, then role, then command.
        inconclusive: Principals that could not act, and why.
    """

    cells: tuple[Cell, ...]
    inconclusive: tuple[Inconclusive, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles, in the order in which they acted: those with the least rights first."""
        return tuple(dict.fromkeys(cell.role for cell in self.cells))

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations, sorted."""
        return tuple(dict.fromkeys(cell.relation for cell in self.cells))

    def of(self, role: str, relation: str) -> tuple[Cell, ...]:
        """The cells of one role and relation, by command."""
        return tuple(cell for cell in self.cells if cell.role == role and cell.relation == relation)

    @property
    def verdict(self) -> Literal["holds", "warning", "broken"]:
        """Broken where somebody reached more than is declared, a warning where less."""
        if any(cell.exceeds for cell in self.cells):
            return "broken"
        return "warning" if self.disagreements else "holds"

    @property
    def disagreements(self) -> tuple[Cell, ...]:
        """The cells whose two sides disagree."""
        return tuple(cell for cell in self.cells if cell.disagreement)


def access_matrix(session: Session, options: Options | None = None) -> Matrix:
    """Act as every role on every relation, and set beside it what is declared.

    Args:
        session: One that may write, in a transaction that is rolled back.
        options: Hints, and what to look at.

    Raises:
        ContractError: A hint or an option names what is not there.
    """
    options = options or Options()
    scene = Prepared(session, options)
    inconclusive: list[Inconclusive] = []
    with session.trial():
        builder = scene.builder()
        worlds = builder.build([name for name in scene.scope.tables if name in scene.ownership.owned])
        Opening(session.catalog, scene.ownership, scene.vocabulary, scene.publics).mark(session, worlds)
        observer = Observer(scene.stage, builder)
        acting: dict[str, list[Principal]] = {}
        for principal in _principals(scene, options, inconclusive):  # some know who they are only from the rows
            acting.setdefault(principal.role, []).append(principal)
        cells = tuple(
            _cell(session.catalog, observer, principals, relation, command)
            for _, relation in sorted(scene.scope.relations.items())
            for principals in acting.values()
            for command in _commands(relation)
        )
    return Matrix(cells, tuple(inconclusive))


_MATRICES: WeakKeyDictionary[Session, dict[Options, Matrix]] = WeakKeyDictionary()


def matrix_of(session: Session, options: Options) -> Matrix:
    """The same, made once in a session for each set of options: building worlds is what costs.

    Raises:
        ContractError: A hint or an option names what is not there.
    """
    made = _MATRICES.setdefault(session, {})
    if options not in made:
        made[options] = access_matrix(session, options)
    return made[options]


def _principals(scene: Prepared, options: Options, inconclusive: list[Inconclusive]) -> Iterator[Principal]:
    catalog = scene.catalog
    may = may_set_role(catalog, catalog.server.user)
    for principal in _wanted(scene, set(options.principals)):
        if principal.role in may:
            yield principal
        else:
            reason = f"{catalog.server.user} may not act as {principal.role}: it is not a member of that role"
            inconclusive.append(Inconclusive("", principal.name, reason))


def _wanted(scene: Prepared, names: set[str]) -> Iterator[Principal]:
    """Users and strangers, and the service role; a role that is named and that no user has acts as itself."""
    roles = scene.catalog.roles
    service = [Principal("service", SERVICE, "the service role", {"role": SERVICE})] if SERVICE in roles else []
    found = [
        principal
        for principal in [*scene.cast.everybody(Options()), *service]
        if not names or {principal.name, principal.role} & names
        if principal.name in _ACTING or principal.role == SERVICE or principal.name in names
    ]
    yield from found
    alone = names & set(roles) - {principal.role for principal in found}
    yield from (Principal(role, role, f"a session of {role}") for role in sorted(alone))


def _commands(relation: Relation) -> tuple[Command, ...]:
    """Rows of views and the like are only looked at: what a write through them reaches is their tables' affair."""
    return COMMANDS if relation.is_table else ("SELECT",)


def _cell(
    catalog: Catalog, observer: Observer, principals: list[Principal], relation: Relation, command: Command
) -> Cell:
    role = principals[0].role
    said = declared(catalog, role, relation.name, command)
    principal, seen = _most(observer, principals, relation, command, said)
    owners = any(principal.rows for principal in principals)
    return Cell(role, relation.name, command, seen, said, _disagreement(said, seen, owners=owners), principal.name)


def _most(
    observer: Observer, principals: list[Principal], relation: Relation, command: Command, said: Declared
) -> tuple[Principal, Observed]:
    """The principal who reaches most; the others need not try where one reached everything, or none has a privilege."""
    best = principals[0], observer.observe(principals[0], relation, command)
    for principal in principals[1:]:
        if best[1].level == "all" or (said.level == "none" and best[1].level == "none"):
            break
        seen = observer.observe(principal, relation, command)
        if seen.level is not None and (best[1].level is None or _ORDER.index(seen.level) > _ORDER.index(best[1].level)):
            best = principal, seen
    return best


def _disagreement(said: Declared, seen: Observed, *, owners: bool) -> str:
    """How the two sides disagree. A role whose users have no rows of their own rightly reaches none of its own."""
    if seen.level is None or said.level in {"depends", seen.level}:
        if said.columns != seen.columns and seen.level not in {None, "none"}:
            return f"declared for {_listed(said.columns)}, reached {_listed(seen.columns)}"
        return ""
    if said.level == "own" and seen.level == "none" and not owners:
        return ""
    because = f": {seen.why}" if seen.why else ""
    return f"declared {said.level} ({said.why}), reached {seen.level}{because}"


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(columns) or "all columns"
