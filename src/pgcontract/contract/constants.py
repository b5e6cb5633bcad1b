"""Values that an author writes, as SQL constants that a column of some type is compared with."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from pgcontract.names import literal, quote, split

Plain: TypeAlias = "bool | int | float | str | date"
"""A constant as it is written; in an expectation a date is a text already."""

_EXACT = re.compile(r"smallint|integer|bigint|numeric(?:\(.*\))?")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_NO_INTEGERS = {"nan", "infinity", "-infinity"}
_ORDERED = re.compile(
    r"(?:smallint|integer|bigint|numeric|real|double precision|money|text|character|date|time|timestamp|interval)"
    r"(?![\w.])(?!.*\[\])"
)


def plain(value: Any) -> Any:
    """Dates as text in ISO's form, as YAML and Python give them; what JSON has no number for as text."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


Constant = Annotated[
    bool | int | float | str | date, BeforeValidator(plain, json_schema_input_type=bool | int | float | str)
]
"""A number, a text, a truth value or a date; `NaN`, `Infinity` and `-Infinity` are texts."""


class Several(tuple[Plain, ...]):
    """Constants, among which `1`, `1.0` and `true` are three, as they are in SQL, though they are equal in Python."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether the same are written."""
        return isinstance(other, tuple) and tuple(map(type, self)) == tuple(map(type, other)) and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        """Whether they are not; a tuple has that of its own."""
        return not self == other

    __hash__ = tuple.__hash__


def _at_least_one(values: Sequence[Plain]) -> Several:
    if not values:
        raise ValueError("is empty")
    return Several(values)


Constants = Annotated[
    Sequence[Constant],
    BeforeValidator(lambda value: value if isinstance(value, list | tuple | set | frozenset) else (value,)),
    AfterValidator(_at_least_one),
]
"""Several constants, at least one; kept as a tuple."""


def constant(value: Plain, type_: str) -> str:
    """The value as an SQL constant, to be compared with a column of a type as Postgres prints it.

    A number stays one beside exact numbers, so that `2.5` and infinity can be compared with integers; so does a text
    that is one, such as `1e3`, which YAML takes for a text. Everything else is a text in quotes, which Postgres reads
    as the column's own type: `0.1` beside a `real` is the `real` that is nearest to it.
    """
    if isinstance(value, bool):
        return literal("true" if value else "false")
    text = str(value).strip()
    if _EXACT.fullmatch(type_):
        if _NUMBER.fullmatch(text):
            return f"({text})" if text[0] in "+-" else text
        if text.lower() in _NO_INTEGERS and not type_.startswith("numeric"):
            return f"{literal(text)}::pg_catalog.float8"
    return literal(str(value))


def is_ordered(type_: str) -> bool:
    """Whether the type is one of those for which `min` and `max` are known to be there, and cheap."""
    return _ORDERED.match(type_) is not None


def operator(sign: str, type_: str) -> str:
    """The operator as it stands between a column of the type and a constant.

    Names are looked up in pg_catalog alone, where `citext` would be compared as if it were `text`, and no error told
    of it: its operators are named by the schema in which it is.
    """
    parts = split(type_) if type_.endswith(".citext") else ()
    return f"operator({quote(parts[0])}.{sign})" if len(parts) == 2 else sign  # noqa: PLR2004 - schema and name
