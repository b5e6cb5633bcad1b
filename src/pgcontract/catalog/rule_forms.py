"""The form of what a rule does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from pgcontract.catalog.forms import Form
from pgcontract.catalog.lexis import complaint
from pgcontract.catalog.rules import clause_of
from pgcontract.names import literal
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class RuleForm(Form):
    """A rule's action and condition, tried on a temporary table; for what command it is, the real rule says.

    Attributes:
        rule: The rule's canonical name.
        where: The condition, if there is one.
        event: The command, once the catalog was looked at.
        kind: `INSTEAD` or `ALSO`, once the catalog was looked at.
    """

    rule: str
    where: str | None = None
    event: str = ""
    kind: str = ""

    noun: ClassVar[str] = "rule action"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """Nobody need be asked of a rule that is not there, or that is the very same."""
        rule = catalog.rules.get(self.rule)
        return (self.text,) if rule is None or (rule.condition, rule.action) == (self.where, self.text) else ()

    def complaint(self) -> str | None:
        """Why either text cannot be put into the statement."""
        return complaint(self.text) or (None if self.where is None else complaint(self.where))

    def within(self, catalog: Catalog) -> Self:
        """The form with the command of the real rule."""
        rule = catalog.rules[self.rule]
        return replace(self, event=rule.event, kind="INSTEAD" if rule.instead else "ALSO")

    def store(self, table: str) -> str:
        """A rule on a table that nobody writes to."""
        where = "" if self.where is None else f" where ({self.where}\n)"
        return f"create rule pgcontract_form as on {self.event} to {table}{where} do {self.kind} {self.text}"

    def fetch(self, table: str) -> str:
        """The whole definition."""
        return (
            "select pg_catalog.pg_get_ruledef(r.oid) from pg_catalog.pg_rewrite r "
            f"where r.ev_class = {literal(table)}::pg_catalog.regclass and r.rulename = 'pgcontract_form'"
        )

    def read(self, value: str) -> str | None:
        """The condition and the action."""
        return clause_of(value)
