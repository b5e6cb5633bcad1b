"""What a comparison of a function of a column says of that column's limits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import JSON
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.limits import Limits, flipped, opposite
from pgcontract.synth.narrowing import narrow, pattern
from pgcontract.synth.regex import Chars, Repeat, Sequence
from pgcontract.synth.regex import Node as Pattern
from pgcontract.synth.scanner import array_items
from pgcontract.synth.tree import Binary, Call, Column, Const, Node, plain

if TYPE_CHECKING:
    from pgcontract.synth.state import State

_LENGTHS = {"length", "char_length", "character_length", "octet_length", "cardinality", "array_length"}
_JSON_LENGTHS = {"jsonb_array_length", "json_array_length"}
TRIMS = {"btrim", "ltrim", "rtrim"}
"""The functions that take blanks from the ends."""


def term(state: State, left: Node, operator: str, known: Any) -> bool | None:
    """What a function of one column says of its limits: whether anything is left; None where it says nothing."""
    match left:
        case Call(name, (argument, *_)) if name in _LENGTHS and isinstance(known, int):
            return _length(state, plain(argument), operator, known)
        case Call(name, (argument,)) if name in _JSON_LENGTHS and isinstance(known, int):
            return _json_length(place(state, argument), operator, known)
        case Call("jsonb_typeof" | "json_typeof", (argument,)) if operator == "=":
            return _json_type(place(state, argument), str(known))
        case Call("lower" | "upper", (argument,)) if isinstance(plain(argument), Column) and operator == "=":
            return narrow(state, _name(argument), "=", known, Const(known))
        case Call(name, (argument, *_)) if name in TRIMS and known == "" and operator in {"<>", ">"}:
            return _length(state, plain(argument), ">", 0)
        case Call(name, (argument, *_)) if name in TRIMS and "~" in operator and isinstance(plain(argument), Column):
            return narrow(state, _name(argument), operator, known, Const(known))
        case Call("position", (needle, Column(column))) if operator in {">", ">=", "<>"} and known in {0, 1}:
            return _holds(state, column, evaluate(needle, {}))
        case Call("strpos", (Column(column), needle)) if operator in {">", ">=", "<>"} and known in {0, 1}:
            return _holds(state, column, evaluate(needle, {}))
        case Call("abs", (argument,)) if (
            operator in {"<", "<="} and _name(argument) and isinstance(known, int | Decimal)
        ):
            least = narrow(state, _name(argument), flipped(operator), -known, Const(-known))
            return least and narrow(state, _name(argument), operator, known, Const(known))
        case Call("coalesce", (argument, other)) if evaluate(other, {}) is not UNKNOWN:
            return _coalesced(state, argument, evaluate(other, {}), operator, known)
        case Binary("%", Column(column), step) | Call("mod", (Column(column), step)) if operator == "=":
            return _multiple(state.of(column), evaluate(step, {}), known)
        case Call("date_trunc", (_, argument)) if operator in {"<", ">="} and isinstance(plain(argument), Column):
            return narrow(state, _name(argument), operator, known, Const(known))
        case Call("extract" | "date_part", (Const("day"), argument)) if (
            operator == "=" and known == 1 and _name(argument)
        ):
            state.of(_name(argument)).grain = "month"
            return True
        case Call("extract" | "date_part", (Const("year"), argument)) if isinstance(plain(argument), Column):
            return _year(state, _name(argument), operator, known)
        case Binary("->>" | "->" | "#>>" | "#>" as access):
            return _field(place(state, left), operator, known, as_json=not access.endswith(">>"))
        case _:
            return None


def _name(node: Node) -> str:
    bare = plain(node)
    return bare.name if isinstance(bare, Column) else ""


def _length(state: State, argument: Node, operator: str, known: int) -> bool | None:
    if isinstance(argument, Call) and argument.name in TRIMS:
        argument = plain(argument.arguments[0])
    if not isinstance(argument, Column):
        return None
    return state.of(argument.name).long(operator, known)


def place(state: State, node: Node) -> Limits | None:
    """The limits of a json column, or of what stands at a path in it; None where the path is not a constant."""
    node = plain(node)
    if isinstance(node, Column):
        kind = state.kinds.get(node.name)
        return state.of(node.name) if kind is not None and kind.base in JSON and not kind.array else None
    if not isinstance(node, Binary) or node.operator not in {"->", "->>", "#>", "#>>"}:
        return None
    limits, key = place(state, node.left), evaluate(node.right, {})
    if limits is None or not isinstance(key, str):
        return None
    for name in array_items(key) if node.operator.startswith("#") else [key]:
        limits = limits.fields.setdefault(str(name), Limits())
    return limits


def _json_type(limits: Limits | None, known: str) -> bool | None:
    if limits is None:
        return None
    before, limits.json_type = limits.json_type, known
    return before in {None, known}


def _json_length(limits: Limits | None, operator: str, known: int) -> bool | None:
    return None if limits is None else bool(_json_type(limits, "array")) and limits.long(operator, known)


def _holds(state: State, column: str, needle: Any) -> bool | None:
    if not isinstance(needle, str):
        return None
    anything = Repeat(Chars("abcdefghijklmnopqrstuvwxyz0123456789-"), 1, None)
    parts: tuple[Pattern, ...] = (anything, *(Chars(char) for char in needle), anything)
    return state.of(column).matched(Sequence(parts), found=True)


def _coalesced(state: State, argument: Node, other: Any, operator: str, known: Any) -> bool | None:
    """`coalesce(column, constant) operator known`: NULL is as good as the constant."""
    holds = evaluate(Binary(operator, Const(other), Const(known)), {})
    name = _name(argument)
    if not name:
        return None
    if holds is False and not state.of(name).is_null(null=False):
        return False
    return narrow(state, name, operator, known, Const(known))


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
    if operator not in starts:
        return None
    low, high = starts[operator]
    after = low is None or narrow(state, column, ">=", f"{low}-01-01", Const(None))
    return after and (high is None or narrow(state, column, "<", f"{high}-01-01", Const(None)))


def _multiple(limits: Limits, step: Any, rest: Any) -> bool | None:
    if not isinstance(step, int) or step == 0 or limits.multiple is not None:
        return None
    limits.multiple, limits.remainder = step, rest
    return True


def _field(limits: Limits | None, operator: str, known: Any, *, as_json: bool) -> bool | None:
    """A json object's field is compared."""
    if limits is None:
        return None
    if "~" in operator:
        return pattern(limits, operator, known) or None
    if opposite(operator) is None:
        return None
    return limits.compared(operator, json.loads(known) if as_json and isinstance(known, str) else known)
