"""Rows that are made and inserted, parents first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pgcontract.contract.session import Refused
from pgcontract.names import canonical
from pgcontract.synth.draw import Draw, RandomDraw
from pgcontract.synth.drawing import Request, fill, settle, skeleton
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.failures import CannotSynthesise, NoValueError
from pgcontract.synth.inserting import change, insert, key_of, passing
from pgcontract.synth.levels import levels, sides
from pgcontract.synth.pins import NOT_PINNED, Canary, Inserted, Pin
from pgcontract.synth.plan import Plan, plan_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.contract.session import Session
    from pgcontract.synth.state import State

ATTEMPTS = 12
"""How often a row is tried before it is given up."""

_UNIQUE = "23505"
_BATCH = 60
_DEEPEST = 24

_MAKERS: WeakKeyDictionary[Session, int] = WeakKeyDictionary()

Parents = Mapping[str, "Inserted | Sequence[Inserted]"]


@dataclass(slots=True)
class _Frame:
    """A row that is being made.

    Attributes:
        plan: Of its table.
        fixed: What is settled so far.
        made: The rows made for it.
    """

    plan: Plan
    parents: Parents
    fixed: dict[str, Any] = field(default_factory=dict)
    attempt: int = 0
    made: list[Inserted] = field(default_factory=list)


class Maker:
    """Makes rows on a live session, whose transaction is rolled back, as a role that row-level security does not bind.

    Rows of one maker may refer to each other: for two worlds that must not meet, take two makers.

    Args:
        session: Where they go in.
        catalog: What the tables are.
        seed: The same seed makes the same rows of the same catalog.
        draw: Where choices come from; else random numbers of that seed.
        pin: Asked for every column of every row.
        canary: Gives the marker that texts carry wherever their constraints allow.
        parents: Rows that foreign keys refer to, by table, wherever nothing else is said.
    """

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        *,
        seed: int = 0,
        draw: Draw | None = None,
        pin: Pin | None = None,
        canary: Canary | None = None,
        parents: Parents | None = None,
    ) -> None:
        self.catalog = catalog
        self.made: dict[str, list[Inserted]] = {}
        self._session = session
        self._seed = seed
        # Two makers of one session with one seed must not make the same keys.
        number = _MAKERS[session] = _MAKERS.get(session, 0) + 1
        self._draw = draw or RandomDraw(Random(f"{seed} {number}"))  # noqa: S311 - no secret
        self._pin = pin
        self._canary = canary
        self._parents = dict(parents or {})
        self._plans: dict[str, Plan] = {}
        self._frames: list[_Frame] = []

    def row(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        parents: Parents | None = None,
        avoid: Mapping[str, Collection[Any]] | None = None,
    ) -> Inserted:
        """Make one row, and whatever it refers to; nullable columns get values.

        Args:
            table: `table` (in `public`) or `schema.table`.
            where: Values of columns, or Hypothesis strategies for them; None is NULL.
            parents: Rows to refer to, by table, for this row and those made for it; a sequence to choose from.
            avoid: Values that columns may not get.

        Raises:
            CannotSynthesise: No row goes in; it says why, and what to pin.
            MissingObjectError: There is no such table or column.
        """
        return self._made_row(canonical(table, "public"), where or {}, parents or {}, avoid or {}, {})

    def rows(
        self,
        table: str,
        n: int,
        where: Mapping[str, Any] | None = None,
        *,
        parents: Parents | None = None,
        avoid: Mapping[str, Collection[Any]] | None = None,
    ) -> list[Inserted]:
        """Make several rows that differ: see `levels.py` for what they cover.

        Raises:
            CannotSynthesise: Not even one goes in; fewer than `n` where keys leave no room for more.
            MissingObjectError: There is no such table or column.
        """
        name = canonical(table, "public")
        plan = self._plan(name)
        every = sides(plan)
        found: list[Inserted] = []
        for index in range(n):
            wanted = levels(plan, every, self._seed, index)
            try:
                found.append(self._made_row(name, where or {}, parents or {}, avoid or {}, wanted))
            except CannotSynthesise:
                if not found:
                    raise
        return found

    def _plan(self, table: str) -> Plan:
        if table not in self._plans:
            self._plans[table] = plan_of(self.catalog, table)
        return self._plans[table]

    def _made_row(
        self,
        table: str,
        where: Mapping[str, Any],
        parents: Parents,
        avoid: Mapping[str, Collection[Any]],
        wanted: Mapping[str, tuple[Any, ...]],
    ) -> Inserted:
        plan = self._plan(table)
        for name in where:
            plan.relation.columns[name]  # one that is missing says so
        with self._frame(plan, parents) as frame:
            reason = "nothing was tried"
            for attempt in range(ATTEMPTS):
                frame.attempt = attempt
                frame.fixed = self._pinned(plan, where)
                request = self._request(frame, avoid, wanted if attempt < ATTEMPTS - 2 else {})
                try:
                    values = self._candidate(frame, request)
                    stored = insert(self._session, plan.relation, values)
                except NoValueError as error:
                    reason = str(error)
                except Refused as refused:
                    if refused.denied:
                        raise CannotSynthesise(table, f"it may not be written: {refused}") from refused
                    adopted = self._adopted(frame, values, refused)
                    if adopted is not None:
                        return adopted
                    reason = f"{refused.sqlstate}: {refused}"
                else:
                    return self._remember(frame, stored)
        raise CannotSynthesise(table, reason, _pinnable(plan))

    def _adopted(self, frame: _Frame, values: Mapping[str, Any], refused: Refused) -> Inserted | None:
        """The row that a trigger has made already when its parent went in, now with the values that were drawn."""
        plan = frame.plan
        names = next((names for index, names in plan.unique.items() if index in str(refused)), ())
        if refused.sqlstate != _UNIQUE or not names or not set(names) <= plan.references:
            return None
        key = {name: values[name] for name in names}
        if any(_agrees(row, key) for row in self.made.get(plan.relation.name, ())):
            return None
        try:
            stored = change(self._session, plan.relation, key, {k: v for k, v in values.items() if k not in names})
        except Refused:
            return None
        return self._remember(frame, stored)

    def _remember(self, frame: _Frame, stored: dict[str, Any]) -> Inserted:
        relation = frame.plan.relation
        made = Inserted(relation.name, key_of(relation, stored), stored, tuple(frame.made))
        self.made.setdefault(relation.name, []).append(made)
        return made

    @contextmanager
    def _frame(self, plan: Plan, parents: Parents) -> Iterator[_Frame]:
        if len(self._frames) >= _DEEPEST:
            raise CannotSynthesise(plan.relation.name, "its foreign keys go on and on")
        outer = self._frames[-1].parents if self._frames else {}
        frame = _Frame(plan, {**outer, **{canonical(name, "public"): rows for name, rows in parents.items()}})
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()
            if self._frames:
                self._frames[-1].made += [*frame.made, *self.made.get(plan.relation.name, [])[-1:]]

    def _pinned(self, plan: Plan, where: Mapping[str, Any]) -> dict[str, Any]:
        """What the caller says, by `where` first, then by the hook."""
        fixed = {name: self._draw.drawn(value) for name, value in where.items()}
        for name, column in plan.columns.items() if self._pin is not None else ():
            if name not in fixed and self._pin is not None:
                value = self._draw.drawn(self._pin(plan.relation, column))
                if value is not NOT_PINNED:
                    fixed[name] = value
        return fixed

    def _request(
        self, frame: _Frame, avoid: Mapping[str, Collection[Any]], wanted: Mapping[str, tuple[Any, ...]]
    ) -> Request:
        plan = frame.plan
        canary = self._canary

        def marker(name: str) -> str:
            return canary(plan.relation, plan.columns[name]) if canary is not None else ""

        usual: dict[str, tuple[Any, ...]] = dict.fromkeys(set(plan.columns) - plan.required - plan.references, ("",))
        return Request(frame.fixed, {**usual, **wanted}, avoid, marker, guess=False)

    def _candidate(self, frame: _Frame, request: Request) -> dict[str, Any]:
        """A row's values; where a check cannot be evaluated here, one that the server lets through."""
        plan = frame.plan
        state = skeleton(plan, request, self._draw)
        self._refer(frame, state)
        values = fill(self.catalog, plan, state, request, self._draw)
        asked = [check for check in plan.checks if check.text and self._open(check.node, values)]
        if not asked:
            return values
        return self._filtered(frame, request, values, [check.text for check in asked if check.column is None])

    def _open(self, node: Any, values: Mapping[str, Any]) -> bool:
        return node is None or evaluate(node, values) is UNKNOWN

    def _filtered(self, frame: _Frame, request: Request, first: dict[str, Any], texts: list[str]) -> dict[str, Any]:
        if not texts:
            return first
        candidates = [first]
        for number in range(_BATCH):
            other = Request(request.fixed, request.levels, request.avoid, request.marker, guess=number % 2 == 1)
            try:
                state = skeleton(frame.plan, other, self._draw)
                candidates.append(fill(self.catalog, frame.plan, state, other, self._draw))
            except NoValueError:
                continue
        try:
            left = passing(self._session, frame.plan, texts, candidates)
        except Refused:
            return self._draw.choice(candidates)
        if not left:
            raise NoValueError(f"none of {len(candidates)} candidates satisfies {' and '.join(texts)}")
        return candidates[left[0]]

    def _refer(self, frame: _Frame, state: State) -> None:
        """Settle the columns of foreign keys."""
        for key in frame.plan.foreign_keys:
            open_columns = [name for name in key.columns if name not in frame.fixed]
            if not open_columns or key.references is None:
                continue
            if any(state.of(name).null for name in open_columns):
                frame.fixed.update(dict.fromkeys([name for name in open_columns if state.of(name).null]))
                continue
            parent = self._parent(frame, key, state)
            if parent is None:
                frame.fixed.update(dict.fromkeys(_nullable(frame, key, state)))
                continue
            for name, target in zip(key.columns, key.referenced_columns, strict=True):
                if name in open_columns:
                    frame.fixed[name] = parent[target]
                    if not settle(state, frame.plan, name, frame.fixed[name]):
                        raise NoValueError(f"{name} may not refer to the row that there is")

    def _parent(self, frame: _Frame, key: Constraint, state: State) -> Mapping[str, Any] | None:
        """The row that a foreign key refers to, or None for NULL."""
        table = str(key.references)
        settled = {
            target: frame.fixed[name]
            for name, target in zip(key.columns, key.referenced_columns, strict=True)
            if frame.fixed.get(name) is not None
        }
        given = frame.parents.get(table) or self._parents.get(table)
        if given is not None:
            return self._draw.choice([given] if isinstance(given, Inserted) else list(given)).values
        if any(other.plan.relation.name == table for other in self._frames):
            if _nullable(frame, key, state):
                return None
            raise NoValueError(f"its foreign key {key.name} goes round in a circle")
        fresh = frame.attempt > 0 or set(key.columns) in [set(names) for names in frame.plan.unique.values()]
        known = [row for row in self.made.get(table, ()) if _agrees(row, settled)]
        if known and not fresh:
            return known[-1].values
        return self._made_row(table, settled, {}, {}, {}).values


def _pinnable(plan: Plan) -> tuple[str, ...]:
    """The columns that a user could give a value: those that need one and have no default."""
    return tuple(name for name, column in plan.columns.items() if name in plan.required and column.default is None)


def _nullable(frame: _Frame, key: Constraint, state: State) -> list[str]:
    """The columns of a foreign key that may be NULL, so that it refers to nothing; all or none of a full one."""
    found = [name for name in key.columns if name not in frame.fixed and state.of(name).null is None]
    return found if key.match != "FULL" or len(found) == len(key.columns) else []


def _agrees(row: Inserted, settled: Mapping[str, Any]) -> bool:
    return all(str(row.values.get(name)) == str(value) for name, value in settled.items())
