"""Hints that what is gone, and what is new, may be the same under another name. They are hints: nothing is guessed."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.diff.change import ADDED, DROPPED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.nouns import Item

_OF_NAME = frozenset({"name", "comment", "position", "grants"})


def hints(changes: Iterable[Change]) -> dict[int, str]:
    """The hints, by the identity of the changes that they belong to."""
    gone: dict[Any, list[Change]] = {}
    new: dict[Any, list[Change]] = {}
    for change in changes:
        if change.field in {ADDED, DROPPED}:
            side = gone if change.field == DROPPED else new
            side.setdefault(_content(change.item), []).append(change)
    found: dict[int, str] = {}
    for content, dropped in gone.items():
        added = new.get(content, [])
        if len(dropped) == len(added) == 1:  # with several on a side, nobody knows which became which
            found[id(dropped[0])] = f"Perhaps it was renamed to {added[0].item.name}."
            found[id(added[0])] = f"Perhaps it was {dropped[0].item.name}, renamed."
    return found | _called_otherwise(gone, new, found)


def _called_otherwise(
    gone: dict[Any, list[Change]], new: dict[Any, list[Change]], known: dict[int, str]
) -> dict[int, str]:
    """The hints on functions of which one is gone and one is new under the same name: their arguments are others."""
    found: dict[int, str] = {}
    sides = [_functions(side, known) for side in (gone, new)]
    for name in sides[0].keys() & sides[1].keys():
        dropped, added = (side[name] for side in sides)
        if len(dropped) == len(added) == 1:
            found[id(dropped[0])] = f"Perhaps it now is {added[0].item.name}."
            found[id(added[0])] = f"Perhaps it was {dropped[0].item.name}."
    return found


def _functions(side: dict[Any, list[Change]], known: dict[int, str]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in (change for changes in side.values() for change in changes if id(change) not in known):
        if hasattr(change.item.record, "types"):
            found.setdefault(change.item.record.name, []).append(change)
    return found


def _content(item: Item) -> Any:
    """What would be the same if it were only renamed."""
    record = item.record
    kind = type(record).__name__
    if kind == "Relation":
        columns = tuple((column.name, column.type, column.not_null) for column in record.columns.values())
        return kind, record.kind, columns
    home = "" if item.within is None else item.home
    said = (repr(getattr(record, field.name)) for field in fields(record) if field.name not in _OF_NAME)
    return kind, home, *said
