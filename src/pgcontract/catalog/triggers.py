"""Triggers, as pg_trigger has them; those that constraints make for themselves are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.lexis import between
from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

Timing = Literal["BEFORE", "AFTER", "INSTEAD OF"]
Event = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
Level = Literal["ROW", "STATEMENT"]
Enabled = Literal["ORIGIN", "ALWAYS", "REPLICA", "DISABLED"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of a relation.

    Attributes:
        name: Its name, unquoted.
        timing: When it fires.
        events: What fires it, in the order INSERT, UPDATE, DELETE, TRUNCATE.
        level: Once a row, or once a statement.
        function: The canonical name of its function, without brackets.
        columns: The columns whose update fires it; empty for all.
        arguments: The literal arguments that the function gets.
        when: Its WHEN condition, as Postgres deparses it.
        enabled: `ORIGIN` is the usual state.
        deferrable: Whether a constraint trigger can be put off.
        deferred: Whether it is put off unless told otherwise.
        old_table: The transition table (`REFERENCING OLD TABLE AS …`) of the rows as they were, unquoted.
        new_table: The transition table of the rows as they are.
    """

    name: str
    timing: Timing
    events: tuple[Event, ...]
    level: Level
    function: str
    columns: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    when: str | None = None
    enabled: Enabled = "ORIGIN"
    constraint: bool = False
    deferrable: bool = False
    deferred: bool = False
    old_table: str | None = None
    new_table: str | None = None
    comment: str | None = None


_ENABLED: dict[str, Enabled] = {"O": "ORIGIN", "A": "ALWAYS", "R": "REPLICA", "D": "DISABLED"}

# pg_trigger.tgtype's bits (src/include/catalog/pg_trigger.h)
_ROW, _BEFORE, _INSTEAD = 1, 2, 64
_EVENTS: tuple[tuple[int, Event], ...] = ((4, "INSERT"), (16, "UPDATE"), (8, "DELETE"), (32, "TRUNCATE"))


def condition_of(definition: str) -> str:
    """The WHEN condition that a trigger's whole definition holds, as `pg_get_triggerdef` prints it."""
    return between(definition, "WHEN")


def from_row(row: tuple[Any, ...], names: Mapping[int, str]) -> Trigger:
    """The record that a row of `sql/triggers.sql` makes."""
    _, name, bits, enabled, schema, function, numbers, arguments, definition = row[:9]
    constraint, deferrable, deferred, old_table, new_table, comment = row[9:]
    timing: Timing = "INSTEAD OF" if bits & _INSTEAD else "BEFORE" if bits & _BEFORE else "AFTER"
    return Trigger(
        name=name,
        timing=timing,
        events=tuple(event for bit, event in _EVENTS if bits & bit),
        level="ROW" if bits & _ROW else "STATEMENT",
        function=qualified(schema, function),
        columns=tuple(names.get(number, "") for number in numbers),  # all are known, but where no column may be read
        arguments=tuple(part.decode(errors="replace") for part in bytes(arguments).split(b"\0")[:-1]),
        when=condition_of(definition) if definition else None,
        enabled=_ENABLED[enabled],
        constraint=constraint,
        deferrable=deferrable,
        deferred=deferred,
        old_table=old_table,
        new_table=new_table,
        comment=comment,
    )
