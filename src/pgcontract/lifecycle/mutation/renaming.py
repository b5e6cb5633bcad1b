"""A new name for something, and for whatever refers to it, as Postgres deparses it afterwards."""

from __future__ import annotations

import re
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.lexis import tokens
from pgcontract.lifecycle.mutation.world import Place, referring_fields
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

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
    rewrite = _rewriting(old, new, bare=bare)
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


def rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    """The value with its texts rewritten, but for those that nothing reads as a reference."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, tuple):
        return tuple(rewritten(item, rewrite) for item in value)
    if isinstance(value, dict):
        made = [rewritten(item, rewrite) for item in value.values()]
        return dict(zip(value, made, strict=True)) if not _by_name(value) else {item.name: item for item in made}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for name in (*referring_fields(type(value)), *(["source"] if getattr(value, "standard", False) else ())):
        was = getattr(value, name)
        after = rewritten(was, rewrite)
        if after != was:
            changes[name] = after
    return replace(value, **changes) if changes else value


def _by_name(value: dict[str, Any]) -> bool:
    """Whether the keys are canonical names, as those of what a publication publishes."""
    return any(type(item).__name__ == "PublishedTable" for item in value.values())


def _rewriting(old: str, new: str, *, bare: bool) -> Callable[[str], str]:
    whole = re.compile(rf'(?<![\w$."]){re.escape(old)}(?![\w$"])')
    if not bare:
        return lambda text: whole.sub(lambda _: new, text)
    own, other = quote(split(old)[-1]), quote(split(new)[-1])
    alias = re.compile(rf'(?<![\w$."]){re.escape(own)}(?=\.)')

    def rewrite(text: str) -> str:
        text = whole.sub(lambda _: new, text)
        return alias.sub(lambda _: other, text) if "SELECT" in text else text

    return rewrite


def words(old: str, new: str) -> Callable[[str], str]:
    """What puts one name in the place of another in an expression, where it stands by itself.

    >>> words("date", "day")("(date > '2020-01-01'::date)")
    "(day > '2020-01-01'::date)"
    """

    def rewrite(text: str) -> str:
        pieces = [piece for _, piece, _ in tokens(text)]
        wanted, before = quote(old), ""
        for k, piece in enumerate(pieces):
            after = pieces[k + 1] if k + 1 < len(pieces) else ""
            if piece == wanted and before not in {".", ":"} and after not in {"(", "."}:
                pieces[k] = quote(new)
            before = piece
        return "".join(pieces)

    return rewrite
