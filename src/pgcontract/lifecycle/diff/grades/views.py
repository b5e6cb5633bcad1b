"""How much a change of a view or a rule matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict


def _definition(change: Change) -> Verdict:
    name = change.item.name
    old, new = (catalog.relations[name].columns for catalog in (change.sides.left, change.sides.right))
    gone = [column for column in old if column not in new]
    if gone:
        return breaking(f"what names its {_columns(gone)} fails")
    retyped = [column for column in old if old[column].type != new[column].type]
    if retyped:
        return breaking(f"its {_columns(retyped)} of another type")
    if not change.sides.right.views[name].security_invoker:
        return review("it may show other rows, and it reads with its owner's rights")
    return review("it may show other rows")


def _columns(names: list[str]) -> str:
    listing = ", ".join(names)
    return f"column {listing}" if len(names) == 1 else f"columns {listing}"


TABLE: Table = {
    "definition": _definition,
    "security_invoker": flag(
        breaking("whoever asks needs rights of their own on what it reads"),
        dangerous("it reads with its owner's rights, past the policies that hold for whoever asks"),
    ),
    "security_barrier": flag(
        review("some conditions are evaluated later, which may be slower"),
        dangerous("a condition of whoever asks may see rows that it leaves out"),
    ),
    "check_option": present(
        breaking("rows that it would not show are refused"),
        review("other rows are refused"),
        dangerous("rows that it would not show may be written through it"),
    ),
    "populated": flag(safe("it can be read"), breaking("it cannot be read until it is refreshed")),
}

_OTHERWISE = review("what is done to its relation does something else")

RULES: Table = {
    "added": _OTHERWISE,
    "dropped": dangerous("what it refused, or did instead, no longer is"),
    "event": _OTHERWISE,
    "instead": flag(breaking("the command itself is no longer done"), dangerous("the command itself is done, too")),
    "enabled": lambda change: (
        dangerous("what it refused, or did instead, no longer is") if change.right == "DISABLED" else _OTHERWISE
    ),
    "definition": _OTHERWISE,
    "comment": safe("comments change nothing"),
}
