"""Mutants of rules and event triggers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.event_triggers import EventTrigger
    from pgcontract.catalog.rules import Rule
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("rule")


@KINDS.kind("RuleDropped", "a rule is dropped")
def _dropped(world: World) -> Iterator[Change]:
    for rule in own(world):
        edit = world.edit()
        edit.put("rules", rule.name, None)
        name = quote(split(rule.name)[-1])
        ddl = f"drop rule {name} on {rule.relation}"
        yield Change(rule.name, f"rule {name} on {rule.relation} is dropped", edit, (ddl,), rule.relation)


@KINDS.kind("RuleDisabled", "a rule is switched off")
def _disabled(world: World) -> Iterator[Change]:
    for rule in own(world):
        relation = world.catalog.relations[rule.relation]
        if rule.enabled != "DISABLED" and relation.is_table:
            edit, name = world.edit(), quote(split(rule.name)[-1])
            edit.put("rules", rule.name, replace(rule, enabled="DISABLED"))
            ddl = f"alter table {rule.relation} disable rule {name}"
            yield Change(rule.name, f"rule {name} on {rule.relation} is disabled", edit, (ddl,), rule.relation)


@KINDS.kind("RuleRedefined", "a rule does nothing instead of what it did")
def _redefined(world: World) -> Iterator[Change]:
    for rule in own(world):
        name, event = quote(split(rule.name)[-1]), rule.event
        head = f"CREATE RULE {name} AS\n    ON {event} TO {rule.relation} "
        text = f"{head}DO INSTEAD NOTHING;"
        relation = world.catalog.relations[rule.relation]
        if rule.definition != text and relation.is_table:
            edit = world.edit()
            edit.put("rules", rule.name, replace(rule, definition=text, instead=True))
            ddl = f"create or replace rule {name} as on {event.lower()} to {rule.relation} do instead nothing"
            yield Change(rule.name, f"rule {name} on {rule.relation} does nothing", edit, (ddl,), rule.relation)


@KINDS.kind("EventTriggerDropped", "an event trigger is dropped", noun="event trigger")
def _event_dropped(world: World) -> Iterator[Change]:
    for name, one in events(world):
        edit = world.edit()
        edit.put("event_triggers", name, None)
        yield _change(one, "is dropped", edit, f"drop event trigger {quote(name)}")


@KINDS.kind("EventTriggerStateChanged", "an event trigger is switched off, or on", noun="event trigger")
def _event_state(world: World) -> Iterator[Change]:
    for name, one in events(world):
        edit, off = world.edit(), one.enabled != "DISABLED"
        edit.put("event_triggers", name, replace(one, enabled="DISABLED" if off else "ORIGIN"))
        action = "disable" if off else "enable"
        yield _change(one, f"is {action}d", edit, f"alter event trigger {quote(name)} {action}")


@KINDS.kind("EventTriggerRenamed", "an event trigger gets another name, and so another turn", noun="event trigger")
def _event_renamed(world: World) -> Iterator[Change]:
    for name, one in events(world):
        edit, new = world.edit(), renamed(name)
        edit.put("event_triggers", name, None)
        edit.put("event_triggers", new, replace(one, name=new))
        yield _change(
            one, f"is renamed to {quote(new)}", edit, f"alter event trigger {quote(name)} rename to {quote(new)}"
        )


def own(world: World) -> Iterator[Rule]:
    """The rules in scope but for those that make a view one."""
    return (
        rule for _, rule in world.each("rules") if rule.event != "SELECT" and rule.relation in world.catalog.relations
    )


def events(world: World) -> Iterator[tuple[str, EventTrigger]]:
    """The event triggers in scope."""
    return world.each("event_triggers")


def _change(one: EventTrigger, said: str, edit: object, *ddl: str) -> Change:
    return Change(quote(one.name), f"event trigger {quote(one.name)} {said}", edit, ddl)  # type: ignore[arg-type]
