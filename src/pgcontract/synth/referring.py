"""Foreign keys: the row that each refers to is given, is there already, or is made first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.contract.session import Refused
from pgcontract.synth.bench import Frame, Order, agrees
from pgcontract.synth.deferral import put_off
from pgcontract.synth.failures import CannotSynthesise, CircleError, NoValueError
from pgcontract.synth.inserting import change, found
from pgcontract.synth.pins import Inserted
from pgcontract.synth.values import value
from pgcontract.synth.wanting import Request, settle, skeleton
from pgcontract.synth.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.synth.bench import Bench
    from pgcontract.synth.state import State


Asked: TypeAlias = "tuple[tuple[Frame, str], ...]"
"""Columns of rows that are being made, of which each has to be equal to the next."""


def refer(bench: Bench, frame: Frame, state: State) -> None:
    """Settle the columns of all foreign keys of a row.

    Raises:
        NoValueError: What they could refer to does not suit the checks.
        CannotSynthesise: What they must refer to cannot be made.
    """
    for key in frame.plan.foreign_keys:
        open_columns = [name for name in key.columns if name not in frame.fixed]
        if not open_columns or key.references is None:
            continue
        nulls = [name for name in open_columns if state.of(name).null]
        if nulls:
            frame.fixed.update(dict.fromkeys(nulls))
            continue
        parent = _parent(bench, frame, key, state)
        if parent is None:
            frame.fixed.update(dict.fromkeys(nullable(frame, key, state)))
            continue
        for name, target in zip(key.columns, key.referenced_columns, strict=True):
            if name in open_columns:
                frame.fixed[name] = parent[target]
                if not settle(state, frame.plan, name, parent[target]):
                    raise NoValueError(f"{name} may not refer to the row that there is")


def nullable(frame: Frame, key: Constraint, state: State) -> list[str]:
    """The columns of a foreign key that may be NULL, so that it refers to nothing; all or none of a full one."""
    free = [name for name in key.columns if name not in frame.fixed and state.of(name).null is None]
    return free if key.match != "FULL" or len(free) == len(key.columns) else []


def _parent(bench: Bench, frame: Frame, key: Constraint, state: State) -> Mapping[str, Any] | None:
    """The row that a foreign key refers to, or None for NULL."""
    table = str(key.references)
    settled = {
        target: frame.fixed[name]
        for name, target in zip(key.columns, key.referenced_columns, strict=True)
        if frame.fixed.get(name) is not None
    }
    given = frame.parents.get(table) or bench.parents.get(table)
    if given is not None:
        return _given(bench, [given] if isinstance(given, Inserted) else list(given), settled)
    if key.name in frame.later:
        return None
    above = next((other for other in reversed(bench.frames) if other.plan.relation.name == table), None)
    if above is not None:
        return _in_a_circle(bench, frame, key, state, above)
    fresh = frame.attempt > 0 or set(key.columns) in [set(names) for names in frame.plan.unique.values()]
    known = [row for row in bench.made.get(table, ()) if agrees(row, settled)]
    if known and not fresh:
        return known[-1].values
    try:
        return bench.make(Order(table, settled)).values
    except CannotSynthesise as error:
        return _instead(bench, frame, key, state, settled=settled, error=error)


def _given(bench: Bench, rows: list[Inserted], settled: Mapping[str, Any]) -> Mapping[str, Any]:
    fitting = [row for row in rows if agrees(row, settled)]
    return bench.draw.choice(fitting or rows).values


def _instead(
    bench: Bench,
    frame: Frame,
    key: Constraint,
    state: State,
    *,
    settled: Mapping[str, Any],
    error: CannotSynthesise,
) -> Mapping[str, Any] | None:
    """Where no new row can be made: one that is there already, or NULL, or the reason again."""
    if error.circular and nullable(frame, key, state):
        frame.later.add(key.name)
        return None
    if not error.circular:
        try:
            there = found(bench.session, bench.catalog.relations[str(key.references)], settled)
        except Refused:
            there = []
        if there:
            return bench.draw.choice(there)
    if nullable(frame, key, state):
        return None
    if error.circular and key.deferrable:
        return _promised(bench, frame, key)
    raise error


def _promised(bench: Bench, frame: Frame, key: Constraint) -> Mapping[str, Any]:
    """The key of a row that is made after this one, since it refers to this one itself."""
    if key.name not in frame.promised:
        put_off(bench)
        target = bench.plan(str(key.references))
        unknown = Order(str(key.references))
        after = Frame(unknown, target, {}, state=skeleton(target, Request(), bench.draw))
        frame.promised[key.name] = {name: _planned(bench, after, name) for name in key.referenced_columns}
    return frame.promised[key.name]


def _in_a_circle(bench: Bench, frame: Frame, key: Constraint, state: State, above: Frame) -> Mapping[str, Any] | None:
    """What refers to a row that is itself being made: NULL, or the key that it is going to have."""
    own = above is frame
    if nullable(frame, key, state):
        known = bench.made.get(above.plan.relation.name, []) if own and frame.attempt == 0 else []
        settled = dict(zip(key.referenced_columns, (frame.fixed.get(name) for name in key.columns), strict=True))
        wanted = {name: value for name, value in settled.items() if value is not None}
        return next((row.values for row in reversed(known) if agrees(row, wanted)), None)
    if not own and not key.deferrable:
        raise CircleError(f"its foreign key {key.name} goes round in a circle, and cannot be deferred")
    if not own:
        put_off(bench)
    names = zip(key.columns, key.referenced_columns, strict=True)
    return {target: _planned(bench, above, target, ((frame, name),)) for name, target in names}


def _below(bench: Bench, frame: Frame, name: str) -> Iterator[tuple[Frame, str]]:
    """What a column refers to in rows that are being made for this one, and that have to agree with it."""
    for key in frame.plan.foreign_keys:
        if name not in key.columns:
            continue
        if not key.deferrable and len(bench.frames) == 1:
            raise CircleError(f"{frame.plan.relation.name}.{name} is needed before it can be known")
        target = key.referenced_columns[key.columns.index(name)]
        yield from ((other, target) for other in bench.frames if other.plan.relation.name == key.references)


def _planned(bench: Bench, frame: Frame, name: str, asked: Asked = ()) -> Any:
    """The value that a column of a row that is being made is going to have."""
    if name not in frame.fixed:
        if frame.state is None or name not in frame.plan.columns:
            raise CircleError(f"{frame.plan.relation.name}.{name} is needed before it can be known")
        asked = (*asked, (frame, name))
        for other, target in _below(bench, frame, name):
            if all(other is not one or target != column for one, column in asked):
                frame.fixed[name] = frame.planned[name] = _planned(bench, other, target, asked)
                settle(frame.state, frame.plan, name, frame.fixed[name])
                return frame.fixed[name]
        limits = frame.state.of(name).copy()
        for one, column in asked:
            if one.state is not None and not limits.also(one.state.of(column)):
                raise CircleError(f"{frame.plan.relation.name}.{name} and {column} cannot be equal")
        wish = Wish(bench.draw, limits, fresh=True)
        frame.fixed[name] = frame.planned[name] = value(bench.catalog, frame.plan.types[name], wish)
        settle(frame.state, frame.plan, name, frame.fixed[name])
    return frame.fixed[name]


def fill_later(bench: Bench, frame: Frame, row: Inserted) -> Inserted:
    """The row, with the foreign keys filled that had to wait until it was there; as it is where that is refused.

    Raises:
        CannotSynthesise: A row that it refers to already cannot be made now.
    """
    for name, where in frame.promised.items():
        after = frame.plan.relation.constraints[name]
        bench.make(Order(str(after.references), where, {**frame.parents, row.table: row}))
    for key in frame.plan.foreign_keys:
        if key.name not in frame.later or any(row.values[name] is not None for name in key.columns[-1:]):
            continue
        target = str(key.references)
        try:
            parent = bench.make(Order(target, parents={**frame.parents, row.table: row}))
            names = zip(key.columns, key.referenced_columns, strict=True)
            changes = {name: parent.values[other] for name, other in names if row.values[name] is None}
            stored = change(bench.session, frame.plan.relation, row.key, changes)
        except (CannotSynthesise, Refused):
            continue
        row = Inserted(row.table, row.key, stored, (*row.made, parent))
    return row
