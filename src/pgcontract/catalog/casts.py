"""Casts, as pg_cast has them; the server's own too, for a cast has no schema to tell them by."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.records import dataclass

CastContext = Literal["explicit", "assignment", "implicit"]
CastMethod = Literal["function", "inout", "binary"]


@dataclass(frozen=True, slots=True)
class Cast:
    """A cast from one type to another.

    Attributes:
        source: The type that is cast, as `format_type` prints it.
        target: The type that comes of it.
        context: Where Postgres casts unasked: nowhere, on assignment, or everywhere.
        method: By a function, through text, or without any conversion.
        function: The signature of the function; not read for the server's own.
        system: Whether it is the server's own.
    """

    source: str
    target: str
    context: CastContext
    method: CastMethod
    function: str | None = None
    system: bool = False
    extension: str | None = None
    comment: str | None = None

    @property
    def signature(self) -> str:
        """What identifies a cast, as `CREATE CAST` writes it."""
        return f"({self.source} AS {self.target})"


_CONTEXTS: dict[str, CastContext] = {"e": "explicit", "a": "assignment", "i": "implicit"}
_METHODS: dict[str, CastMethod] = {"f": "function", "i": "inout", "b": "binary"}


def from_row(row: tuple[Any, ...]) -> Cast:
    """The record that a row of `sql/casts.sql` makes."""
    source, target, context, method, function, system, extension, comment = row
    return Cast(source, target, _CONTEXTS[context], _METHODS[method], function, system, extension, comment)
