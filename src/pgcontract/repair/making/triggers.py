"""Triggers and event triggers, made anew where one is missing or otherwise than the contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.event_triggers import EventTrigger
from pgcontract.catalog.triggers import Trigger
from pgcontract.names import literal, quote, signature
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.expectations.event_triggers import EventTriggerPresent
    from pgcontract.expectations.triggers import TriggerPresent
    from pgcontract.repair.context import Context


def made(expectation: TriggerPresent, context: Context) -> Draft | None:
    """The trigger dropped and made as the contract says, with what it leaves open as it is."""
    relation = context.world.get("relations", expectation.table)
    if relation is None:
        return None
    there = relation.triggers.get(expectation.name)
    wanted = merged(expectation, context, there)
    if there is not None and replace(wanted, enabled=there.enabled) == there:
        return None  # a change of its state is all that is needed
    context.require_function(wanted.function)
    triggers = {**relation.triggers, wanted.name: wanted}
    context.world.put("relations", relation.name, replace(relation, triggers=triggers))
    where = f"trigger {quote(wanted.name)} on {relation.name}"
    steps = [
        f"drop {where.replace('trigger', 'trigger if exists', 1)};",
        ddl.trigger(relation.name, wanted),
        *ddl.described(where, wanted.comment),
    ]
    state = ddl.trigger_state(relation.name, wanted)
    hazards = [Repair(sql, "blocks writes") for sql in [*steps, *filter(None, [state])]]
    return Draft(tuple(hazards), needs=(wanted.function,))


def merged(expectation: TriggerPresent, context: Context, there: Trigger | None) -> Trigger:
    """The trigger with what the contract says, and otherwise as it is.

    Raises:
        NotSaidError: There is none, and the contract does not say enough of it.
    """
    said = expectation
    if there is None:
        needed = {"function": said.function, "timing": said.timing, "events": said.events, "level": said.level}
        missing = [word for word, value in needed.items() if value is None]
        if missing:
            raise NotSaidError(f"the contract does not say the {' and '.join(missing)} of the trigger {said.name}")
        there = Trigger(said.name, "AFTER", (), "ROW", "")
    when = next(map(context.own, said.forms()), None)
    state = said.state or ("DISABLED" if not said.enabled else there.enabled if there.events else "ORIGIN")
    if said.state is None and said.enabled and state not in {"ORIGIN", "ALWAYS"}:
        state = "ORIGIN"
    stated: dict[str, object] = {
        "function": None if said.function is None else signature(said.function)[0],
        "timing": said.timing,
        "events": None if said.events is None else tuple(said.events),
        "level": said.level,
        "columns": None if said.columns is None else tuple(said.columns),
        "arguments": None if said.arguments is None else tuple(said.arguments),
        "constraint": said.constraint,
        "deferrable": said.deferrable or (True if said.deferred else said.deferrable),
        "deferred": said.deferred,
        "old_table": said.old_table,
        "new_table": said.new_table,
        "enabled": state,
    }
    if said.columns is not None and set(said.columns) == set(there.columns):
        stated["columns"] = there.columns
    trigger = replace(there, **{name: value for name, value in stated.items() if value is not None})  # type: ignore[arg-type]
    return trigger if when is None else replace(trigger, when=None if when.lower() == "true" else when)


_VERBS = {"DISABLED": "disable", "REPLICA": "enable replica", "ALWAYS": "enable always"}


def made_event(expectation: EventTriggerPresent, context: Context) -> Draft | None:
    """The event trigger dropped and made as the contract says, with what it leaves open as it is."""
    said, there = expectation, context.world.get("event_triggers", expectation.name)
    if there is None and (said.event is None or said.function is None):
        raise NotSaidError(f"the contract does not say the event and the function of the event trigger {said.name}")
    wanted = there or EventTrigger(said.name, "", "", context.user)
    if said.event is not None:
        wanted = replace(wanted, event=said.event.lower())
    if said.function is not None:
        wanted = replace(wanted, function=signature(said.function)[0])
    if said.commands is not None:
        wanted = replace(wanted, tags=tuple(sorted(tag.upper() for tag in said.commands)))
    if wanted == there:
        return None  # a change of its state is all that is needed
    context.require_function(wanted.function)
    wanted = replace(wanted, enabled=said.state or ("ORIGIN" if said.enabled else "DISABLED"))
    verb = _VERBS.get(wanted.enabled)
    tags = f" when tag in ({', '.join(map(literal, wanted.tags))})" if wanted.tags else ""
    name = quote(wanted.name)
    steps = [
        f"drop event trigger if exists {name};",
        f"create event trigger {name} on {wanted.event}{tags} execute function {wanted.function}();",
        *([f"alter event trigger {name} {verb};"] if verb else []),
        *([f"alter event trigger {name} owner to {quote(wanted.owner)};"] if wanted.owner != context.user else []),
        *ddl.described(f"event trigger {name}", wanted.comment),
    ]
    context.world.put("event_triggers", wanted.name, wanted)
    return Draft(tuple(map(Repair, steps)), needs=(wanted.function,))
