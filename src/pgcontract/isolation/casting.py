"""Declared principals in the two worlds: what a contract says of two of them becomes the worlds' own identities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.isolation.identities import WORLDS
from pgcontract.isolation.model import Options, Principal
from pgcontract.isolation.principals import Cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.contract.principals import Principal as Declared
    from pgcontract.isolation.prepared import Prepared


class DeclaredCast(Cast):
    """The cast of a scheme, in which the first user of a world is one that the contract declares."""

    def __init__(self, scene: Prepared, stars: Mapping[str, Declared]) -> None:
        super().__init__(scene.catalog, scene.scheme, scene.ownership, scene.identities)
        self._stars = stars

    def claims(self, world: str, index: int, **more: Any) -> dict[str, Any]:
        """The claims of a world's user; what the contract says of the first counts."""
        star = self._stars.get(world) if index == 0 else None
        return {**super().claims(world, index), **((star and star.claims) or {}), **more}

    def settings(self, world: str, index: int) -> dict[str, str]:
        """The settings of a world's user; what the contract says of the first counts."""
        star = self._stars.get(world) if index == 0 else None
        return {**super().settings(world, index), **(star.settings if star else {})}

    def everybody(self, options: Options) -> list[Principal]:
        """Those who try to get at world B; the declared one first."""
        star = [acting(star) for world, star in self._stars.items() if world == "A"]
        return [*star, *super().everybody(options)]

    def rightful(self) -> list[Principal]:
        """The users of world B, who must see what is theirs."""
        return [*[acting(star) for world, star in self._stars.items() if world == "B"], *super().rightful()]


def acting(declared: Declared) -> Principal:
    """A declared principal, as the search for leaks has them; the first user of its world."""
    login = {"session_authorization": declared.login} if declared.login else {}
    settings = {**declared.settings, **login}
    return Principal(declared.name, declared.role, declared.name, declared.claims, settings, rows=True)


def bind(scene: Prepared, stars: Mapping[str, Declared]) -> None:
    """Give the worlds the identities of declared principals, and let these act.

    Args:
        scene: Changed in place; nothing has been built yet.
        stars: The principal that is the first user of a world, by the world: `A`, `B`.
    """
    known = scene.identities
    for world, star in stars.items():
        claims = star.claims or {}
        if "sub" in claims:
            known.uids[world] = [str(claims["sub"]), *known.uids[world][1:]]
        if "email" in claims:
            known.emails[world] = [str(claims["email"]), *known.emails[world][1:]]
        for place in scene.ownership.groups.members():
            value = _of(scene, star, place)
            if value is not None:
                first, *others = known.values[world].get(place) or [value]
                kept = [other for other in others if other != first]
                known.values[world][place] = [value, *kept]
    if stars:
        scene.cast = DeclaredCast(scene, {world: stars[world] for world in WORLDS if world in stars})


def _of(scene: Prepared, star: Declared, place: tuple[str, str]) -> Any:
    """What a column of a group holds in the principal's rows; None where the contract does not say."""
    tokens = scene.ownership.tokens_of(place)
    found = [value for token in sorted(tokens) for value in _told(star, token)]
    if found or tokens:
        return found[0] if found else None
    hinted = any(
        owned.strength == "told" and scene.ownership.groups.of((table, column)) == place
        for table, columns in scene.ownership.direct.items()
        for column, owned in columns.items()
    )
    if not hinted:
        return None
    only = list(star.settings.values())
    return only[0] if len(only) == 1 else (star.claims or {}).get("sub", star.role if star.login else None)


def _told(star: Declared, token: str) -> Iterator[Any]:
    """What the contract says of the principal that a policy asks for."""
    kind, _, name = token.strip("«»").partition(":")
    if kind == "uid" and star.claims and "sub" in star.claims:
        yield str(star.claims["sub"])
    elif kind == "email" and star.claims and "email" in star.claims:
        yield star.claims["email"]
    elif kind == "dbrole":
        yield star.role
    elif kind == "setting" and name in star.settings:
        yield star.settings[name]
    elif kind == "claim":
        value: Any = star.claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            yield value if isinstance(value, str | int | float) else json.dumps(value)
