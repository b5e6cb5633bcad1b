"""One row: drawn, referred, filtered, inserted; and again, otherwise, where the server refuses it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.synth.bench import Bench, Frame, Order, agrees
from pgcontract.synth.completing import check
from pgcontract.synth.drawing import fill
from pgcontract.synth.failures import CannotSynthesise, CircleError, NoValueError
from pgcontract.synth.inserting import change, insert, key_of
from pgcontract.synth.pins import NOT_PINNED, Inserted
from pgcontract.synth.referring import fill_later, refer
from pgcontract.synth.wanting import Request, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.synth.levels import Level
    from pgcontract.synth.plan import Plan

ATTEMPTS = 12
"""How often a row is tried before it is given up."""

_HOPELESS = 5
"""How often the same reason may come before the server is even asked."""

_PLAIN_FROM = 8
"""The attempt from which on no side of a value is asked for."""

_DEEPEST = 24
_EITHER: tuple[Level, ...] = (("",), ("null",))
_UNIQUE = "23505"
_NOT_BUILT_IN = "0A000"


def make(bench: Bench, order: Order) -> Inserted:
    """Make and insert one row, and the rows that it refers to.

    Raises:
        CannotSynthesise: No row goes in.
        MissingObjectError: There is no such table or column.
    """
    plan = bench.plan(order.table)
    for name in order.where:
        plan.relation.columns[name]  # one that is missing says so
    with _framed(bench, order, plan) as frame:
        row = fill_later(bench, frame, _inserted(bench, frame))
        if len(bench.frames) == 1:
            check(bench, row)
        return row


def _inserted(bench: Bench, frame: Frame) -> Inserted:
    table, reason = frame.order.table, "nothing was tried"
    hopeless = 0
    for attempt in range(ATTEMPTS):
        frame.attempt = attempt
        if hopeless >= _HOPELESS:
            break
        try:
            values = _candidate(bench, frame)
        except CircleError as error:
            raise CannotSynthesise(table, str(error), pinnable(frame.plan), circular=True) from error
        except NoValueError as error:
            hopeless += reason == str(error)
            reason = str(error)
            continue
        try:
            return _remembered(bench, frame, insert(bench.session, frame.plan.relation, values))
        except Refused as refused:
            if refused.denied:
                raise CannotSynthesise(table, f"it may not be written: {refused}") from refused
            adopted = _adopted(bench, frame, values, refused)
            if adopted is not None:
                return adopted
            _learn(frame, refused)
            reason = f"{refused.sqlstate}: {refused}"
    raise CannotSynthesise(table, reason, pinnable(frame.plan))


def pinnable(plan: Plan) -> tuple[str, ...]:
    """The columns that a user could give a value: those that need one and have no default."""
    return tuple(name for name, column in plan.columns.items() if name in plan.required and column.default is None)


@contextmanager
def _framed(bench: Bench, order: Order, plan: Plan) -> Iterator[Frame]:
    if len(bench.frames) >= _DEEPEST:
        raise CannotSynthesise(order.table, "its foreign keys go on and on")
    outer = bench.frames[-1].parents if bench.frames else {}
    frame = Frame(order, plan, {**outer, **order.parents})
    bench.frames.append(frame)
    before = len(bench.made.get(order.table, ()))
    try:
        yield frame
    finally:
        bench.frames.pop()
        if bench.frames:
            bench.frames[-1].made += [*frame.made, *bench.made.get(order.table, [])[before:]]


def _candidate(bench: Bench, frame: Frame) -> dict[str, Any]:
    """A row's values; where a check cannot be evaluated here, ones that the server lets through."""
    frame.fixed = {**_pinned(bench, frame), **frame.planned}
    _look_up(bench, frame)
    request = _request(bench, frame)
    frame.state = skeleton(frame.plan, request, bench.draw)
    refer(bench, frame, frame.state)
    values = fill(bench.catalog, frame.plan, frame.state, request, bench.draw)
    return bench.filter.row(frame.plan, request, values)


