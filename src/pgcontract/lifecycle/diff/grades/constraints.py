"""How much a change of a constraint matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_LOST = {
    "PRIMARY KEY": "rows may be alike, and nothing tells them apart",
    "UNIQUE": "rows that it kept from being alike may be written",
    "FOREIGN KEY": "rows may refer to what is not there",
    "CHECK": "rows that it refused may be written",
    "EXCLUDE": "rows that it kept apart may be written",
    "TRIGGER": "what it refused may be written",
}


def _added(change: Change) -> Verdict:
    if not change.item.record.enforced:
        return safe("it is NOT ENFORCED")
    return breaking("rows that it refuses could be written")


def _dropped(change: Change) -> Verdict:
    if not change.item.record.enforced:
        return safe("it was NOT ENFORCED")
    return dangerous(_LOST[change.item.record.kind])


def _expression(change: Change) -> Verdict:
    if change.right == "true":
        return dangerous("it holds for every row, so that nothing is refused")
    return review("it refuses other rows")


def _deleted(change: Change) -> Verdict:
    if change.right == "CASCADE":
        return dangerous("rows that refer to it are deleted with the row, where that was refused or set")
    return review("rows that refer to it meet another fate")


TABLE: Table = {
    "added": _added,
    "dropped": _dropped,
    "kind": breaking("it refuses other rows"),
    "columns": review("it refuses other rows"),
    "references": breaking("it refers to another table"),
    "referenced_columns": breaking("it refers to other columns"),
    "on_update": _deleted,
    "on_delete": _deleted,
    "match": review("keys that are partly NULL are taken otherwise"),
    "expression": _expression,
    "definition": review("it keeps other rows apart"),
    "deferrable": review("when it is checked may be put off otherwise"),
    "deferred": review("it is checked at another time"),
    "validated": flag(safe("the rows that are there satisfy it"), review("rows that are there may break it")),
    "enforced": flag(breaking("rows that it refuses could be written"), dangerous("it refuses nothing")),
    "period": review("it refuses other rows"),
    "no_inherit": flag(
        dangerous("children may hold rows that it refused"), breaking("it refuses rows of children, too")
    ),
    "index": review("it stands on another index"),
    "comment": safe("comments change nothing"),
    "on_delete_columns": present(
        review("a deletion sets only these columns"),
        review("a deletion sets other columns"),
        review("a deletion sets all columns"),
    ),
}
