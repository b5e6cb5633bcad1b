"""Statements whose answers Python can always hold: a date that it has not, such as infinity, stays text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row
from psycopg.types.bool import BoolLoader
from psycopg.types.datetime import DateLoader, IntervalLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.numeric import FloatLoader, IntLoader, NumericLoader
from psycopg.types.string import TextLoader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.abc import Buffer, Loader


def _or_text(loader: type[Any]) -> type[Loader]:
    class OrText(loader):  # type: ignore[misc]
        """What Python cannot hold is loaded as Postgres writes it."""

        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return OrText


# What somebody whose connection it is may have loaded otherwise: numeric as float, say.
_LOADERS: dict[str, type[Loader]] = {
    **dict.fromkeys(("int2", "int4", "int8"), IntLoader),
    **dict.fromkeys(("float4", "float8"), FloatLoader),
    "numeric": NumericLoader,
    "bool": BoolLoader,
    "text": TextLoader,
    "date": _or_text(DateLoader),
    "timestamp": _or_text(TimestampLoader),
    "timestamptz": _or_text(TimestamptzLoader),
    "interval": _or_text(IntervalLoader),
}


def execute(
    connection: psycopg.Connection[Any], statement: str, parameters: Sequence[Any] | None = None
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement by a cursor of our own, of several the last one's rows; it is never prepared."""
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)
    for name, loader in _LOADERS.items():
        cursor.adapters.register_loader(name, loader)
    cursor.execute(statement.encode(), parameters, prepare=False)
    while cursor.nextset():
        pass
    return cursor
