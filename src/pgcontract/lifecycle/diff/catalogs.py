"""A catalog against a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.difference import EXISTENCE, Difference
from pgcontract.lifecycle.diff.change import ADDED, DROPPED, Sides
from pgcontract.lifecycle.diff.compare import all_changes, changes
from pgcontract.lifecycle.diff.fields import compared
from pgcontract.lifecycle.diff.folded import Folds
from pgcontract.lifecycle.diff.grades import graded
from pgcontract.lifecycle.diff.inherited import without_inherited
from pgcontract.lifecycle.diff.nouns import PARTS, parts_of
from pgcontract.lifecycle.diff.objects import database, further, pairs
from pgcontract.lifecycle.diff.renames import hints
from pgcontract.lifecycle.diff.spelling import UNASKED, unasked
from pgcontract.lifecycle.diff.versions import bridged
from pgcontract.lifecycle.diff.words import value_text
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.nouns import Item

EVERYTHING = Scope()
_HAVING_PARTS = frozenset({"Relation", "Publication", "Type"})


def diff(
    left: Catalog,
    right: Catalog,
    scope: Scope = EVERYTHING,
    *,
    owners: bool = True,
    made: tuple[bool, bool] = (False, False),
) -> tuple[Difference, ...]:
    """What two databases do not have alike, by object: relations first, and what hangs on one next to it.

    Args:
        left: What is wanted, or was before.
        right: What is, or comes after; grades speak of going from the left to the right.
        scope: What is compared; of the platform's and extensions' objects only what the user has put on them.
        owners: Whether another owner is a difference.
        made: Whether the left, and whether the right, was made for the comparison: then its owner, its locale, and
            the roles that it lacks are none.

    Raises:
        UnreadableError: One side's role may not read what is compared.
    """
    sides = Sides(*bridged(left, right), owners=owners, made=made)
    found = list(without_inherited(_changes(sides, scope), sides))
    hinted = hints(found)
    return _grouped(_difference(change, hinted.get(id(change))) for change in found)


def _changes(sides: Sides, scope: Scope) -> Iterator[Change]:
    for left, right in pairs(sides, scope):
        yield from all_changes(left, right, sides, Folds())
        for name, item in left.items():
            if name in right and type(item.record).__name__ == "Relation":
                for old, new in further(item, sides):
                    if old.record != new.record:
                        yield from changes(old, new, sides)
    databases = database(sides, scope)
    if databases is not None:
        yield from changes(*databases, sides)


def _difference(change: Change, hint: str | None) -> Difference:
    item = change.item
    grade, reason = graded(change)
    one_sided = change.field in {ADDED, DROPPED}
    record = type(item.record).__name__
    return Difference(
        object=item.name,
        kind=item.kind,
        property=EXISTENCE if one_sided else change.called,
        left=value_text(record, change.field, change.left),
        right=value_text(record, change.field, change.right),
        grade=grade,
        reason=reason,
        belongs_to=item.home,
        hint=hint or _doubt(change),
        parts=tuple(_parts(item)) if one_sided else (),
    )


def _doubt(change: Change) -> str | None:
    """What is to be said of texts that were compared literally."""
    if change.before is None or change.after is None or change.field in {"grants", "column order"}:
        return None
    held = hasattr(change.before.record, change.field)
    return UNASKED if held and unasked(change.before, change.after, change.field, change.sides) else None


def _parts(item: Item) -> Iterator[str]:
    """What hangs on an object that only one side has."""
    if type(item.record).__name__ in _HAVING_PARTS:
        for field in (field for field in PARTS if field in compared(type(item.record))):
            yield from (f"{part.kind} {part.name}" for part in parts_of(item, field).values())


def _grouped(differences: Iterator[Difference]) -> tuple[Difference, ...]:
    """What belongs to one object next to each other, in the order in which the objects were first met."""
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.belongs_to, []).append(difference)
    return tuple(difference for group in groups.values() for difference in group)
