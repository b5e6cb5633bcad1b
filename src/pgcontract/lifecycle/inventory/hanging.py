"""What acts on the rows of a relation: row-level security, policies, triggers, and rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
from pgcontract.expectations.rls import RlsDisabled, RlsEnabled, RlsForced, RlsNotForced
from pgcontract.expectations.rules import RulePresent, RulesAre
from pgcontract.expectations.triggers import TriggerPresent, TriggersAre
from pgcontract.lifecycle.inventory.frame import Source, readable
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.rules import Rule
    from pgcontract.catalog.triggers import Trigger
    from pgcontract.contract.expectation import Expectation


def row_level_security(relation: Relation) -> Iterator[Expectation]:
    """Whether it is enabled, and whether it holds for the owner too."""
    yield (RlsEnabled if relation.rls_enabled else RlsDisabled)(relation.name)
    yield (RlsForced if relation.rls_forced else RlsNotForced)(relation.name)


def policies(source: Source, relation: Relation) -> Iterator[Expectation]:
    """Each policy, and that there are no others."""
    held = sorted(
        (each for each in relation.policies.values() if source.scope.part_holds(source.catalog, relation, each)),
        key=lambda each: each.name,
    )
    for policy in held:
        yield from readable(partial(_policy, relation.name, policy), partial(_comment, "policy", relation.name, policy))
    yield PoliciesAre(relation.name, [policy.name for policy in held])


def _policy(table: str, policy: Policy) -> Iterator[Expectation]:
    yield PolicyPresent(
        table,
        policy.name,
        command=policy.command,
        roles=policy.roles,
        permissive=policy.permissive,
        using=policy.using,
        with_check=policy.with_check,
        exact=_is_odd(policy),
    )


def _is_odd(policy: Policy) -> bool:
    """Whether what the expressions come to does not tell which of them are there."""
    if policy.command == "INSERT":
        return policy.with_check is None
    return policy.using is None or policy.using == policy.with_check


def _comment(noun: str, table: str, part: Policy | Trigger) -> Iterator[Expectation]:
    if part.comment:
        yield CommentIs(noun, part.name, part.comment, of=table)


def triggers(source: Source, relation: Relation) -> Iterator[Expectation]:
    """Each trigger, and that there are no others; on a relation of the platform's, only the user's own."""
    whole = source.scope.holds(source.catalog, relation)
    for trigger in sorted(relation.triggers.values(), key=lambda each: each.name):
        if source.scope.part_holds(source.catalog, relation, trigger):
            yield from readable(partial(_trigger, relation.name, trigger))
            yield from readable(partial(_comment, "trigger", relation.name, trigger))
    if whole:
        yield TriggersAre(relation.name, sorted(relation.triggers))


def _trigger(table: str, trigger: Trigger) -> Iterator[Expectation]:
    yield TriggerPresent(
        table,
        trigger.name,
        function=f"{trigger.function}()",
        timing=trigger.timing,
        events=trigger.events,
        level=trigger.level,
        when=trigger.when or "true",
        enabled=trigger.enabled in {"ORIGIN", "ALWAYS"},
        columns=trigger.columns,
        arguments=trigger.arguments,
        state=trigger.enabled,
        constraint=trigger.constraint,
        deferrable=trigger.deferrable,
        deferred=trigger.deferred,
        old_table=trigger.old_table,
        new_table=trigger.new_table,
    )


def rules(source: Source, relation: Relation) -> Iterator[Expectation]:
    """Each rule, and that there are no others."""
    held: list[Rule] = [rule for _, rule in sorted(source.catalog.rules.items()) if rule.relation == relation.name]
    for rule in held:
        yield from readable(partial(_rule, rule), partial(_rule_comment, rule))
    yield RulesAre(relation.name, [split(rule.name)[-1] for rule in held])


def _rule(rule: Rule) -> Iterator[Expectation]:
    yield RulePresent(
        rule.relation,
        split(rule.name)[-1],
        event=rule.event,
        instead=rule.instead,
        enabled=rule.enabled in {"ORIGIN", "ALWAYS"},
        where=rule.condition,
        action=rule.action,
        state=rule.enabled,
    )


def _rule_comment(rule: Rule) -> Iterator[Expectation]:
    if rule.comment:
        yield CommentIs("rule", split(rule.name)[-1], rule.comment, of=rule.relation)
