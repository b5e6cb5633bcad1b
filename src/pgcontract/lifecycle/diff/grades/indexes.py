"""How much a change of an index matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Rule, Table, Verdict


def _added(change: Change) -> Verdict:
    if change.item.record.unique:
        return breaking("rows that are alike in it are refused")
    return safe("an index refuses nothing")


def _dropped(change: Change) -> Verdict:
    if change.item.record.unique:
        return dangerous("rows that it kept from being alike may be written")
    return review("queries that used it read the whole table")


def _guarding(reason: str) -> Rule:
    """What changes which rows a unique index refuses; of another index it is a matter of speed."""

    def decided(change: Change) -> Verdict:
        unique = change.item.record.unique
        return review(f"it refuses other rows: {reason}" if unique else f"queries may be slower: {reason}")

    return decided


def _valid(change: Change) -> Verdict:
    if change.right:
        return safe("it can be used")
    unique = change.item.record.unique
    return dangerous("rows that it should keep apart may be there") if unique else review("no query uses it")


TABLE: Table = {
    "added": _added,
    "dropped": _dropped,
    "method": _guarding("it is of another method"),
    "columns": _guarding("its keys are others"),
    "include": review("queries that read it alone may have to read the table"),
    "unique": flag(breaking("rows that are alike in it are refused"), dangerous("rows may be alike in it")),
    "primary": review("whether it is the primary key's is otherwise"),
    "nulls_not_distinct": flag(breaking("a second NULL is refused"), dangerous("any number of NULLs may be written")),
    "predicate": _guarding("it holds other rows"),
    "valid": _valid,
    "constraint": review("it serves another constraint, or none"),
    "options": review("it is stored otherwise"),
    "comment": safe("comments change nothing"),
}
