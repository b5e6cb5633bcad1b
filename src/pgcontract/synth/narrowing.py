"""What a comparison with a known value says of one column's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import JSON, converted
from pgcontract.synth.limits import Limits, opposite
from pgcontract.synth.operators import CannotError, pattern_of
from pgcontract.synth.tree import Binary, Column

if TYPE_CHECKING:
    from pgcontract.synth.state import State
    from pgcontract.synth.tree import Node


def later(state: State, node: Node) -> bool:
    """It is evaluated on the row that is drawn; where that cannot be, the server is asked."""
    state.links.append(node)
    return True


def narrow(state: State, name: str, operator: str, known: Any, right: Node) -> bool:
    """`column operator known`; `right` is what is known, as it was written."""
    limits, kind = state.of(name), state.kinds.get(name)
    if "~" in operator:
        return pattern(limits, operator, known) or later(state, Binary(operator, Column(name), right))
    if kind is not None and operator in {"@>", "<@", "&&"} and kind.array:
        return elements(limits, operator, converted(kind, known))
    if kind is None or kind.array or kind.base in JSON or opposite(operator) is None:
        if kind is not None and kind.base in JSON and operator == "?":
            limits.fields.setdefault(str(known), Limits(null=False))
            return True
        if kind is not None and kind.base in JSON and operator == "@>":
            return document(limits, known)
        return later(state, Binary(operator, Column(name), right))
    try:
        return limits.compared(operator, converted(kind, known))
    except (TypeError, ValueError):
        return later(state, Binary(operator, Column(name), right))


def document(limits: Limits, text: Any) -> bool:
    """`column @> '{…}'`: each of its fields has that value."""
    wanted = json.loads(text) if isinstance(text, str) else None
    if not isinstance(wanted, dict):
        return True
    return all(limits.fields.setdefault(name, Limits(null=False)).one_of([known]) for name, known in wanted.items())


def pattern(limits: Limits, operator: str, known: Any) -> bool:
    """`column ~ known`, or LIKE; False where the pattern is beyond us."""
    try:
        tree, found = pattern_of(operator, str(known))
    except CannotError:
        return False
    return limits.matched(tree, found=found)


def elements(limits: Limits, operator: str, items: list[Any]) -> bool:
    """What a comparison of an array with another says of its elements."""
    if operator == "<@":
        limits.items = tuple(item for item in items if limits.items is None or item in limits.items)
    else:
        limits.holds += tuple(items if operator == "@>" else items[:1])
        limits.shortest = max(limits.shortest, len(limits.holds))
    return True
