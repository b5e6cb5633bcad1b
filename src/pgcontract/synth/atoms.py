"""Comparisons: what one says of a column's limits, or that it has to wait until the row is drawn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import JSON, converted
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.limits import Limits, flipped, opposite
from pgcontract.synth.operators import CannotError, pattern_of
from pgcontract.synth.regex import Chars, Repeat, Sequence
from pgcontract.synth.regex import Node as Pattern
from pgcontract.synth.tree import Binary, Call, Column, Const, Node, Not, Quantified, columns, plain

if TYPE_CHECKING:
    from pgcontract.synth.state import State

_LENGTHS = {"length", "char_length", "character_length", "octet_length", "cardinality", "jsonb_array_length"}
_LENGTHS |= {"json_array_length", "array_length"}
_TRIMS = {"btrim", "ltrim", "rtrim"}
_SURE = {"isempty": False, "lower_inf": False, "upper_inf": False, "lower_inc": True, "upper_inc": False}


def compare(state: State, node: Binary, *, truth: bool) -> bool:
    """`left operator right`; where a constant stands left, the sides are exchanged first."""
    operator: str | None = node.operator if truth else opposite(node.operator) or _denied(node.operator)
    left, right = plain(node.left), plain(node.right)
    if operator is None:
        return _later(state, Not(node))
    if not columns(left) and columns(right) and (operator in _EXCHANGED or opposite(operator)):
        left, right, operator = right, left, _EXCHANGED.get(operator, flipped(operator))
    if columns(right):
        return _between_columns(state, Binary(operator, left, right))
    known = evaluate(right, {})
    if known is UNKNOWN:
        return _later(state, Binary(operator, left, right))
    if known is None:
        return True
    if isinstance(left, Column):
        return _column(state, left.name, operator, known, right)
    return _term(state, left, operator, known) or _term_waits(state, left, operator, right, known)


_EXCHANGED = {"@>": "<@", "<@": "@>", "&&": "&&"}


def _denied(operator: str) -> str | None:
    """`!~` for `~`, and back."""
    if "~" not in operator:
        return None
    return operator[1:] if operator.startswith("!") else f"!{operator}"


def _later(state: State, node: Node) -> bool:
    """It is evaluated on the row that is drawn; where that cannot be, the server is asked."""
    state.links.append(node)
    return True


def _term_waits(state: State, left: Node, operator: str, right: Node, known: Any) -> bool:
    """A term that says nothing of limits; None of its columns' values is ruled out before it is drawn."""
    if _contradicts(state, left, operator, known):
        return False
    return _later(state, Binary(operator, left, right))


def _contradicts(state: State, left: Node, operator: str, known: Any) -> bool:
    values = {name: own.among[0] for name, own in state.limits.items() if own.among is not None and len(own.among) == 1}
    return evaluate(Binary(operator, left, Const(known)), values) is False


def _between_columns(state: State, node: Binary) -> bool:
    left, right = node.left, node.right
    if columns(left) == columns(right) and isinstance(right, Column):
        left, right = right, left
    if isinstance(left, Column) and isinstance(right, Call) and right.arguments and node.operator == "=":
        inner = plain(right.arguments[0])
        if right.name in {"lower", "upper"} and inner == left:
            state.of(left.name).case = right.name
            return True
        if right.name in _TRIMS and inner == left:
            return True  # what is drawn has no blanks at its ends
    return _later(state, node)


def _column(state: State, name: str, operator: str, known: Any, right: Node) -> bool:
    limits, kind = state.of(name), state.kinds.get(name)
    if "~" in operator:
        return _pattern(state, limits, operator, known, Binary(operator, Column(name), right))
    if kind is not None and operator in {"@>", "<@", "&&"} and kind.array:
        return _elements(limits, operator, converted(kind, known))
    if kind is None or kind.array or kind.base in JSON or opposite(operator) is None:
        if kind is not None and kind.base in JSON and operator == "?":
            limits.fields.setdefault(str(known), Limits(null=False))
            return True
        if kind is not None and kind.base in JSON and operator == "@>":
            return _document(limits, known)
        return _later(state, Binary(operator, Column(name), right))
    try:
        return limits.compared(operator, converted(kind, known))
    except (TypeError, ValueError):
        return _later(state, Binary(operator, Column(name), right))


def _document(limits: Limits, text: Any) -> bool:
    """`column @> '{…}'`: each of its fields has that value."""
    document = json.loads(text) if isinstance(text, str) else None
    if not isinstance(document, dict):
        return True
    return all(limits.fields.setdefault(name, Limits(null=False)).one_of([known]) for name, known in document.items())


def _pattern(state: State, limits: Limits, operator: str, known: Any, node: Node) -> bool:
    try:
        pattern, found = pattern_of(operator, str(known))
    except CannotError:
        state.unknown.append(node)
        return True
    return limits.matched(pattern, found=found)


def _elements(limits: Limits, operator: str, items: list[Any]) -> bool:
    if operator == "<@":
        limits.items = tuple(item for item in items if limits.items is None or item in limits.items)
    else:
        limits.holds += tuple(items if operator == "@>" else items[:1])
        limits.shortest = max(limits.shortest, len(limits.holds))
    return True


