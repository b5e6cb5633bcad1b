"""Mutants of default privileges: what the next object will grant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.default_privileges import DefaultPrivileges, command
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("default privileges")
_OPENED = {"tables": "SELECT", "sequences": "USAGE", "functions": "EXECUTE", "types": "USAGE", "schemas": "USAGE"}


@KINDS.kind("DefaultPrivilegeRevoked", "the next object will no longer grant something")
def _revoked(world: World) -> Iterator[Change]:
    for name, record in own(world):
        for grant in record.grants:
            if grant.grantee == record.role:
                continue
            left, edit = acl.without(record.grants, grant), world.edit()
            edit.put(
                "default_privileges", name, replace(record, grants=left) if _matters(world, record, left) else None
            )
            action = f"revoke {grant.privilege} on {record.objects} from {acl.role_sql(grant.grantee)}"
            words = f"{grant.grantee} will get no {grant.privilege}"
            yield _change(record, words, edit, action)


@KINDS.kind("DefaultPrivilegeGranted", "the next object will grant something to everybody")
def _granted(world: World) -> Iterator[Change]:
    for name, record in own(world):
        privilege = _OPENED.get(record.objects)
        if privilege and not any(one.grantee == PUBLIC and one.privilege == privilege for one in record.grants):
            grant, edit = Grant(PUBLIC, privilege, False, record.role), world.edit()
            after = acl.with_grant(record.grants, grant)
            edit.put(
                "default_privileges", name, replace(record, grants=after) if _matters(world, record, after) else None
            )
            action = f"grant {privilege} on {record.objects} to public"
            yield _change(record, f"PUBLIC will get {privilege}", edit, action)


@KINDS.kind("DefaultPrivilegeAdded", "the next table of a schema will be open to everybody")
def _added(world: World) -> Iterator[Change]:
    user = world.catalog.server.user
    for schema in sorted(world.schemas):
        name = command(user, schema, "tables")
        if name not in world.catalog.default_privileges:
            record = DefaultPrivileges(name, user, "tables", schema, (Grant(PUBLIC, "SELECT", False, user),))
            edit = world.edit()
            edit.put("default_privileges", name, record)
            yield _change(record, "PUBLIC will get SELECT", edit, "grant SELECT on tables to public")


def own(world: World) -> Iterator[tuple[str, DefaultPrivileges]]:
    """The default privileges in scope that have a statement."""
    for name, record in world.each("default_privileges"):
        if record.objects != "large objects":
            yield name, record


def _matters(world: World, record: DefaultPrivileges, grants: tuple[Grant, ...]) -> bool:
    """Whether they stay: Postgres forgets those that say what would hold anyway."""
    if record.schema is not None:
        return bool(grants)
    return grants != acl.of_owner(world, record.objects, record.role)


def _change(record: DefaultPrivileges, said: str, edit: object, action: str) -> Change:
    place = f" in schema {quote(record.schema)}" if record.schema else ""
    ddl = f"alter default privileges for role {quote(record.role)}{place} {action}"
    return Change(record.name, f"default privileges {record.name}: {said}", edit, (ddl,))  # type: ignore[arg-type]
