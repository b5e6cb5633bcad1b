"""Triggers in words: when each fires, and what it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import literal, quote
from pgcontract.report.words.pieces import Words, code, listed, say
from pgcontract.report.words.scanner import one_line

if TYPE_CHECKING:
    from pgcontract.catalog.triggers import Trigger

_STATES = {
    "DISABLED": "; it is disabled",
    "ALWAYS": "; on replicas too",
    "REPLICA": "; on replicas only",
}


def fires(trigger: Trigger) -> Words:
    """When a trigger fires and what it calls, without a period."""
    events = say(" or ".join(event.lower() for event in trigger.events))
    if trigger.columns:
        events = say("{} (update of {})", events, listed([code(quote(name)) for name in trigger.columns], " or "))
    each = "each row" if trigger.level == "ROW" else "the statement"
    arguments = ", ".join(literal(argument) for argument in trigger.arguments)
    said = say(f"{trigger.timing.lower()} {{}}, for {each}: {{}}", events, code(f"{trigger.function}({arguments})"))
    if trigger.when:
        said = say("{}, where {}", said, code(one_line(trigger.when)))
    if trigger.constraint:
        put_off = "; it can be put off to the end of the transaction"
        said = say("{}" + (put_off if trigger.deferrable else "") + (", and is" if trigger.deferred else ""), said)
    return say("{}" + _STATES.get(trigger.enabled, ""), said)
