"""Values between Postgres's text form and Python."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pgcontract.synth.scanner import array_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.synth.kinds import Kind

INTEGERS = {"smallint": 15, "integer": 31, "bigint": 63}
"""The bits of a positive number."""

TEXTS = frozenset({"text", "character varying", "character", '"char"', "name", "citext"})
JSON = frozenset({"json", "jsonb"})


class Span(str):
    """A range in its text form, with its bounds."""

    __slots__ = ("high", "low")

    low: Any
    high: Any

    @classmethod
    def of(cls, low: Any, high: Any) -> Span:
        """The range from low to high, the first included, the second not."""
        span = cls(f"[{quoted(str(text_of(low)))},{quoted(str(text_of(high)))})")
        span.low, span.high = low, high
        return span


def converted(kind: Kind, value: Any) -> Any:
    """The value as Python's of that type: what a literal stands for; other values stay what they are.

    Raises:
        ValueError: The text is not one of that type's.
    """
    if kind.array:
        if isinstance(value, str):
            return [None if item is None else converted(kind.element, item) for item in array_items(value)]
        return value
    reader = _READERS.get(kind.base)
    try:
        return reader(value) if reader else value
    except (TypeError, ArithmeticError, KeyError) as error:
        raise ValueError(f"not a {kind.name}: {value!r}") from error


def knows(kind: Kind) -> bool:
    """Whether a text of that type can be turned into Python's value."""
    return kind.base in _READERS


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return int(value)
    if isinstance(value, bool | int):
        return int(value)
    return int(value.to_integral_value(ROUND_HALF_UP)) if isinstance(value, Decimal) else round(value)


def _number(value: Any) -> Any:
    return value if isinstance(value, int | Decimal) else Decimal(str(value))


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else {"t": True, "f": False}[str(value)[0].lower()]


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _moment(value: Any) -> datetime:
    moment = _naive(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _naive(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a timestamp without time zone has none
    return datetime.fromisoformat(re.sub(r"([+-]\d\d)$", r"\1:00", str(value)))


def _local(value: Any) -> datetime:
    return _naive(value).replace(tzinfo=None)


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(re.sub(r"([+-]\d\d)$", r"\1:00", str(value)))


_PART = re.compile(r"(-?[\d.]+) (year|mon|month|week|day|hour|minute|second|min|sec)s?|(-?)(\d+):(\d+)(?::([\d.]+))?")
_DAYS = {"year": 365, "mon": 30, "month": 30, "week": 7, "day": 1}
_SECONDS = {"hour": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1}


def _interval(value: Any) -> timedelta:
    """As `intervalstyle = postgres` prints it; a month is 30 days, as for comparisons in Postgres."""
    if isinstance(value, timedelta):
        return value
    total, rest = timedelta(), str(value)
    for amount, unit, sign, hours, minutes, seconds in _PART.findall(rest):
        if unit in _DAYS:
            total += timedelta(days=float(amount) * _DAYS[unit])
        elif unit:
            total += timedelta(seconds=float(amount) * _SECONDS[unit])
        else:
            clock = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds or 0))
            total += -clock if sign else clock
    if _PART.sub("", rest).strip() not in {"", "@"}:
        raise ValueError(f"not an interval: {value!r}")
    return total


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return bytes.fromhex(value[2:]) if value.startswith("\\x") else value.encode()
    return bytes(value)


def _document(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(INTEGERS, _whole),
    "numeric": _number,
    "money": lambda value: _number(re.sub(r"[$,]", "", value) if isinstance(value, str) else value),
    "double precision": float,
    "real": float,
    "boolean": _boolean,
    "date": _date,
    "timestamp with time zone": _moment,
    "timestamp without time zone": _local,
    "time without time zone": _time,
    "time with time zone": _time,
    "interval": _interval,
    "bytea": _bytes,
    "uuid": _uuid,
    **dict.fromkeys(JSON, _document),
    **dict.fromkeys(TEXTS, str),
}


def text_of(value: Any) -> Any:
    """The value in Postgres's text form, so that the server reads it as whatever the column is; None for NULL.

    What is none of Python's own types is left to the driver.
    """
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal() | UUID():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return "\\x" + bytes(value).hex()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"
        case list() | tuple():
            return "{" + ",".join(map(_item, value)) + "}"
        case Mapping():
            return json.dumps(value, default=str)
        case _:
            return value


def _item(value: Any) -> str:
    if isinstance(value, list | tuple):
        return str(text_of(value))
    text = text_of(value)
    return "NULL" if text is None else quoted(str(text))


def quoted(text: str) -> str:
    """An element of an array or composite, in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
