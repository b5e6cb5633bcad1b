"""What a query or a function gives, beside what a contract's author wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator

_MOST = 5
"""Rows that a message shows."""


def _row(value: Any) -> tuple[Any, ...]:
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else (_plain(value),)


def _plain(value: Any) -> Any:
    """What a file can hold too."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return str(value) if isinstance(value, date | time | Decimal | UUID) else value


def _rows(value: Any) -> Any:
    return tuple(map(_row, value)) if isinstance(value, list | tuple) else (_row(value),)


def _rows_if_any(value: Any) -> Any:
    return None if value is None else _rows(value)


_Row = list[Any] | str | float | bool | dict[str, Any] | None
_Written = list[_Row] | str | float | bool | dict[str, Any] | None
Rows = Annotated[Any, BeforeValidator(_rows, json_schema_input_type=_Written)]
"""Rows, each a list of values or one alone; a value without a list is a single row of it. Kept as tuples."""
RowsIfAny = Annotated[Any, BeforeValidator(_rows_if_any, json_schema_input_type=_Written)]
"""The same; None for what is not said, and so NULL is `[None]`."""


def same(observed: Any, expected: Any) -> bool:
    """Whether a value is the one that was written: numbers by their size, the rest as its text."""
    if expected is None or observed is None:
        return expected is observed
    if isinstance(expected, bool) or isinstance(observed, bool):
        return expected is observed
    if isinstance(expected, Mapping):
        alike = isinstance(observed, Mapping) and observed.keys() == expected.keys()
        return alike and all(same(observed[key], value) for key, value in expected.items())
    if isinstance(expected, list | tuple):
        alike = isinstance(observed, list | tuple) and len(observed) == len(expected)
        return alike and all(map(same, observed, expected))
    if isinstance(observed, int | float | Decimal):
        return _number(observed) == _number(expected)
    return str(expected) in _texts(observed)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _texts(value: Any) -> tuple[str, ...]:
    return (str(value), value.isoformat()) if isinstance(value, date | time) else (str(value),)


def differ(observed: Sequence[Sequence[Any]], expected: Sequence[Sequence[Any]], *, ordered: bool) -> bool:
    """Whether rows are others than those expected; without an order, each may stand anywhere."""
    if len(observed) != len(expected):
        return True
    if ordered:
        return not all(map(same, map(tuple, observed), map(tuple, expected)))
    left = list(map(tuple, expected))
    for row in observed:
        found = next((number for number, wanted in enumerate(left) if same(tuple(row), wanted)), None)
        if found is None:
            return True
        left.pop(found)
    return False


def shown(rows: Sequence[Sequence[Any]], *, values: bool = True) -> str:
    """Rows in a line, the first few of them; how many there are where no values may be shown."""
    if not rows:
        return "no rows"
    if not values:
        return f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} that may not be shown"
    listed = [json.dumps(row[0] if len(row) == 1 else list(row), default=str, ensure_ascii=False) for row in rows]
    more = f", … ({len(rows)} rows)" if len(rows) > _MOST else ""
    return ", ".join(listed[:_MOST]) + more
