"""What partitions and children have from their parents is said of the parent alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import ancestors
from pgcontract.lifecycle.diff.change import ADDED, DROPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.lifecycle.diff.change import Change, Sides

_HANDED_DOWN = frozenset({"column", "constraint", "index", "trigger"})


def without_inherited(changes: Iterable[Change], sides: Sides) -> Iterator[Change]:
    """The changes without those that a parent hands down to its children."""
    found = list(changes)
    if not (sides.left.inheritance and sides.right.inheritance):
        yield from found
        return
    said = {(change.item.home, *_what(change)) for change in found if change.item.kind in _HANDED_DOWN}
    for change in found:
        if change.item.kind not in _HANDED_DOWN or not _handed_down(change, said, sides):
            yield change


def _handed_down(change: Change, said: set[Any], sides: Sides) -> bool:
    name = change.item.home
    if not (name in sides.left.inheritance and name in sides.right.inheritance):
        return False
    what = _what(change)
    return any((parent, *what) in said for parent in ancestors(sides.left.inheritance, name))


def _what(change: Change) -> tuple[Any, ...]:
    """The same for a parent and its child. The indexes and keys of children have names of their own."""
    item = change.item
    named = item.kind in {"column", "trigger"} or (item.kind == "constraint" and item.record.kind == "CHECK")
    own = item.record.name if named else None
    if change.field in {ADDED, DROPPED}:
        return item.kind, own, change.field, str(change.left), str(change.right)
    return item.kind, own, change.field, repr(change.left), repr(change.right)