def _term(state: State, left: Node, operator: str, known: Any) -> bool | None:
    """What a function of one column says of its limits; None where it says nothing, or contradicts."""
    match left:
        case Call(name, (argument, *_)) if name in _LENGTHS and isinstance(known, int):
            return _length(state, name, plain(argument), operator, known)
        case Call("jsonb_typeof" | "json_typeof", (Column(column),)) if operator == "=":
            state.of(column).json_type = str(known)
            return True
        case Call("lower" | "upper", (argument,)) if isinstance(plain(argument), Column) and operator == "=":
            return _column(state, _name(argument), "=", known, Const(known))
        case Call(name, (argument, *_)) if name in _TRIMS and known == "" and operator in {"<>", ">"}:
            return _length(state, "length", plain(argument), ">", 0)
        case Call(name, (argument, *_)) if name in _TRIMS and "~" in operator and isinstance(plain(argument), Column):
            return _column(state, _name(argument), operator, known, Const(known))
        case Call("position", (needle, Column(column))) if operator in {">", ">=", "<>"} and known in {0, 1}:
            return _holds(state, column, evaluate(needle, {}))
        case Call("strpos", (Column(column), needle)) if operator in {">", ">=", "<>"} and known in {0, 1}:
            return _holds(state, column, evaluate(needle, {}))
        case Call("coalesce", (argument, other)) if evaluate(other, {}) is not UNKNOWN:
            return _coalesced(state, argument, evaluate(other, {}), operator, known)
        case Binary("%", Column(column), step) | Call("mod", (Column(column), step)) if operator == "=":
            return _multiple(state.of(column), evaluate(step, {}), known)
        case Call("date_trunc", (_, argument)) if operator in {"<", ">="} and isinstance(plain(argument), Column):
            return _column(state, _name(argument), operator, known, Const(known))
        case Call("extract" | "date_part", (Const("year"), argument)) if isinstance(plain(argument), Column):
            return _year(state, _name(argument), operator, known)
        case Binary("->>" | "->", Column(column), key):
            return _field(state, column, evaluate(key, {}), operator, known)
        case _:
            return None


def _name(node: Node) -> str:
    bare = plain(node)
    return bare.name if isinstance(bare, Column) else ""


def _length(state: State, function: str, argument: Node, operator: str, known: int) -> bool | None:
    if isinstance(argument, Call) and argument.name in _TRIMS:
        argument = plain(argument.arguments[0])
    if not isinstance(argument, Column):
        return None
    limits = state.of(argument.name)
    if function in {"jsonb_array_length", "json_array_length"}:
        limits.json_type = "array"
    return limits.long(operator, known) or None


def _holds(state: State, column: str, needle: Any) -> bool | None:
    if not isinstance(needle, str):
        return None
    anything = Repeat(Chars("abcdefghijklmnopqrstuvwxyz0123456789-"), 1, None)
    parts: tuple[Pattern, ...] = (anything, *(Chars(char) for char in needle), anything)
    return state.of(column).matched(Sequence(parts), found=True)


def _coalesced(state: State, argument: Node, other: Any, operator: str, known: Any) -> bool:
    """`coalesce(column, constant) operator known`: NULL is as good as the constant."""
    holds = evaluate(Binary(operator, Const(other), Const(known)), {})
    kept = Binary(operator, argument, Const(known))
    if holds is False:
        name = _name(argument)
        if name and not state.of(name).is_null(null=False):
            return False
    return compare(state, kept, truth=True)


def _year(state: State, column: str, operator: str, known: Any) -> bool | None:
    """`extract(year from column) operator known`, as bounds of the column."""
    year = int(known)
    starts = {
        "=": (year, year + 1),
        ">=": (year, None),
        ">": (year + 1, None),
        "<": (None, year),
        "<=": (None, year + 1),
    }
    low, high = starts.get(operator, (None, None))
    after = low is None or _column(state, column, ">=", f"{low}-01-01", Const(None))
    return (after and (high is None or _column(state, column, "<", f"{high}-01-01", Const(None)))) or None


def _multiple(limits: Limits, step: Any, rest: Any) -> bool | None:
    if not isinstance(step, int) or step == 0 or limits.multiple is not None:
        return None
    limits.multiple, limits.remainder = step, rest
    return True


def _field(state: State, column: str, key: Any, operator: str, known: Any) -> bool | None:
    if not isinstance(key, str):
        return None
    limits = state.of(column).fields.setdefault(key, Limits())
    if "~" in operator:
        return _pattern(state, limits, operator, known, Const(value=True))
    if opposite(operator) is None:
        return None
    return limits.compared(operator, known) or None


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
    if value is UNKNOWN or node.every or node.operator != "=" or not truth:
        return _later(state, node if truth else Not(node))
    return _elements(state.of(column), "@>", [value])


def predicate(state: State, node: Node, *, truth: bool) -> bool:
    """A function that is true or false, or another condition that is not a comparison."""
    if isinstance(node, Call) and node.name in _SURE and _SURE[node.name] == truth:
        return True
    if isinstance(node, Call) and node.name == "starts_with" and truth:
        return compare(state, Binary("~~", node.arguments[0], Const(f"{evaluate(node.arguments[1], {})}%")), truth=True)
    return _later(state, node if truth else Not(node))
