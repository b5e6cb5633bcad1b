"""Mutants of roles: what they may do in the cluster, and whose members they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.roles import Membership, Role
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("role")
_OPTIONS_SINCE = 160000

_ATTRIBUTES = {
    "RoleSuperuserChanged": ("superuser", "superuser", "a role may do everything, or no longer"),
    "RoleBypassRlsChanged": ("bypass_rls", "bypassrls", "row-level security does not hold for a role, or holds again"),
    "RoleLoginChanged": ("login", "login", "a role may log in, or no longer"),
    "RoleInheritChanged": (
        "inherit",
        "inherit",
        "a role has the rights of the roles that it is a member of, or no longer",
    ),
    "RoleCreateRoleChanged": ("create_role", "createrole", "a role may make roles, or no longer"),
    "RoleCreateDatabaseChanged": ("create_database", "createdb", "a role may make databases, or no longer"),
    "RoleReplicationChanged": ("replication", "replication", "a role may replicate the whole cluster, or no longer"),
}


def _attribute(field: str, word: str) -> Any:
    def make(world: World) -> Iterator[Change]:
        for role in own(world):
            other = not getattr(role, field)
            ddl = f"alter role {quote(role.name)} {'' if other else 'no'}{word}"
            yield _altered(world, role, f"is {'' if other else 'NO'}{word.upper()}", ddl, **{field: other})

    return make


for _name, (_field, _word, _says) in _ATTRIBUTES.items():
    KINDS.kind(_name, _says)(_attribute(_field, _word))


@KINDS.kind("RoleConnectionLimitChanged", "a role may have another number of connections")
def _limit(world: World) -> Iterator[Change]:
    for role in own(world):
        other = 47 if role.connection_limit != 47 else 48  # noqa: PLR2004 - any other number
        ddl = f"alter role {quote(role.name)} connection limit {other}"
        yield _altered(world, role, f"may have {other} connections", ddl, connection_limit=other)


@KINDS.kind("RoleSettingLost", "a role loses a setting")
def _setting_lost(world: World) -> Iterator[Change]:
    for role in own(world):
        for setting in role.settings:
            left = tuple(one for one in role.settings if one != setting)
            name = setting.partition("=")[0]
            yield _altered(
                world, role, f"loses its setting {name}", f"alter role {quote(role.name)} reset {name}", settings=left
            )


@KINDS.kind("RoleSettingAdded", "a role gets a setting")
def _setting_added(world: World) -> Iterator[Change]:
    for role in own(world):
        if not any(one.startswith("work_mem=") for one in role.settings):
            settings = tuple(sorted((*role.settings, "work_mem=4711kB")))
            ddl = f"alter role {quote(role.name)} set work_mem = '4711kB'"
            yield _altered(world, role, "gets work_mem 4711kB", ddl, settings=settings)


@KINDS.kind("MembershipLost", "a role is no longer a member of another", noun="membership")
def _membership_lost(world: World) -> Iterator[Change]:
    for role in own(world):
        for membership in role.member_of:
            left = tuple(one for one in role.member_of if one != membership)
            ddl = f"revoke {quote(membership.role)} from {quote(role.name)}"
            yield _altered(world, role, f"is no member of {quote(membership.role)}", ddl, member_of=left)


@KINDS.kind("MembershipAdded", "a role becomes a member of another", noun="membership")
def _membership_added(world: World) -> Iterator[Change]:
    names = {one.role for role in world.catalog.roles.values() for one in role.member_of}
    groups = sorted({*names, world.catalog.server.owner})
    for role in own(world):
        known = {one.role for one in role.member_of}
        for group in groups:
            if group in known or group == role.name or _leads(world, group, role.name) or group == "pg_database_owner":
                continue
            inherit = role.inherit
            added = Membership(group, inherit=inherit)
            members = tuple(sorted((*role.member_of, added), key=lambda one: one.role))
            ddl = f"grant {quote(group)} to {quote(role.name)}"
            yield _altered(world, role, f"is a member of {quote(group)}", ddl, member_of=members)
            break


@KINDS.kind("MembershipAdmin", "a member of a role may make others members", noun="membership")
def _membership_admin(world: World) -> Iterator[Change]:
    for role in own(world):
        for membership in role.member_of:
            if not membership.admin and world.version >= _OPTIONS_SINCE:
                members = tuple(replace(one, admin=True) if one == membership else one for one in role.member_of)
                ddl = f"grant {quote(membership.role)} to {quote(role.name)} with admin true"
                words = f"may give on its membership of {quote(membership.role)}"
                yield _altered(world, role, words, ddl, member_of=members)


@KINDS.kind(
    "MembershipInheritChanged",
    "whether a member has its role's rights at once changes (from version 16)",
    noun="membership",
)
def _membership_inherit(world: World) -> Iterator[Change]:
    for role in own(world):
        for membership in role.member_of:
            if world.version >= _OPTIONS_SINCE:
                other = not membership.inherit
                members = tuple(replace(one, inherit=other) if one == membership else one for one in role.member_of)
                ddl = f"grant {quote(membership.role)} to {quote(role.name)} with inherit {str(other).lower()}"
                words = f"{'has' if other else 'has not'} the rights of {quote(membership.role)} at once"
                yield _altered(world, role, words, ddl, member_of=members)


@KINDS.kind("RoleAdded", "a role is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    if NEW not in world.catalog.roles and world.scope.holds(world.catalog, Role(NEW)):
        edit = world.edit()
        edit.put("roles", NEW, Role(NEW))
        why = "it belongs to the server, and was granted nothing here"
        yield Change(NEW, f"role {NEW} is added", edit, (f"create role {NEW}",), void=why)


def own(world: World) -> Iterator[Role]:
    """The roles in scope that the database names, but for the server's own and whoever reads, who must go on.

    A cluster's other roles are no part of the database: no contract for it speaks of them.
    """
    for name, role in world.each("roles"):
        if name in world.named and not name.startswith("pg_") and name != world.catalog.server.user:
            yield role


def _leads(world: World, role: str, to: str) -> bool:
    """Whether a role is a member of another at any depth: the other way about would be a circle."""
    found, waiting = {role}, [role]
    while waiting:
        record = world.catalog.roles.get(waiting.pop())
        for one in record.member_of if record is not None else ():
            if one.role not in found:
                found.add(one.role)
                waiting.append(one.role)
    return to in found


def _altered(world: World, role: Role, said: str, ddl: str, **values: Any) -> Change:
    edit = world.edit()
    edit.put("roles", role.name, replace(role, **values))
    name = quote(role.name)
    return Change(name, f"role {name} {said}", edit, (ddl,))
