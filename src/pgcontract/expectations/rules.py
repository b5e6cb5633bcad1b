from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self, get_args

from pydantic import model_validator

from pgcontract.catalog.rule_forms import RuleForm
from pgcontract.catalog.rules import RuleEvent, rule_name
from pgcontract.catalog.triggers import Enabled
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import perhaps, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.rules import Rule

RuleEvents = Annotated[RuleEvent, AnyCase(get_args(RuleEvent))]


def _names(catalog: Catalog, relation: str) -> list[str]:
    """The unquoted names of a relation's rules, beside the one that makes a view a view."""
    name = catalog.relations[relation].name
    return [split(rule.name)[-1] for rule in catalog.rules.values() if rule.relation == name]


class RulePresent(CatalogExpectation):
    """{relation} has a rule {name}.

    What is given is compared: the command that it is for, and whether its actions take the command's place. The rule
    must be enabled, unless `enabled` is false: then it must not; `state` says more exactly when: `ORIGIN`, `REPLICA`,
    `ALWAYS` or `DISABLED`. The `action` (`nothing`, a command, or several in
    brackets) is compared as Postgres itself would store it, together with the condition `where`: without one, there
    must be none.

    Example:
        RulePresent("invoices", "keep_paid", event="DELETE", instead=True)

    Repair: run the migration that creates it, replace it, or enable it.
    """

    relation: Relation
    name: Member
    event: RuleEvents | None = None
    instead: bool | None = None
    enabled: bool = True
    where: Sql | None = None
    action: Sql | None = None
    state: Annotated[Enabled, AnyCase(get_args(Enabled))] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.where is not None and self.action is None:
            raise ValueError("say the action that the condition is for")
        return self

    def forms(self) -> Iterable[Form]:
        if self.action is not None:
            yield RuleForm(self.action, self.relation, rule_name(self.relation, self.name), self.where)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        names = _names(catalog, self.relation)
        if self.name not in names:
            hint = perhaps(self.name, names)
            yield Finding(f"{self.relation} has no rule {quote(self.name)}", expected=self.name, hint=hint)
            return
        rule, of = catalog.rules[rule_name(self.relation, self.name)], f"rule {quote(self.name)} on {self.relation}"
        if self.event is not None:
            yield from differs(f"event of {of}", self.event, rule.event)
        if self.instead is not None:
            words = {True: "INSTEAD", False: "ALSO"}
            yield from differs(f"kind of {of}", words[self.instead], words[rule.instead])
        for form in self.forms():
            yield from self._compare(rule, catalog.own_form(form), of)
        yield from self._state(rule, of)

    def _state(self, rule: Rule, of: str) -> Iterator[Finding]:
        fires = rule.enabled in {"ORIGIN", "ALWAYS"}
        verb = "enable" if self.enabled else "disable"
        expected, observed = "enabled" if self.enabled else "disabled", "enabled" if fires else rule.enabled.lower()
        if self.state is not None:
            verb = {"ORIGIN": "enable", "DISABLED": "disable"}.get(self.state, f"enable {self.state.lower()}")
            expected, observed = self.state, rule.enabled
        elif not self.enabled and not fires:
            return
        repair = Repair(f"alter table {self.relation} {verb} rule {quote(self.name)};", "blocks writes")
        yield from differs(f"state of {of}", expected, observed, repair=[repair])

    def _compare(self, rule: Rule, own: str, of: str) -> Iterator[Finding]:
        """The condition and the action; where nobody was asked, they are put together as they were written."""
        if (self.where, self.action) == (rule.condition, rule.action):
            return
        verb = "DO INSTEAD" if rule.instead else "DO"
        where = f"WHERE ({self.where}) " if self.where else ""
        expected = f"{where}{verb} {self.action}" if own == self.action else own
        create = f"create or replace rule {quote(self.name)} as on {rule.event.lower()} to {self.relation}"
        if expected != rule.clause:
            repair = Repair(f"{create} {expected};", "changes access")
            yield from differs(f"action of {of}", expected, rule.clause, repair=[repair])


class RulesAre(CatalogExpectation):
    """{relation} has exactly the rules {rules}.

    A closed world: a rule rewrites what was asked for, unseen. The one that makes a view a view is left out.

    Example:
        RulesAre("invoices", ["keep_paid"])

    Repair: drop what is not wanted; what is missing needs its migration.
    """

    relation: Relation
    rules: Identifiers

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        nouns, place = ("rule", "rules"), f"relation {self.relation}"
        observed = _names(catalog, self.relation)
        yield from closed(nouns, place, self.rules, observed, lambda name: rule_name(self.relation, name))
