"""Operators, as Postgres computes them on Python's values."""

from __future__ import annotations

import json
import math
import operator as python_operator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import converted
from pgcontract.synth.kinds import kind_of
from pgcontract.synth.regex import like
from pgcontract.synth.regex import parse as parse_regex
from pgcontract.synth.scanner import array_items
from pgcontract.synth.texts import matcher

if TYPE_CHECKING:
    from collections.abc import Callable


class CannotError(Exception):
    """The server has to be asked."""


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": python_operator.eq,
    "<>": python_operator.ne,
    "<": python_operator.lt,
    ">": python_operator.gt,
    "<=": python_operator.le,
    ">=": python_operator.ge,
}


def apply(operator: str, left: Any, right: Any) -> Any:
    """`left operator right`.

    Raises:
        CannotError: The operator is not known here.
    """
    if operator == "is distinct from":
        return left != right
    if operator == "is not distinct from":
        return left == right
    if left is None or right is None:
        return None
    if operator in _COMPARE:
        return _COMPARE[operator](*_alike(left, right))
    if operator in _MATCHING:
        return _matches(operator, left, right)
    if operator in _ARITHMETIC:
        return _ARITHMETIC[operator](*_numbers(left, right))
    if operator in {"->", "->>"}:
        return member(operator, left, right)
    if operator == "?":
        return right in json.loads(left)
    if operator in {"#>", "#>>"} and isinstance(left, str):
        for key in map(str, array_items(right) if isinstance(right, str) else right):
            left = member("->", left, int(key) if key.isdigit() else key)
        return json.loads(left) if operator == "#>>" and left is not None and left.startswith('"') else left
    if operator in {"@>", "<@"} and isinstance(left, str) and isinstance(right, str):
        outer, inner = (left, right) if operator == "@>" else (right, left)
        return _contains(json.loads(outer), json.loads(inner))
    if operator in {"@>", "<@"} and isinstance(left, list) and isinstance(right, list):
        return set(right) <= set(left) if operator == "@>" else set(left) <= set(right)
    if operator == "&&" and isinstance(left, list) and isinstance(right, list):
        return bool(set(left) & set(right))
    if operator == "||" and isinstance(left, str) and isinstance(right, str):
        return left + right
    raise CannotError


def _contains(outer: Any, inner: Any) -> bool:
    """`outer @> inner`, for json."""
    if isinstance(outer, dict) and isinstance(inner, dict):
        return all(key in outer and _contains(outer[key], value) for key, value in inner.items())
    if isinstance(outer, list) and isinstance(inner, list):
        return all(any(_contains(there, one) for there in outer) for one in inner)
    return bool(outer == inner)


def member(operator: str, left: Any, right: Any) -> Any:
    """`left -> right` or `left ->> right`, for json in its text form."""
    document = json.loads(left) if isinstance(left, str) else left
    if not isinstance(document, dict | list):
        return None
    if isinstance(document, dict) != isinstance(right, str):
        return None
    found = document.get(right) if isinstance(document, dict) else _at(document, right)
    if found is None:
        return None
    if operator == "->":
        return json.dumps(found)
    return found if isinstance(found, str) else json.dumps(found)


def _at(items: list[Any], place: int) -> Any:
    return items[place] if -len(items) <= place < len(items) else None


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Two values of one type: a literal is read as what it is compared with."""
    if type(left) is not type(right):
        if isinstance(right, str):
            right = converted(_KIND_OF[type(left)], right)
        elif isinstance(left, str):
            left = converted(_KIND_OF[type(right)], left)
    if isinstance(left, datetime) or isinstance(right, datetime):
        return _moment(left), _moment(right)
    return left, right


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_KIND_OF = {
    int: kind_of("numeric"),
    Decimal: kind_of("numeric"),
    float: kind_of("double precision"),
    bool: kind_of("boolean"),
    date: kind_of("date"),
    datetime: kind_of("timestamp with time zone"),
    timedelta: kind_of("interval"),
}


def _numbers(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, float) and isinstance(right, Decimal):
        return left, float(right)
    if isinstance(left, Decimal) and isinstance(right, float):
        return float(left), right
    if isinstance(left, str) or isinstance(right, str):
        if isinstance(left, date) or isinstance(right, date):
            raise CannotError
        return _alike(left, right)
    if isinstance(left, date) and isinstance(right, int):
        return left, timedelta(days=right)
    if isinstance(left, int) and isinstance(right, date):
        return timedelta(days=left), right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _moment(left), _moment(right)
    return left, right


def _minus(left: Any, right: Any) -> Any:
    both_dates = type(left) is date and type(right) is date
    return (left - right).days if both_dates else left - right


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, timedelta) and isinstance(right, date):
        left, right = right, left
    if type(left) is date and isinstance(right, timedelta) and right.seconds:
        return _moment(left) + right
    return left + right


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return math.trunc(Decimal(left) / Decimal(right))
    return left / right


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus,
    "-": _minus,
    "*": python_operator.mul,
    "/": _divided,
    "%": lambda left, right: Decimal(left) % Decimal(right),
}


_MATCHING = {"~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*"}


def pattern_of(operator: str, pattern: str) -> tuple[Any, bool]:
    """The tree of the pattern in `text operator pattern`, and whether it is to be found.

    Raises:
        CannotError: The pattern is beyond us.
    """
    found = not operator.startswith("!")
    operator = operator.lstrip("!")
    fold = operator.endswith("*")
    tree = like(pattern, fold=fold) if operator.startswith("~~") else parse_regex(pattern, fold=fold)
    if tree is None:
        raise CannotError
    return tree, found


def _matches(operator: str, text: Any, pattern: Any) -> bool:
    tree, found = pattern_of(operator, pattern)
    return (matcher(tree).search(text) is not None) == found
