"""The functions that constraints usually call, on Python's values."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import Span
from pgcontract.synth.operators import CannotError, apply

if TYPE_CHECKING:
    from collections.abc import Callable


def call(name: str, arguments: list[Any]) -> Any:
    """The result of a function; None for NULL.

    Raises:
        CannotError: The function is not known here.
    """
    if name in _WITH_NULLS:
        return _WITH_NULLS[name](*arguments)
    function = _STRICT.get(name)
    if function is None:
        raise CannotError
    return None if any(argument is None for argument in arguments) else function(*arguments)


def _now() -> datetime:
    return datetime.now(UTC)


def _extract(field: str, moment: Any) -> Any:
    match field.lower():
        case "dow":
            return moment.isoweekday() % 7
        case "isodow":
            return moment.isoweekday()
        case "doy":
            return moment.timetuple().tm_yday
        case "epoch" if isinstance(moment, timedelta):
            return moment.total_seconds()
        case _ if isinstance(moment, timedelta):
            raise CannotError
        case "year" | "month" | "day" | "hour" | "minute" as part:
            return getattr(moment, part)
        case "second":
            return moment.second + moment.microsecond / 1e6
        case "quarter":
            return (moment.month + 2) // 3
        case _:
            raise CannotError


_SMALLER = {
    "microsecond": {},
    "second": {"microsecond": 0},
    "minute": {"microsecond": 0, "second": 0},
    "hour": {"microsecond": 0, "second": 0, "minute": 0},
    "day": {"microsecond": 0, "second": 0, "minute": 0, "hour": 0},
    "month": {"microsecond": 0, "second": 0, "minute": 0, "hour": 0, "day": 1},
    "year": {"microsecond": 0, "second": 0, "minute": 0, "hour": 0, "day": 1, "month": 1},
}


def truncated(field: str, moment: Any) -> Any:
    """`date_trunc(field, moment)`, for a date too.

    Raises:
        CannotError: The field is not known here.
    """
    if field not in _SMALLER and field != "week":
        raise CannotError
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if field == "week":
        return moment.replace(**_SMALLER["day"]) - timedelta(days=moment.weekday())
    return moment.replace(**_SMALLER[field])


def _json_type(text: Any) -> str:
    value = json.loads(text) if isinstance(text, str) else text
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _position(needle: str, text: str) -> int:
    return text.find(needle) + 1


def _subscript(items: Any, at: int) -> Any:
    if not isinstance(items, list):
        raise CannotError
    return items[at - 1] if 0 < at <= len(items) else None


def _array_length(items: Any, dimension: int = 1) -> int | None:
    if not isinstance(items, list) or dimension != 1:
        raise CannotError
    return len(items) or None


def _cardinality(items: Any) -> int:
    if not isinstance(items, list):
        raise CannotError
    return len(items)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise CannotError
    return value


def _array_position(items: Any, item: Any) -> int | None:
    return items.index(item) + 1 if item in items else None


def _split_part(text: str, separator: str, at: int) -> str:
    parts = text.split(separator)
    return parts[at - 1] if 0 < at <= len(parts) else ""


def _similar(pattern: str, escape: str = "\\") -> str:
    """A pattern of SIMILAR TO as a regular expression."""
    found, characters = "", iter(pattern)
    for char in characters:
        if char == escape:
            found += re.escape(next(characters, ""))
        else:
            found += {"%": ".*", "_": "."}.get(char, re.escape(char) if char in ".^$" else char)
    return f"^(?:{found})$"


_WITH_NULLS: dict[str, Callable[..., Any]] = {
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "num_nonnulls": lambda *values: sum(value is not None for value in values),
    "num_nulls": lambda *values: sum(value is None for value in values),
    "nullif": lambda left, right: None if left == right else left,
    "greatest": lambda *values: max((value for value in values if value is not None), default=None),
    "least": lambda *values: min((value for value in values if value is not None), default=None),
    "array_position": _array_position,
    "row": lambda *values: list(values),
}
_STRICT: dict[str, Callable[..., Any]] = {
    "now": _now,
    "current_timestamp": _now,
    "clock_timestamp": _now,
    "statement_timestamp": _now,
    "transaction_timestamp": _now,
    "localtimestamp": _now,
    "current_date": lambda: _now().date(),
    "-": lambda value: -value,
    "abs": abs,
    "lower": lambda value: value.low if isinstance(value, Span) else _text(value).lower(),
    "upper": lambda value: value.high if isinstance(value, Span) else _text(value).upper(),
    "initcap": lambda value: _text(value).title(),
    "btrim": lambda value, chars=" ": _text(value).strip(chars),
    "ltrim": lambda value, chars=" ": _text(value).lstrip(chars),
    "rtrim": lambda value, chars=" ": _text(value).rstrip(chars),
    "length": len,
    "char_length": len,
    "character_length": len,
    "octet_length": lambda value: len(value.encode()) if isinstance(value, str) else len(value),
    "position": _position,
    "strpos": lambda text, needle: _position(needle, text),
    "left": lambda text, count: text[:count],
    "right": lambda text, count: text[-count:] if count else "",
    "similar_to_escape": _similar,
    "split_part": _split_part,
    "reverse": lambda text: _text(text)[::-1],
    "starts_with": lambda text, prefix: text.startswith(prefix),
    "cardinality": _cardinality,
    "array_length": _array_length,
    "array_ndims": lambda items: 1 if items else None,
    "[]": _subscript,
    "jsonb_typeof": _json_type,
    "json_typeof": _json_type,
    "jsonb_array_length": lambda text: len(json.loads(text)),
    "json_array_length": lambda text: len(json.loads(text)),
    "extract": _extract,
    "date_part": _extract,
    "date_trunc": truncated,
    "mod": lambda left, right: apply("%", left, right),
    "round": lambda value, digits=0: round(value, digits),
    "floor": lambda value: value // 1,
    "ceil": lambda value: -(-value // 1),
    "isempty": lambda value: value == "empty",
    "lower_inf": lambda value: value[:2] in {"(,", "[,"},
    "upper_inf": lambda value: value[-2:] in {",)", ",]"},
    "lower_inc": lambda value: value.startswith("["),
    "upper_inc": lambda value: value.endswith("]"),
    "date": lambda value: value.date() if isinstance(value, datetime) else value,
}
