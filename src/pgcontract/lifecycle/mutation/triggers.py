"""Mutants of triggers: dropped, switched off, fired at other times, by other events, with another function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.triggers import Trigger
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.triggers import Enabled
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("trigger")
_ORDER = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@KINDS.kind("TriggerDropped", "a trigger is dropped")
def _dropped(world: World) -> Iterator[Change]:
    for table, trigger in own(world):
        edit = world.edit()
        edit.part(table.name, "triggers", trigger.name, None)
        if trigger.constraint:
            edit.part(table.name, "constraints", trigger.name, None)
        yield changed(table, trigger, "is dropped", edit, f"drop trigger {_on(table, trigger)}")


@KINDS.kind("TriggerRenamed", "a trigger gets another name, and so another turn")
def _name_changed(world: World) -> Iterator[Change]:
    for table, trigger in own(world):
        edit, new = world.edit(), renamed(trigger.name)
        edit.part(table.name, "triggers", trigger.name, replace(trigger, name=new))
        ddl = f"alter trigger {_on(table, trigger)} rename to {quote(new)}"
        yield changed(table, trigger, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("TriggerDisabled", "a trigger is switched off")
def _disabled(world: World) -> Iterator[Change]:
    yield from _state(world, "DISABLED", "disable trigger", "is disabled")


@KINDS.kind("TriggerAlways", "a trigger also fires where changes are replicated to")
def _always(world: World) -> Iterator[Change]:
    yield from _state(world, "ALWAYS", "enable always trigger", "fires ALWAYS")


@KINDS.kind("TriggerEnabled", "a trigger that was switched off fires")
def _enabled(world: World) -> Iterator[Change]:
    for table, trigger in own(world):
        if trigger.enabled == "DISABLED":
            yield _in_state(world, table, trigger, "ORIGIN", "enable trigger", "is enabled")


def _state(world: World, state: Enabled, words: str, said: str) -> Iterator[Change]:
    for table, trigger in own(world):
        if trigger.enabled != state and table.is_table:
            yield _in_state(world, table, trigger, state, words, said)


def _in_state(world: World, table: Relation, trigger: Trigger, state: Enabled, words: str, said: str) -> Change:
    edit = world.edit()
    edit.part(table.name, "triggers", trigger.name, replace(trigger, enabled=state))
    return changed(table, trigger, said, edit, f"alter table {table.name} {words} {quote(trigger.name)}")


@KINDS.kind("TriggerTimingChanged", "a trigger fires before what it fired after, or after what it fired before")
def _timing(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        if trigger.timing != "INSTEAD OF" and not (trigger.constraint or trigger.old_table or trigger.new_table):
            after = replace(trigger, timing="AFTER" if trigger.timing == "BEFORE" else "BEFORE")
            yield again(world, table, trigger, after, f"fires {after.timing}, not {trigger.timing}")


@KINDS.kind("TriggerEventLost", "a trigger no longer fires on one of its events")
def _event_lost(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        if len(trigger.events) > 1:
            gone = trigger.events[-1]
            after = replace(trigger, events=trigger.events[:-1], columns=() if gone == "UPDATE" else trigger.columns)
            yield again(world, table, trigger, after, f"no longer fires on {gone}")


@KINDS.kind("TriggerEventAdded", "a trigger fires on one event more")
def _event_added(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        transition = trigger.old_table or trigger.new_table
        more = [event for event in _ORDER[:3] if event not in trigger.events]
        if more and not trigger.when and not transition and "TRUNCATE" not in trigger.events:
            events = tuple(event for event in _ORDER if event in {*trigger.events, more[0]})
            after = replace(trigger, events=events)  # type: ignore[arg-type]
            yield again(world, table, trigger, after, f"fires on {more[0]}, too")


@KINDS.kind("TriggerColumnsLost", "a trigger fires on the update of any column")
def _columns_lost(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        if trigger.columns:
            yield again(world, table, trigger, replace(trigger, columns=()), "fires on the update of any column")


@KINDS.kind("TriggerConditionLost", "a trigger fires whatever its WHEN said")
def _when_lost(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        if trigger.when:
            yield again(world, table, trigger, replace(trigger, when=None), f"loses its WHEN ({trigger.when})")


@KINDS.kind("TriggerLevelChanged", "a trigger fires once a statement, not once a row")
def _level(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        plain = not (trigger.constraint or trigger.when) and trigger.timing != "INSTEAD OF"
        if trigger.level == "ROW" and plain:
            yield again(world, table, trigger, replace(trigger, level="STATEMENT"), "fires once a statement")


@KINDS.kind("TriggerArgumentsChanged", "a trigger's function gets other arguments")
def _arguments(world: World) -> Iterator[Change]:
    for table, trigger in remade(world):
        after = replace(trigger, arguments=(*trigger.arguments, "mutant"))
        yield again(world, table, trigger, after, "gives its function one argument more")


@KINDS.kind("TriggerFunctionChanged", "a trigger calls another function")
def _function(world: World) -> Iterator[Change]:
    functions = _functions(world)
    for table, trigger in remade(world):
        other = next((name for name in functions if name != trigger.function), None)
        if other is not None:
            yield again(world, table, trigger, replace(trigger, function=other), f"calls {other}")


@KINDS.kind("TriggerAdded", "a table gets a trigger that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    functions = _functions(world)
    for table in world.tables:
        if functions and table.kind == "table" and NEW not in table.triggers:
            trigger, edit = Trigger(NEW, "AFTER", ("INSERT",), "STATEMENT", functions[0]), world.edit()
            edit.alter("relations", table.name, triggers={**table.triggers, NEW: trigger})
            yield changed(table, trigger, f"is added, which calls {functions[0]}", edit, definition(table, trigger))


def _functions(world: World) -> list[str]:
    """The trigger functions in scope, by name."""
    return sorted(one.name for _, one in world.each("functions") if one.returns == "trigger" and not one.types)


def own(world: World) -> Iterator[tuple[Relation, Trigger]]:
    """The triggers of relations that stand alone: a partition has its table's."""
    for table in world.catalog.relations.values():
        for trigger in table.triggers.values() if world.lone(table.name) else ():
            if world.scope.part_holds(world.catalog, table, trigger):
                yield table, trigger


