"""A new name for something, and for whatever refers to it, as Postgres deparses it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.references import qualified_name, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import Place, World

_MOST = 40
SUFFIX = "_was"


def renamed(name: str) -> str:
    """The new name of something unquoted; it must not be longer than names may be.

    >>> renamed("users")
    'users_was'
    """
    while len(name.encode()) > _MOST:
        name = name[:-1]
    return name + SUFFIX


def everywhere(edit: Edit, world: World, old: str, new: str, *, bare: bool = False) -> None:
    """Rename something that is in a schema wherever it is spoken of.

    Args:
        edit: Where the changes go.
        world: What knows the places.
        old: The canonical name.
        new: The canonical name that it gets.
        bare: Whether queries also speak of it without its schema, as they do of a relation's columns.
    """
    rewrite = qualified_name(old, new, bare=bare)
    for place in world.mentions.get(old, ()):
        at(edit, place, rewrite)


def at(edit: Edit, place: Place, rewrite: Callable[[str], str]) -> None:
    """Rewrite the texts of what stands at a place, and enter it under its new name."""
    if place.part:
        whole = edit.get("relations", place.name)
        if whole is None:  # the relation itself has got its new name before
            return
        edit.part(place.name, place.part, place.key, rewritten(getattr(whole, place.part)[place.key], rewrite))
        return
    record = edit.get(place.plural, place.name)
    if record is None:
        return
    after = rewritten(record, rewrite)
    name = after.signature if hasattr(after, "signature") else after.name
    if name != place.name:
        edit.put(place.plural, place.name, None)
    edit.put(place.plural, name, after)
