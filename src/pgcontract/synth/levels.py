"""Which sides of values several rows show: every label, NULL and not NULL, past and future, empty and full.

In each block of as many rows as a column has sides, every side comes once, in an order of the column's own. So any
side is met as soon as there are rows enough, and pairs of two columns' sides meet at random, not in step.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from pgcontract.synth.assume import assume
from pgcontract.synth.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.synth.plan import Plan

Level = tuple[Any, ...]

_ONE: tuple[Level, ...] = (("",),)
_TIMES = {"date", "timestamp with time zone", "timestamp without time zone"}
_SIZED = {"json", "jsonb"}


def sides(plan: Plan) -> dict[str, tuple[Level, ...]]:
    """The sides that each column has; those with only one are left out."""
    found = {}
    listed = _listed(plan)
    for name in plan.columns:
        own = _sides(plan, name, listed.get(name))
        if name not in plan.required:
            own = (*own, ("null",))
        if own != _ONE:
            found[name] = own
    return found


def _sides(plan: Plan, name: str, listed: tuple[Any, ...] | None) -> tuple[Level, ...]:
    type_ = plan.types[name]
    if name in plan.references:
        return _ONE
    if listed:
        return tuple(("value", one) for one in listed)
    if type_.kind.array:
        return ("full",), ("empty",)
    if type_.made is not None and type_.made.kind == "enum":
        return tuple(("value", label) for label in type_.made.labels)
    if type_.kind.base == "boolean":
        return ("value", False), ("value", True)
    if type_.kind.base in _TIMES:
        return ("past",), ("future",)
    return (("full",), ("empty",)) if type_.kind.base in _SIZED else _ONE


def _listed(plan: Plan) -> dict[str, tuple[Any, ...]]:
    """The values of columns that a CHECK lists."""
    state = State(plan.kinds)
    for check in plan.checks:
        if check.node is not None:
            assume(state, check.node, truth=True)
    return {name: limits.among for name, limits in state.limits.items() if limits.among}


def levels(plan: Plan, all_sides: Mapping[str, tuple[Level, ...]], seed: int, index: int) -> dict[str, Level]:
    """The sides that the row of this number shows."""
    found = {}
    for name, own in all_sides.items():
        block, place = divmod(index, len(own))
        order = list(own)
        Random(f"{seed} {plan.relation.name} {name} {block}").shuffle(order)  # noqa: S311 - no secret
        found[name] = order[place]
    return found
