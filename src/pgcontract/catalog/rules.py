"""Rules, as pg_rewrite has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.names import qualified, quote

if TYPE_CHECKING:
    from pgcontract.catalog.triggers import Enabled

RuleEvent = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a relation.

    Attributes:
        name: Its canonical name: `public.notes.no_delete`.
        relation: The canonical name of its relation.
        event: What it is for.
        instead: Whether its actions take the place of the command.
        enabled: `ORIGIN` is the usual state.
        definition: The whole, as Postgres deparses it.
    """

    name: str
    relation: str
    event: RuleEvent
    instead: bool
    enabled: Enabled
    definition: str


_EVENTS: dict[str, RuleEvent] = {"1": "SELECT", "2": "UPDATE", "3": "INSERT", "4": "DELETE"}
ENABLED: dict[str, Enabled] = {"O": "ORIGIN", "A": "ALWAYS", "R": "REPLICA", "D": "DISABLED"}
"""What `ev_enabled` and its like stand for."""


def rule_name(relation: str, name: str) -> str:
    """The canonical name of a relation's rule.

    >>> rule_name("public.notes", "no_delete")
    'public.notes.no_delete'
    """
    return f"{relation}.{quote(name)}"


def from_row(row: tuple[Any, ...]) -> Rule:
    """The record that a row of `sql/rules.sql` makes."""
    schema, table, name, event, instead, enabled, definition = row
    relation = qualified(schema, table)
    return Rule(rule_name(relation, name), relation, _EVENTS[event], instead, ENABLED[enabled], definition)
