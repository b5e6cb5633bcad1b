"""Rules, as pg_rewrite has them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.lexis import between, tokens
from pgcontract.names import qualified, quote
from pgcontract.records import dataclass

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
    comment: str | None = None

    @property
    def clause(self) -> str:
        """What stands behind the relation in its definition: the condition, and what it does."""
        return clause_of(self.definition)

    @property
    def condition(self) -> str | None:
        """What stands behind WHERE, without its brackets; None where it holds for all rows."""
        return self._parted[0]

    @property
    def action(self) -> str:
        """What it does: `NOTHING`, a command, or several in brackets."""
        return self._parted[1]

    @property
    def _parted(self) -> tuple[str | None, str]:
        clause, where = self.clause.strip(), None
        if clause.startswith("WHERE"):
            where = between(clause, "WHERE")
            clause = clause[clause.index(where) + len(where) :].lstrip(") \n")
        return where, clause.removeprefix("DO").lstrip().removeprefix("INSTEAD").strip()


_EVENTS: dict[str, RuleEvent] = {"1": "SELECT", "2": "UPDATE", "3": "INSERT", "4": "DELETE"}
ENABLED: dict[str, Enabled] = {"O": "ORIGIN", "A": "ALWAYS", "R": "REPLICA", "D": "DISABLED"}
"""What `ev_enabled` and its like stand for."""


def clause_of(definition: str) -> str:
    """What stands behind the relation in the definition of a rule.

    >>> clause_of("CREATE RULE r AS ON DELETE TO public.t DO INSTEAD NOTHING;")
    'DO INSTEAD NOTHING'
    """
    # CREATE RULE name AS ON command TO schema . table
    places = (place for _, piece, place in tokens(definition) if piece.strip())
    start = next(islice(places, _HEAD, None))
    return definition[start:].strip().removesuffix(";")


_HEAD = 10


def rule_name(relation: str, name: str) -> str:
    """The canonical name of a relation's rule.

    >>> rule_name("public.notes", "no_delete")
    'public.notes.no_delete'
    """
    return f"{relation}.{quote(name)}"


def from_row(row: tuple[Any, ...]) -> Rule:
    """The record that a row of `sql/rules.sql` makes."""
    schema, table, name, event, instead, enabled, definition, comment = row
    relation = qualified(schema, table)
    return Rule(rule_name(relation, name), relation, _EVENTS[event], instead, ENABLED[enabled], definition, comment)