def remade(world: World) -> Iterator[tuple[Relation, Trigger]]:
    """Those that can be dropped and made again: what a constraint trigger refers to is not read."""
    return ((table, trigger) for table, trigger in own(world) if not trigger.constraint)


def again(world: World, table: Relation, was: Trigger, after: Trigger, said: str) -> Change:
    """A trigger that is dropped and made again otherwise, with its comment and its state."""
    edit = world.edit()
    edit.part(table.name, "triggers", was.name, after)
    ddl = [f"drop trigger {_on(table, was)}", definition(table, after)]
    if was.enabled != "ORIGIN":
        words = {"ALWAYS": "enable always", "REPLICA": "enable replica", "DISABLED": "disable"}[was.enabled]
        ddl.append(f"alter table {table.name} {words} trigger {quote(was.name)}")
    if was.comment is not None:
        ddl.append(f"comment on trigger {_on(table, was)} is {literal(was.comment)}")
    return changed(table, was, said, edit, *ddl)


def definition(table: Relation, one: Trigger) -> str:
    """The CREATE TRIGGER of a trigger that is no constraint."""
    events = [event.lower() for event in one.events]
    if one.columns:
        events[one.events.index("UPDATE")] += f" of {', '.join(map(quote, one.columns))}"
    text = f"create trigger {quote(one.name)} {one.timing.lower()} {' or '.join(events)} on {table.name}"
    names = {"old": one.old_table, "new": one.new_table}
    tables = "".join(f" {when} table as {quote(name)}" for when, name in names.items() if name)
    text += f" referencing{tables}" if tables else ""
    text += f" for each {one.level.lower()}"
    text += f" when ({one.when})" if one.when else ""
    return text + f" execute function {one.function}({', '.join(map(literal, one.arguments))})"


def _on(table: Relation, trigger: Trigger) -> str:
    return f"{quote(trigger.name)} on {table.name}"


def changed(table: Relation, trigger: Trigger, said: str, edit: Edit, *ddl: str) -> Change:
    """A change of a trigger."""
    name = column_name(table.name, trigger.name)
    return Change(name, f"trigger {_on(table, trigger)} {said}", edit, ddl, table.name)
