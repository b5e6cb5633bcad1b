"""What is wanted of a row, and what the checks leave of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import converted
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.solve import solve
from pgcontract.synth.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pgcontract.synth.draw import Draw
    from pgcontract.synth.plan import Plan
    from pgcontract.synth.tree import Node


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of a row beyond its constraints.

    Attributes:
        fixed: Values that are settled.
        levels: The sides of values that are wanted if the constraints allow: `("null",)`, `("value", "paid")`, ….
        avoid: Values that are not wanted.
        marker: Gives the marker of a column.
        guess: Which of the usual forms texts are to have.
    """

    fixed: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    avoid: Mapping[str, Collection[Any]] = field(default_factory=dict)
    marker: Callable[[str], str] | None = None
    guess: int | None = None


def skeleton(plan: Plan, request: Request, draw: Draw) -> State:
    """What the checks leave, with the alternatives chosen that suit what is settled and, if they can, the levels.

    Raises:
        NoValueError: What is settled contradicts a check, or the checks contradict each other.
    """
    start = State(plan.kinds)
    for name, labels in plan.labels.items():
        start.of(name).one_of(labels)
    for name in plan.required:
        start.of(name).is_null(null=False)
    for name, known in request.fixed.items():
        settle(start, plan, name, known)
    nodes = [check.node for check in plan.checks if check.node is not None]
    found = _wished(plan, request, draw, start, [*nodes, *plan.guards])
    if found is None and plan.guards:
        found = _wished(plan, request, draw, start, nodes)
    if found is None:
        raise NoValueError("no choice of values satisfies its checks, as far as they can be read")
    return found


def _wished(plan: Plan, request: Request, draw: Draw, start: State, nodes: list[Node]) -> State | None:
    """What is left with all wishes, else with as many of them as go together; what is asked for comes first."""
    wishes = [
        (name, level)
        for name, level in request.levels.items()
        if name in plan.columns and name not in request.fixed and (level[0] or name not in plan.references)
    ]
    found = solve(nodes, plan.kinds, draw, _with(start, wishes))
    if found is not None or not wishes:
        return found
    found = solve(nodes, plan.kinds, draw, start)
    if found is None:
        return None
    first = draw.integer(0, len(wishes) - 1)
    kept: list[tuple[str, tuple[Any, ...]]] = []
    for wish in sorted(wishes[first:] + wishes[:first], key=lambda wish: not wish[1][0]):
        more = solve(nodes, plan.kinds, draw, _with(start, [*kept, wish]))
        if more is not None:
            found, kept = more, [*kept, wish]
    return found


def _with(start: State, wishes: list[tuple[str, tuple[Any, ...]]]) -> State:
    state = start.copy()
    for name, level in wishes:
        _wish(state, name, level)
    return state


def settle(state: State, plan: Plan, name: str, known: Any) -> bool:
    """The column has this value."""
    if name not in plan.columns:
        return True
    if known is None:
        return state.of(name).is_null(null=True)
    limits = state.of(name)
    try:
        kept = converted(plan.kinds[name], known)
        return limits.is_null(null=False) and limits.one_of([kept])
    except (TypeError, ValueError):
        return True


def _wish(state: State, name: str, level: tuple[Any, ...]) -> None:
    limits = state.of(name)
    if level[0] == "null":
        if limits.null is None:
            limits.is_null(null=True)
        return
    limits.is_null(null=False)
    if level[0] == "value":
        kept = limits.copy()
        try:
            wanted = converted(state.kinds[name], level[1])
        except ValueError:
            return
        if not kept.one_of([wanted]) or kept.null:
            return
        state.limits[name] = kept
