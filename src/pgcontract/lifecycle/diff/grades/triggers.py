"""How much a change of a trigger or an event trigger matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import dangerous, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_OTHERWISE = review("what it checks, fills in or records happens otherwise")


def _enabled(change: Change) -> Verdict:
    if change.right in {"DISABLED", "REPLICA"}:
        return dangerous("what it checks, fills in or records no longer happens")
    return review("it fires where it did not")


def _events(change: Change) -> Verdict:
    lost = [event for event in change.left if event not in change.right]
    if lost:
        return dangerous(f"it no longer fires for {' and '.join(lost)}")
    return review("it fires for more")


TABLE: Table = {
    "added": review("it may refuse or change what is written"),
    "dropped": dangerous("what it checks, fills in or records no longer happens"),
    "enabled": _enabled,
    "events": _events,
    "timing": _OTHERWISE,
    "level": _OTHERWISE,
    "function": _OTHERWISE,
    "columns": _OTHERWISE,
    "arguments": _OTHERWISE,
    "when": _OTHERWISE,
    "constraint": _OTHERWISE,
    "deferrable": _OTHERWISE,
    "deferred": _OTHERWISE,
    "old_table": _OTHERWISE,
    "new_table": _OTHERWISE,
    "event": _OTHERWISE,
    "tags": _OTHERWISE,
    "comment": safe("comments change nothing"),
}
