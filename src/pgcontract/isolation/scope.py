"""What is searched: the relations, the functions, and the roles that a stranger's request can run as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities, on_relation, on_schema, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Options

USERS = "auth.users"
"""Where the Supabase platform has its users."""
PLATFORM_TABLES = frozenset({"storage.buckets", "storage.migrations", "storage.prefixes"})
"""What the platform keeps for everybody: it belongs to nobody."""
API_ROLES = ("anon", "authenticated")

# The platform's own schemas: what a project may change there (policies on stored files) is looked at all the same.
PLATFORM = frozenset(
    [
        "auth",
        "storage",
        "realtime",
        "_realtime",
        "extensions",
        "vault",
        "graphql",
        "graphql_public",
        "pgsodium",
        "pgsodium_masks",
        "cron",
        "net",
        "pgbouncer",
        "supabase_functions",
        "supabase_migrations",
        "topology",
        "tiger",
        "tiger_data",
    ]
)
_PLATFORM_ROLES = frozenset(
    [
        "postgres",
        "service_role",
        "authenticator",
        "dashboard_user",
        "supabase_admin",
        "supabase_auth_admin",
        "supabase_storage_admin",
        "supabase_realtime_admin",
        "supabase_replication_admin",
        "supabase_read_only_user",
        "supabase_etl_admin",
        "pgbouncer",
    ]
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched.

    Attributes:
        relations: The relations that principals try, by name; partitions and children by their own names too.
        tables: Those of them that hold rows and can be filled through their own name: no partitions.
        functions: The functions that principals may call.
    """

    relations: dict[str, Relation]
    tables: dict[str, Relation]
    functions: dict[str, Function]


def scope(catalog: Catalog, options: Options) -> Scope:
    """The relations and functions of the schemas that the user chose, or of all but the platform's own."""
    chosen = frozenset(options.schemas)
    relations = {
        name: relation
        for name, relation in catalog.relations.items()
        if relation.extension is None
        and relation.persistence != "temporary"
        and (schema_of(name) in chosen if chosen else _ours(relation))
    }
    tables = {name: relation for name, relation in relations.items() if relation.is_table and not relation.is_partition}
    functions = {
        signature: function
        for signature, function in catalog.functions.items()
        if function.extension is None
        and function.kind in {"function", "procedure"}
        and function.returns not in {"trigger", "event_trigger"}
        and (schema_of(function.name) in chosen if chosen else schema_of(function.name) not in PLATFORM)
    }
    return Scope(relations, tables, functions)


def _ours(relation: Relation) -> bool:
    schema = schema_of(relation.name)
    if schema == "storage":
        return bool(relation.policies)
    return schema not in PLATFORM


def application_roles(catalog: Catalog, searched: Iterable[Relation]) -> list[str]:
    """The roles, other than the platform's, that hold a privilege on what is searched and are held by policies.

    A role that owns tables counts where it can log in: then the application may well use it.
    """
    found = []
    relations = list(searched)
    for name, role in catalog.roles.items():
        if name in _PLATFORM_ROLES or name in API_ROLES or name.startswith("pg_") or role.superuser or role.bypass_rls:
            continue
        held = identities(catalog, name)
        owns = any(relation.owner == name for relation in relations)
        if owns and not role.login:
            continue
        if any(
            on_relation(catalog, name, relation.name)
            and "USAGE" in on_schema(catalog, name, schema_of(relation.name))
            and (owns or any(grant.grantee in held for grant in _grants(relation)))
            for relation in relations
        ):
            found.append(name)
    return found


def _grants(relation: Relation) -> Iterable[Grant]:
    yield from relation.grants
    for column in relation.columns.values():
        yield from column.grants
