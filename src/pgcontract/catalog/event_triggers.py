"""Event triggers, as pg_event_trigger has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.rules import ENABLED
from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.triggers import Enabled


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """An event trigger.

    Attributes:
        event: `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite`, `login`.
        function: The canonical name of its function, without brackets.
        enabled: `ORIGIN` is the usual state.
        tags: The commands that it fires for, in order; empty for all.
    """

    name: str
    event: str
    function: str
    owner: str
    enabled: Enabled = "ORIGIN"
    tags: tuple[str, ...] = ()
    extension: str | None = None
    comment: str | None = None


def from_row(row: tuple[Any, ...]) -> EventTrigger:
    """The record that a row of `sql/event_triggers.sql` makes."""
    name, event, schema, function, enabled, tags, owner, extension, comment = row
    calls, state = qualified(schema, function), ENABLED[enabled]
    return EventTrigger(name, event, calls, owner, state, tuple(sorted(tags or ())), extension, comment)
