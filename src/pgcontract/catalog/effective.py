"""Effective privileges: what a role may do in the end, as the `has_…_privilege` functions of Postgres answer.

A role has what is granted to it, to PUBLIC, and to every role whose privileges it inherits; a superuser has
everything; the predefined roles `pg_read_all_data`, `pg_write_all_data` and `pg_maintain` have theirs everywhere.
Source: the PostgreSQL documentation, "Role Membership" and "Predefined Roles"; a property test asks the server.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pgcontract.catalog.privileges import held
from pgcontract.names import signature, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_TABLE = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"})
_SEQUENCE = frozenset({"SELECT", "UPDATE", "USAGE"})
_SCHEMA = frozenset({"USAGE", "CREATE"})
_DATABASE = frozenset({"CREATE", "CONNECT", "TEMPORARY"})
_COLUMN = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})
_MAINTAIN_SINCE = 170000
_DATABASE_OWNER_SINCE = 140000
# Before, a role that does not inherit does not inherit this membership either.
_INHERIT_OF_MEMBERSHIP_SINCE = 160000


def identities(catalog: Catalog, role: str) -> frozenset[str]:
    """The role and every role whose privileges it uses without `SET ROLE`.

    Raises:
        MissingObjectError: There is no such role.
    """
    if role == "PUBLIC":
        return frozenset()
    found, waiting = {role}, [role]
    while waiting:
        current = waiting.pop()
        more = {membership.role for membership in catalog.roles[current].member_of if membership.inherit}
        if catalog.server.version_number >= _INHERIT_OF_MEMBERSHIP_SINCE or catalog.roles[current].inherit:
            more |= _as_owner(catalog, current)
        waiting.extend(more - found)
        found |= more
    return frozenset(found)


def _as_owner(catalog: Catalog, role: str) -> frozenset[str]:
    """The database's owner is a member of `pg_database_owner` without any grant."""
    owns = role == catalog.server.owner and catalog.server.version_number >= _DATABASE_OWNER_SINCE
    return frozenset({"pg_database_owner"}) if owns else frozenset()


def may_set_role(catalog: Catalog, role: str) -> frozenset[str]:
    """The roles that a role may `SET ROLE` to, itself included."""
    if catalog.roles[role].superuser:
        return frozenset(catalog.roles)
    found, waiting = {role}, [role]
    while waiting:
        current = waiting.pop()
        more = {membership.role for membership in catalog.roles[current].member_of if membership.set}
        more |= _as_owner(catalog, current)
        waiting.extend(more - found)
        found |= more
    return frozenset(found)


def on_relation(catalog: Catalog, role: str, name: str) -> frozenset[str]:
    """What a role may do with a relation as a whole."""
    relation = catalog.relations[name]
    everything = _TABLE | ({"MAINTAIN"} if catalog.server.version_number >= _MAINTAIN_SINCE else frozenset())
    if _superuser(catalog, role):
        return everything
    roles = identities(catalog, role)
    extra: set[str] = set()
    if "pg_read_all_data" in roles:
        extra.add("SELECT")
    if "pg_write_all_data" in roles:
        extra |= {"INSERT", "UPDATE", "DELETE"}
    if "pg_maintain" in roles:
        extra.add("MAINTAIN")
    return held(relation.grants, roles) | extra


def on_column(catalog: Catalog, role: str, name: str, column: str) -> frozenset[str]:
    """What a role may do with one column, by a grant on it or on its relation."""
    relation: Relation = catalog.relations[name]
    whole = on_relation(catalog, role, name) & _COLUMN
    return whole | held(relation.columns[column].grants, identities(catalog, role))


def on_function(catalog: Catalog, role: str, signature: str) -> frozenset[str]:
    """What a role may do with a function: `EXECUTE` or nothing. Usage of its schema is another question."""
    if _superuser(catalog, role):
        return frozenset({"EXECUTE"})
    return held(catalog.functions[signature].grants, identities(catalog, role))


def on_schema(catalog: Catalog, role: str, name: str) -> frozenset[str]:
    """What a role may do with a schema."""
    if _superuser(catalog, role):
        return _SCHEMA
    roles = identities(catalog, role)
    reads_all = roles & {"pg_read_all_data", "pg_write_all_data"}
    return held(catalog.schemas[name].grants, roles) | ({"USAGE"} if reads_all else frozenset())


def on_sequence(catalog: Catalog, role: str, name: str) -> frozenset[str]:
    """What a role may do with a sequence."""
    if _superuser(catalog, role):
        return _SEQUENCE
    roles = identities(catalog, role)
    extra: set[str] = set()
    if "pg_read_all_data" in roles:
        extra.add("SELECT")
    if "pg_write_all_data" in roles:
        extra.add("UPDATE")
    return held(catalog.sequences[name].grants, roles) | extra


OTHERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "type": ("types", frozenset({"USAGE"})),
    "language": ("languages", frozenset({"USAGE"})),
    "foreign_data_wrapper": ("foreign_data_wrappers", frozenset({"USAGE"})),
    "server": ("foreign_servers", frozenset({"USAGE"})),
    "tablespace": ("tablespaces", frozenset({"CREATE"})),
}
"""Where the catalog has what else there are privileges on, and which."""


def on_database(catalog: Catalog, role: str) -> frozenset[str]:
    """What a role may do with the database."""
    if _superuser(catalog, role):
        return _DATABASE
    return held(catalog.server.grants, identities(catalog, role))


def on_other(catalog: Catalog, role: str, noun: str, name: str) -> frozenset[str]:
    """What a role may do with a type, language, foreign data wrapper, server or tablespace."""
    plural, everything = OTHERS[noun]
    if _superuser(catalog, role):
        return everything
    return held(getattr(catalog, plural)[name].grants, identities(catalog, role))


@lru_cache(maxsize=65536)
def schema_of(name: str) -> str:
    """The unquoted schema of a canonical qualified name, or of a function's signature.

    >>> schema_of('public.total(uuid)')
    'public'
    """
    return split(signature(name)[0])[0]


def reaches(catalog: Catalog, role: str, name: str) -> bool:
    """Whether a role may use the schema that an object stands in, without which no grant on the object helps."""
    return "USAGE" in on_schema(catalog, role, schema_of(name))


def _superuser(catalog: Catalog, role: str) -> bool:
    return role != "PUBLIC" and catalog.roles[role].superuser
