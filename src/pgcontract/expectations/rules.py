from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from pgcontract.catalog.rules import RuleEvent, rule_name
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import perhaps, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

RuleEvents = Annotated[RuleEvent, AnyCase(get_args(RuleEvent))]


def _names(catalog: Catalog, relation: str) -> list[str]:
    """The unquoted names of a relation's rules, beside the one that makes a view a view."""
    name = catalog.relations[relation].name
    return [split(rule.name)[-1] for rule in catalog.rules.values() if rule.relation == name]


class RulePresent(CatalogExpectation):
    """{relation} has a rule {name}.

    What is given is compared: the command that it is for, and whether its actions take the command's place. The rule
    must be enabled, unless `enabled` is false: then it must not.

    Example:
        RulePresent("invoices", "keep_paid", event="DELETE", instead=True)

    Repair: run the migration that creates it, or enable it.
    """

    relation: Relation
    name: Member
    event: RuleEvents | None = None
    instead: bool | None = None
    enabled: bool = True

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
        fires = rule.enabled in {"ORIGIN", "ALWAYS"}
        verb = "enable" if self.enabled else "disable"
        yield from differs(
            f"state of {of}",
            "enabled" if self.enabled else "disabled",
            "enabled" if fires else rule.enabled.lower(),
            repair=[Repair(f"alter table {self.relation} {verb} rule {quote(self.name)};", "blocks writes")],
        )


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
