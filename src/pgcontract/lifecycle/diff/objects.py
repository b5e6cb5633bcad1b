"""The objects of two catalogs that are to be compared, noun by noun."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import Inheritance
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.catalog.storage import Storage
from pgcontract.lifecycle.diff.local_roles import local
from pgcontract.lifecycle.diff.nouns import NOUNS, Item, facets, parts_of
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.default_privileges import DefaultPrivileges
    from pgcontract.lifecycle.diff.change import Sides
    from pgcontract.lifecycle.diff.nouns import Noun
    from pgcontract.lifecycle.scope import Scope

_OWN = "pg_"
_ON_PLATFORM = ("policies", "triggers")


def pairs(sides: Sides, scope: Scope) -> Iterator[tuple[dict[str, Item], dict[str, Item]]]:
    """The objects of each noun by name, on the left and on the right."""
    for noun in NOUNS:
        left, right = (_items(noun, catalog, scope) for catalog in (sides.left, sides.right))
        if noun.plural == "roles":
            left, right = _roles(left, right, sides)
        # An object that one side has as an extension's, and the other by itself, is compared on both.
        if noun.plural == "default_privileges":
            left, right = _filled(left, right, noun), _filled(right, left, noun)
        yield left | _unheld(noun, sides.left, left, right), right | _unheld(noun, sides.right, right, left)
    yield from _on_platform(sides, scope)


def _items(noun: Noun, catalog: Catalog, scope: Scope) -> dict[str, Item]:
    return {
        key: noun.item(key, record)
        for key, record in getattr(catalog, noun.plural).items()
        if scope.holds(catalog, record) and not (noun.plural == "roles" and key.startswith(_OWN))
    }


def _unheld(noun: Noun, catalog: Catalog, own: dict[str, Item], other: dict[str, Item]) -> dict[str, Item]:
    """What the other side holds, and this one has but does not hold."""
    if noun.plural == "roles":
        return {}
    there = getattr(catalog, noun.plural)
    return {name: noun.item(name, there[name]) for name in other if name not in own and name in there}


def _roles(left: dict[str, Item], right: dict[str, Item], sides: Sides) -> tuple[dict[str, Item], dict[str, Item]]:
    """Roles belong to a cluster: one that was made for the comparison says nothing of those of no concern here."""
    made_left, made_right = sides.made
    bootstrap = {
        catalog.server.user for catalog, made in zip((sides.left, sides.right), sides.made, strict=True) if made
    }
    told_left = None if made_left or not made_right else local(sides.left) | right.keys()
    told_right = None if made_right or not made_left else local(sides.right) | left.keys()
    return (
        {name: item for name, item in left.items() if name not in bootstrap and _told(name, told_left)},
        {name: item for name, item in right.items() if name not in bootstrap and _told(name, told_right)},
    )


def _told(name: str, among: set[str] | None) -> bool:
    return among is None or name in among


def _filled(own: dict[str, Item], other: dict[str, Item], noun: Noun) -> dict[str, Item]:
    """Default privileges that only the other side has set, as Postgres has them where nobody has: none is missing."""
    missing = {name: item.record for name, item in other.items() if name not in own}
    return own | {name: noun.item(name, replace(record, grants=_built_in(record))) for name, record in missing.items()}


def _built_in(set_: DefaultPrivileges) -> tuple[Grant, ...]:
    """What holds where nothing is set. What is set in a schema comes on top of what holds everywhere."""
    if set_.schema is not None:
        return ()
    public = _PUBLIC_HAS.get(set_.objects)
    grants = (grant for grant in set_.grants if grant.grantee == set_.role)
    return (*grants, *([Grant(PUBLIC, public, False, set_.role)] if public else []))


_PUBLIC_HAS = {"functions": "EXECUTE", "types": "USAGE"}


def _on_platform(sides: Sides, scope: Scope) -> Iterator[tuple[dict[str, Item], dict[str, Item]]]:
    """What the user has put on the relations of the platform: policies, and triggers of functions of their own."""
    for name in sides.left.relations:
        if name not in sides.right.relations:
            continue
        both = [(catalog, catalog.relations[name]) for catalog in (sides.left, sides.right)]
        if any(scope.holds(catalog, relation) for catalog, relation in both):
            continue
        for field in _ON_PLATFORM:
            left, right = (
                {
                    own: part
                    for own, part in parts_of(Item(relation.kind, name, relation, name), field).items()
                    if scope.part_holds(catalog, relation, part.record)
                }
                for catalog, relation in both
            )
            if left or right:
                yield left, right


def database(sides: Sides, scope: Scope) -> tuple[Item, Item] | None:
    """The databases themselves, where they are asked for."""
    if not any(scope.holds(catalog, catalog.server) for catalog in (sides.left, sides.right)):
        return None
    name = quote(sides.right.server.name)
    return Item("database", name, sides.left.server, name), Item("database", name, sides.right.server, name)


def further(item: Item, sides: Sides) -> Iterator[tuple[Item, Item]]:
    """What else both catalogs say of a relation that both have, as far as it is one of the same kind."""
    left, right = (facets(catalog, item.name) for catalog in (sides.left, sides.right))
    for plural, old in left.items():
        new = right[plural]
        if old is None and new is None:
            continue
        usual = _USUAL.get(plural, lambda _name: None)
        both = (old or usual(item.name), new or usual(item.name))
        if None not in both:
            yield item._replace(record=both[0]), item._replace(record=both[1])


_USUAL: dict[str, Any] = {"inheritance": lambda name: Inheritance(name, ()), "storage": Storage}
