"""Expressions evaluated here, as far as they are arithmetic, comparisons and the usual functions.

A result is a value, None for NULL, or `UNKNOWN` where the server has to be asked. Rows hold Python's values.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from pgcontract.synth.convert import converted, knows
from pgcontract.synth.functions import call
from pgcontract.synth.kinds import kind_of
from pgcontract.synth.operators import CannotError, apply
from pgcontract.synth.tree import (
    And,
    Array,
    Binary,
    Call,
    Case,
    Cast,
    Column,
    Const,
    Is,
    Node,
    Not,
    Or,
    Quantified,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class _Answer(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Answer.UNKNOWN


def evaluate(node: Node, row: Mapping[str, Any]) -> Any:
    """The value of the expression in a row, None for NULL, or `UNKNOWN`."""
    try:
        return _value(node, row)
    except (CannotError, TypeError, ValueError, ArithmeticError, AttributeError, KeyError, IndexError):
        return UNKNOWN


def _value(node: Node, row: Mapping[str, Any]) -> Any:
    match node:
        case Const(value):
            return value
        case Column(name):
            if name not in row:
                raise CannotError
            return row[name]
        case Cast(operand, to):
            return _cast(_value(operand, row), to)
        case Array(items):
            return [_value(item, row) for item in items]
        case And(items):
            return _all([evaluate(item, row) for item in items])
        case Or(items):
            return _negated(_all([_negated(evaluate(item, row)) for item in items]))
        case Not(operand):
            return _negated(_value(operand, row))
        case Is(operand, word, negated):
            value = _value(operand, row)
            return (value is {"null": None, "true": True, "false": False}[word]) != negated
        case Case(branches, otherwise):
            return _case(branches, otherwise, row)
        case Binary(operator, left, right):
            return apply(operator, _value(left, row), _value(right, row))
        case Quantified(operator, left, every, items):
            return _quantified(operator, _value(left, row), [_value(item, row) for item in items], every=every)
        case Call(name, arguments):
            return call(name, [_value(argument, row) for argument in arguments])


def _all(values: Iterable[Any]) -> Any:
    found = list(values)
    if any(value is False for value in found):
        return False
    if any(value is UNKNOWN for value in found):
        return UNKNOWN
    return None if any(value is None for value in found) else True


def _negated(value: Any) -> Any:
    return value if value is None or value is UNKNOWN else not value


def _case(branches: tuple[tuple[Node, Node], ...], otherwise: Node, row: Mapping[str, Any]) -> Any:
    for condition, result in branches:
        if _value(condition, row) is True:
            return _value(result, row)
    return _value(otherwise, row)


def _cast(value: Any, to: str) -> Any:
    kind = kind_of(to)
    if value is None or "." in to:
        return value
    if isinstance(value, bool) and kind.base in {"integer", "bigint", "smallint"}:
        return int(value)
    if not knows(kind):
        raise CannotError
    return converted(kind, value)


def _quantified(operator: str, left: Any, items: list[Any], *, every: bool) -> Any:
    if len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    answers = [apply(operator, left, item) for item in items]
    return _all(answers) if every else _negated(_all([_negated(answer) for answer in answers]))