def _look_up(bench: Bench, frame: Frame) -> None:
    """Once a row was refused: columns that a trigger looks up without a foreign key refer to a row that is there."""
    places = {column: (table, target) for column, table, target in _shuffled(bench, frame)}
    for column, (table, target) in places.items():
        if column not in frame.fixed and all(other.plan.relation.name != table for other in bench.frames):
            known = bench.made.get(table) or [bench.make(Order(table))]
            frame.fixed[column] = known[-1].values[target]


def _shuffled(bench: Bench, frame: Frame) -> list[tuple[str, str, str]]:
    found = [one for one in frame.plan.looked_up if one[0] not in frame.plan.references]
    if not found or frame.attempt == 0:
        return []
    first = bench.draw.integer(0, len(found) - 1)
    return found[first:] + found[:first]


def _pinned(bench: Bench, frame: Frame) -> dict[str, Any]:
    """What the caller says, by `where` first, then by the hook."""
    fixed = {name: bench.draw.drawn(value) for name, value in frame.order.where.items()}
    if bench.pin is not None:
        for name, column in frame.plan.columns.items():
            if name not in fixed:
                value = bench.draw.drawn(bench.pin(frame.plan.relation, column))
                if value is not NOT_PINNED:
                    fixed[name] = value
    return fixed


def _request(bench: Bench, frame: Frame) -> Request:
    """Nullable columns get a value unless a side is asked for."""
    plan, canary = frame.plan, bench.canary

    def marker(name: str) -> str:
        marked = canary is not None and name not in frame.unmarked
        return canary(plan.relation, plan.columns[name]) if marked and canary is not None else ""

    asked = frame.order.levels if frame.attempt < _PLAIN_FROM else {}
    nothing = dict.fromkeys(frame.emptied, ("null",))
    return Request(frame.fixed, {**_usual(bench, plan), **asked, **nothing}, frame.order.avoid, marker)


def _usual(bench: Bench, plan: Plan) -> dict[str, Level]:
    """What is wanted of values of which nothing else is said: nullable columns get one.

    Once this row, or one that it is made for, was refused, there are others ways by turns: what a new row usually has
    (the defaults, and NULL), and anything.
    """
    refused = next((frame.attempt for frame in bench.frames if frame.attempt > 0), 0)
    free = sorted(set(plan.columns) - plan.required - plan.references)
    if refused % 3 == 0:
        return dict.fromkeys(free, ("",))
    if refused % 3 == 1:
        return {**dict.fromkeys(free, ("null",)), **{name: ("value", known) for name, known in plan.defaults.items()}}
    return {name: _EITHER[bench.draw.integer(0, 1)] for name in free}


def _learn(frame: Frame, refused: Refused) -> None:
    """What the refusal says of the next attempt: a marker that is there twice, or is too long for its place, goes."""
    message = str(refused)
    if refused.sqlstate == _UNIQUE:
        for index, names in frame.plan.unique.items():
            if index in message:
                frame.unmarked.update(names)
                for name in names:
                    frame.planned.pop(name, None)
    elif refused.sqlstate == _NOT_BUILT_IN:  # such as xml
        frame.emptied.update(name for name in frame.plan.columns if frame.plan.kinds[name].base == "xml")
    elif frame.attempt >= 1 and refused.sqlstate[:2] in {"22", "23", "P0"}:
        frame.unmarked.update(frame.plan.columns)


def _adopted(bench: Bench, frame: Frame, values: dict[str, Any], refused: Refused) -> Inserted | None:
    """The row that a trigger has made already when its parent went in, now with the values that were drawn."""
    plan = frame.plan
    names = next((names for index, names in plan.unique.items() if index in str(refused)), ())
    if refused.sqlstate != _UNIQUE or not names or not set(names) <= plan.references:
        return None
    key = {name: values[name] for name in names}
    if any(agrees(row, key) for row in bench.made.get(plan.relation.name, ())):
        return None
    changes = {name: value for name, value in values.items() if name not in names}
    try:
        stored = change(bench.session, plan.relation, key, changes)
    except Refused:
        return None
    return _remembered(bench, frame, stored)


def _remembered(bench: Bench, frame: Frame, stored: dict[str, Any]) -> Inserted:
    relation = frame.plan.relation
    row = Inserted(relation.name, key_of(relation, stored), stored, tuple(frame.made))
    bench.made.setdefault(relation.name, []).append(row)
    return row
