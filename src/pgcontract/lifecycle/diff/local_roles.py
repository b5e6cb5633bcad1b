"""Which roles of a cluster are of a database's concern: who owns or may do something in it, or becomes such one.

A cluster's other databases have roles, too, and so does the platform; of those nothing is said where the other side is
made of files.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.scope import API_ROLES, is_platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

_PREDEFINED = "pg_"


def local(catalog: Catalog) -> set[str]:
    """The roles that own something in the database, are named by its grants or policies, or are members of such ones.

    Superusers, who need no grant, and the roles that every project on Supabase has are left out.
    """
    found = set(_named(catalog))
    waiting = list(found)
    while waiting:
        role = waiting.pop()
        for member in catalog.roles.values():
            if member.name not in found and any(each.role == role for each in member.member_of):
                found.add(member.name)
                waiting.append(member.name)
    usual = {*API_ROLES, "postgres"} if is_platform(catalog) else set()
    return {
        name
        for name in found - usual
        if name in catalog.roles and not (catalog.roles[name].superuser or name.startswith(_PREDEFINED))
    }


def _named(catalog: Catalog) -> Iterator[str]:
    for record in _records(catalog):
        owner = getattr(record, "owner", None)
        if isinstance(owner, str):
            yield owner
        for grant in getattr(record, "grants", ()):
            yield grant.grantee
        for policy in getattr(record, "policies", {}).values():
            yield from policy.roles
    for set_ in catalog.default_privileges.values():
        yield set_.role
    yield from (role.name for role in catalog.roles.values() if role.settings_here)


def _records(catalog: Catalog) -> Iterable[Any]:
    """Everything that may have an owner or grants."""
    yield catalog.server
    for field in fields(catalog):
        held = getattr(catalog, field.name)
        if field.init and field.name != "forms" and hasattr(held, "values"):
            for record in held.values():
                yield record
                if hasattr(record, "policies"):
                    yield from record.columns.values()
