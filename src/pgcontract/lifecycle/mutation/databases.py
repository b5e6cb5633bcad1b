"""Mutants of the database as a whole: its owner, settings, limits and grants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("database")


@KINDS.kind("DatabaseOwnerChanged", "the database belongs to another role")
def _owner(world: World) -> Iterator[Change]:
    server, new = world.catalog.server, world.stranger(world.catalog.server.owner)
    if new is not None:
        grants = acl.reowned(server.grants, server.owner, new)
        yield from _altered(world, f"belongs to {quote(new)}", f"owner to {quote(new)}", owner=new, grants=grants)


@KINDS.kind("DatabaseLimitChanged", "the database takes another number of connections")
def _limit(world: World) -> Iterator[Change]:
    other = 47 if world.catalog.server.connection_limit != 47 else 48  # noqa: PLR2004 - any other number
    yield from _altered(world, f"takes {other} connections", f"connection limit {other}", connection_limit=other)


@KINDS.kind("DatabaseSettingLost", "the database loses a setting")
def _setting_lost(world: World) -> Iterator[Change]:
    for setting in world.catalog.server.settings:
        name = setting.partition("=")[0]
        left = tuple(one for one in world.catalog.server.settings if one != setting)
        yield from _altered(world, f"loses its setting {name}", f"reset {name}", settings=left)


@KINDS.kind("DatabaseSettingAdded", "the database gets a setting")
def _setting_added(world: World) -> Iterator[Change]:
    settings = world.catalog.server.settings
    if not any(one.startswith("temp_buffers=") for one in settings):
        after = tuple(sorted((*settings, "temp_buffers=4711")))
        yield from _altered(world, "gets temp_buffers 4711", "set temp_buffers = '4711'", settings=after)


@KINDS.kind("DatabaseCommentChanged", "the database's comment says something else")
def _comment(world: World) -> Iterator[Change]:
    server = world.catalog.server
    text = f"{server.comment or ''} (mutated)".strip()
    for change in _altered(world, "has another comment", "", comment=text):
        yield replace(change, ddl=(f"comment on database {quote(server.name)} is {literal(text)}",))


@KINDS.kind("DatabaseGranted", "everybody, or who is not logged in, gets a privilege on the database")
def _granted(world: World) -> Iterator[Change]:
    server = world.catalog.server
    for grantee in world.outsiders:
        for privilege in ("CREATE", "TEMPORARY"):
            if not any(one.privilege == privilege and one.grantee == grantee for one in server.grants):
                grant = Grant(grantee, privilege, False, server.owner)
                public = any(one.privilege == privilege and one.grantee == PUBLIC for one in server.grants)
                void = "PUBLIC has it already" if public and grantee != PUBLIC else None
                after = acl.with_grant(server.grants, grant)
                for change in _altered(world, f"gives {grantee} {privilege}", "", grants=after):
                    ddl = f"grant {privilege} on database {quote(server.name)} to {acl.role_sql(grantee)}"
                    yield replace(change, ddl=(ddl,), void=void)


@KINDS.kind("DatabaseRevoked", "a privilege on the database is taken back")
def _revoked(world: World) -> Iterator[Change]:
    server = world.catalog.server
    for grant in server.grants:
        if grant.grantee != server.owner and grant.grantor == server.owner:
            left = acl.without(server.grants, grant)
            for change in _altered(world, f"gives {grant.grantee} no {grant.privilege}", "", grants=left):
                ddl = f"revoke {grant.privilege} on database {quote(server.name)} from {acl.role_sql(grant.grantee)}"
                yield replace(change, ddl=(ddl,))


def _altered(world: World, said: str, action: str, **values: Any) -> Iterator[Change]:
    """One change, if the database itself is in scope: where nothing but some schemas is asked for, it is not."""
    server = world.catalog.server
    if world.scope.schemas or world.scope.only:
        return
    edit, name = world.edit(), quote(server.name)
    edit.server = replace(server, **values)
    yield Change(name, f"database {name} {said}", edit, (f"alter database {name} {action}",))
