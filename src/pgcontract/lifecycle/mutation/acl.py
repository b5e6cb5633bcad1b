"""Grants after one more, one less, or a new owner."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.default_privileges import command, granted
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.default_privileges import Objects
    from pgcontract.lifecycle.mutation.world import World

_MAINTAIN_SINCE = 170000
_TABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def of_owner(world: World, objects: Objects, owner: str) -> tuple[Grant, ...]:
    """What the owner of a new object, and PUBLIC, have on it where nobody has said otherwise."""
    own = {
        "tables": (*_TABLE, *(["MAINTAIN"] if world.version >= _MAINTAIN_SINCE else [])),
        "sequences": ("SELECT", "UPDATE", "USAGE"),
        "functions": ("EXECUTE",),
        "types": ("USAGE",),
        "schemas": ("CREATE", "USAGE"),
    }[objects]
    public = {"functions": ("EXECUTE",), "types": ("USAGE",)}.get(objects, ())
    made = [Grant(owner, privilege, False, owner) for privilege in own]
    return tuple(sorted([*made, *(Grant(PUBLIC, privilege, False, owner) for privilege in public)]))


def of_new(world: World, objects: Objects, schema: str | None) -> tuple[Grant, ...]:
    """What a new object of the reader's grants, with default privileges."""
    owner = world.catalog.server.user
    said = {grant for grant, _ in granted(world.catalog, owner, objects, schema)}
    if command(owner, None, objects) not in world.catalog.default_privileges:
        said |= set(of_owner(world, objects, owner))
    return merged(said)


def merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants in order, and one where there are two that differ only in whether they may be given on."""
    best: dict[tuple[str, str, str], Grant] = {}
    for grant in grants:
        key = (grant.grantee, grant.privilege, grant.grantor)
        if key not in best or grant.grantable:
            best[key] = grant
    return tuple(sorted(best.values()))


def with_grant(grants: Iterable[Grant], grant: Grant) -> tuple[Grant, ...]:
    """One more."""
    return merged([*grants, grant])


def without(grants: Iterable[Grant], grant: Grant) -> tuple[Grant, ...]:
    """One less."""
    return tuple(one for one in grants if one != grant)


def reowned(grants: Iterable[Grant], old: str, new: str) -> tuple[Grant, ...]:
    """What ALTER … OWNER TO makes of them: the new owner stands wherever the old one stood."""
    swapped = (
        replace(
            grant,
            grantee=new if grant.grantee == old else grant.grantee,
            grantor=new if grant.grantor == old else grant.grantor,
        )
        for grant in grants
    )
    return merged(swapped)


def role_sql(grantee: str) -> str:
    """A grantee as GRANT has it."""
    return "public" if grantee == PUBLIC else quote(grantee)
