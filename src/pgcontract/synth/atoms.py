"""Comparisons: what one says of a column's limits, or that it has to wait until the row is drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import converted
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.limits import Limits, flipped, opposite
from pgcontract.synth.narrowing import elements, later, narrow
from pgcontract.synth.terms import TRIMS, term
from pgcontract.synth.tree import Binary, Call, Column, Const, Node, Not, Quantified, columns, plain

if TYPE_CHECKING:
    from pgcontract.synth.state import State

_SURE = {"isempty": False, "lower_inf": False, "upper_inf": False, "lower_inc": True, "upper_inc": False}


def compare(state: State, node: Binary, *, truth: bool) -> bool:
    """`left operator right`; where a constant stands left, the sides are exchanged first."""
    operator: str | None = node.operator if truth else opposite(node.operator) or _denied(node.operator)
    left, right = plain(node.left), node.right
    if operator is None:
        return later(state, Not(node))
    if not columns(left) and columns(right) and (operator in _EXCHANGED or opposite(operator)):
        left, right, operator = plain(right), node.left, _EXCHANGED.get(operator, flipped(operator))
    if isinstance(left, Call) and left.name == "split_part" and operator == "=" and left.arguments[2:] == (Const(1),):
        text, separator = left.arguments[:2]
        later(state, Binary("~~", plain(text), Binary("||", right, Binary("||", separator, Const("%")))))
    if columns(right):
        return _between_columns(state, Binary(operator, left, right))
    known = evaluate(right, {})
    if known is UNKNOWN:
        return later(state, Binary(operator, left, right))
    if known is None:
        return True
    if isinstance(left, Column):
        return narrow(state, left.name, operator, known, right)
    told = term(state, left, operator, known)
    return _term_waits(state, left, operator, right, known) if told is None else told


_EXCHANGED = {"@>": "<@", "<@": "@>", "&&": "&&"}


def _denied(operator: str) -> str | None:
    """`!~` for `~`, and back."""
    if "~" not in operator:
        return None
    return operator[1:] if operator.startswith("!") else f"!{operator}"


def _term_waits(state: State, left: Node, operator: str, right: Node, known: Any) -> bool:
    """A term that says nothing of limits; None of its columns' values is ruled out before it is drawn."""
    if _contradicts(state, left, operator, known):
        return False
    return later(state, Binary(operator, left, right))


def _contradicts(state: State, left: Node, operator: str, known: Any) -> bool:
    values = {name: own.among[0] for name, own in state.limits.items() if own.among is not None and len(own.among) == 1}
    return evaluate(Binary(operator, left, Const(known)), values) is False


def _between_columns(state: State, node: Binary) -> bool:
    left, right = node.left, plain(node.right)
    if node.operator == "=" and isinstance(right, Column):
        left, right = right, left
    if isinstance(left, Column) and isinstance(right, Call) and right.arguments and node.operator == "=":
        inner = plain(right.arguments[0])
        if right.name in {"lower", "upper"} and inner == left:
            state.of(left.name).case = right.name
            return True
        if right.name in TRIMS and inner == left:
            return True  # what is drawn has no blanks at its ends
        if right.name == "date_trunc" and plain(right.arguments[1]) == left:
            state.of(left.name).grain = str(evaluate(right.arguments[0], {}))
            return True
    return later(state, node)


def quantified(state: State, node: Quantified, *, truth: bool) -> bool:
    """`left = ANY (…)` and its kin: a list of values, a test of each, or an alternative for each."""
    left, items = plain(node.left), [plain(item) for item in node.items]
    known = [evaluate(item, {}) for item in items]
    is_list = truth != node.every and node.operator == ("=" if truth else "<>")
    not_list = truth == node.every and node.operator == ("<>" if truth else "=")
    if isinstance(left, Column) and (is_list or not_list) and UNKNOWN not in known:
        kind = state.kinds.get(left.name)
        values = [converted(kind, item) if kind else item for item in known if item is not None]
        return state.of(left.name).one_of(values) if is_list else state.of(left.name).none_of(values)
    if len(items) == 1 and columns(items[0]) and isinstance(items[0], Column):
        return _member(state, node, items[0].name, evaluate(left, {}), truth=truth)
    parts = tuple(Binary(node.operator, left, item) for item in node.items)
    if truth != node.every:
        state.pending.append(parts if truth else tuple(Not(part) for part in parts))
        return True
    return all(compare(state, part, truth=truth) for part in parts)


def _member(state: State, node: Quantified, column: str, value: Any, *, truth: bool) -> bool:
    """`value = ANY (column)`: the array holds it. `value < ALL (column)`: evaluated later."""
    kind = state.kinds.get(column)
    if value is not UNKNOWN and truth and node.every and kind is not None and opposite(node.operator):
        limits = state.of(column)
        limits.element = limits.element or Limits()
        return limits.element.compared(flipped(node.operator), converted(kind.element, value))
    if value is UNKNOWN or node.every or node.operator != "=" or not truth:
        return later(state, node if truth else Not(node))
    return elements(state.of(column), "@>", [value])


def predicate(state: State, node: Node, *, truth: bool) -> bool:
    """A function that is true or false, or another condition that is not a comparison."""
    if isinstance(node, Call) and node.name in _SURE and _SURE[node.name] == truth:
        return True
    if isinstance(node, Call) and node.name == "starts_with" and truth:
        prefix = re.sub(r"([\\%_])", r"\\\1", str(evaluate(node.arguments[1], {})))
        return compare(state, Binary("~~", node.arguments[0], Const(f"{prefix}%")), truth=True)
    return later(state, node if truth else Not(node))
