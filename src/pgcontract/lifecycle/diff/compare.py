"""Two records of the same object, field by field. None is left out but those that `fields.py` gives a reason for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.diff import spelling
from pgcontract.lifecycle.diff.change import ADDED, DROPPED, Change
from pgcontract.lifecycle.diff.described import described
from pgcontract.lifecycle.diff.fields import NAMED, OF_A_PLACE, SINGULAR, compared, options_of
from pgcontract.lifecycle.diff.folded import Folds, follows, is_rewritten
from pgcontract.lifecycle.diff.granted import differing
from pgcontract.lifecycle.diff.nouns import PARTS, Item, holds_parts, parts_of
from pgcontract.lifecycle.diff.words import plain, property_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.lifecycle.diff.change import Sides

_MISSING: Any = None


def all_changes(left: Mapping[str, Item], right: Mapping[str, Item], sides: Sides, folds: Folds) -> Iterator[Change]:
    """What differs between the objects of one noun, or of one field of a record, by name."""
    for name in left if left.keys() == right.keys() else {**left, **right}:
        old, new = left.get(name), right.get(name)
        if old is not None and new is not None:
            if old.record != new.record:
                yield from changes(old, new, sides)
        elif not folds.folded(old or new, sides):
            yield Change(
                DROPPED if new is None else ADDED,
                "existence",
                described(old) if old else _MISSING,
                described(new) if new else _MISSING,
                old,
                new,
                sides,
            )


def changes(old: Item, new: Item, sides: Sides, *, parts: bool = True) -> Iterator[Change]:
    """What differs of one object that both sides have, and of what hangs on it."""
    before, after = old.record, new.record
    holding = []
    for field in compared(type(before)):
        if field in PARTS and holds_parts(before):
            holding.append(field)
            continue
        left, right = getattr(before, field), getattr(after, field)
        if left == right or (field == "owner" and not sides.owners):
            continue
        if field == "grants":
            yield from _grants(old, new, sides)
        elif field in NAMED:
            yield from _named(field, old, new, sides)
        elif field == "member_of":
            yield from _memberships(old, new, sides)
        elif not (
            _of_a_place(old, field, sides) or follows(old, new, field, sides) or spelling.alike(old, new, field, sides)
        ):
            yield Change(field, property_of(type(before).__name__, field), left, right, old, new, sides)
    if parts:
        folds = Folds(old, new)
        for field in holding:
            yield from all_changes(parts_of(old, field), parts_of(new, field), sides, folds)
        yield from _order(old, new, sides)


def _of_a_place(item: Item, field: str, sides: Sides) -> bool:
    return any(sides.made) and item.kind == "database" and field in OF_A_PLACE


def _grants(old: Item, new: Item, sides: Sides) -> Iterator[Change]:
    for each in differing(old.record.grants, owner(old), new.record.grants, owner(new)):
        who = each.grantee or "the owner"
        yield Change("grants", f"privileges of {who}", each.left, each.right, old, new, sides)


def owner(item: Item) -> str:
    """Who owns an object, or what it hangs on, or whose the default privileges are."""
    for record in (item.record, item.within):
        found = getattr(record, "owner", None) or getattr(record, "role", None)
        if found:
            return str(found)
    return ""


def _named(field: str, old: Item, new: Item, sides: Sides) -> Iterator[Change]:
    """Settings and options, each by its name."""
    left, right = (dict(_pair(text) for text in options_of(item.record, field)) for item in (old, new))
    for name in sorted({*left, *right}):
        if left.get(name) != right.get(name):
            yield Change(field, f"{SINGULAR[field]} {name}".strip(), left.get(name), right.get(name), old, new, sides)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _memberships(old: Item, new: Item, sides: Sides) -> Iterator[Change]:
    left, right = ({each.role: each for each in item.record.member_of} for item in (old, new))
    for role in sorted({*left, *right}):
        if left.get(role) != right.get(role):
            yield Change("member_of", f"member of {role}", left.get(role), right.get(role), old, new, sides)


def _order(old: Item, new: Item, sides: Sides) -> Iterator[Change]:
    """Whether the columns that both sides have stand in another order."""
    if not hasattr(getattr(old.record, "columns", None), "values") or is_rewritten(old.name, sides):
        return
    common = [name for name in old.record.columns if name in new.record.columns]
    if common != [name for name in new.record.columns if name in old.record.columns]:
        left, right = (plain(tuple(item.record.columns)) for item in (old, new))
        yield Change("column order", "column order", left, right, old, new, sides)
