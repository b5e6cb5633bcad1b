"""Where advice looks: the schemas that are exposed, and the roles that a request can come in as.

What is not said is decided so that nothing is left out by accident:

* **API roles.** Every role that is neither a superuser, nor has BYPASSRLS, nor is one of Postgres's own (`pg_…`) or, in
  a Supabase project, of the platform's: which of them an application uses, no catalog tells. That `anon` and
  `authenticated` are there does not mean that nobody comes in as another. What PUBLIC has, each has.
* **Schemas.** The exposed ones are those that an API role may use (`USAGE`); without any, there is no way in. The
  platform's own (`auth`, `storage`, …) count only where they are named, and only a Supabase project has a platform.
  Rules that are not about roles look at every schema but the platform's.

What belongs to an extension is never looked at: nobody here can change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities, on_schema, schema_of
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.relations import Relation, RelationKind

ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
"""The privileges that policies confine."""

USERS = "auth.users"
"""Where a Supabase project has its users."""

_PLATFORM = frozenset(
    {
        *("_analytics", "_realtime", "auth", "cron", "extensions", "graphql", "graphql_public", "net", "pgbouncer"),
        *("pgmq", "pgmq_public", "pgsodium", "pgsodium_masks", "realtime", "storage", "vault"),
        *("supabase_functions", "supabase_migrations"),
    }
)
_API = ("anon", "authenticated")
# Roles of the platform's own services and of its staff. The authenticator itself does nothing but become another.
_STAFF = frozenset({"authenticator", "dashboard_user", "pgbouncer", "pgtle_admin", "postgres"})
_STAFF_PREFIXES = ("supabase_", "pgsodium_", "cli_login_")
_POLICED = ("storage", "realtime")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule looks.

    Attributes:
        catalog: The whole.
        schemas: The schemas that it looks at, unquoted.
        roles: The API roles, without PUBLIC.
        usable: For each of the schemas, the grantees whose privileges an API role has there; PUBLIC among them.
        told: Whether somebody said which schemas.
    """

    catalog: Catalog
    schemas: tuple[str, ...]
    roles: tuple[str, ...]
    usable: Mapping[str, frozenset[str]]
    told: bool = False

    def relations(self, *kinds: RelationKind) -> Iterator[Relation]:
        """The relations of these kinds, or all, that belong to no extension."""
        for relation in self.catalog.relations.values():
            ours = schema_of(relation.name) in self.usable and relation.extension is None
            if ours and (not kinds or relation.kind in kinds):
                yield relation

    def tables(self) -> Iterator[Relation]:
        """The ordinary and partitioned tables."""
        return self.relations("table", "partitioned table")

    def functions(self) -> Iterator[Function]:
        """The functions that belong to no extension."""
        for function in self.catalog.functions.values():
            if schema_of(function.name) in self.usable and function.extension is None:
                yield function

    def policed(self) -> Iterator[Relation]:
        """The tables with policies, those in the platform's `storage` and `realtime` too: a project wrote them."""
        platform = () if self.told or not is_platform(self.catalog) else _POLICED
        for relation in self.catalog.tables.values():
            schema = schema_of(relation.name)
            own = schema in self.usable and relation.extension is None
            if relation.policies and (own or schema in platform):
                yield relation

    def principals(self) -> frozenset[str]:
        """The API roles, those whose privileges they have without asking, and PUBLIC."""
        return frozenset().union({PUBLIC}, *(identities(self.catalog, role) for role in self.roles))

    def policies(self) -> Iterator[tuple[Relation, Policy]]:
        """The policies that hold for an API role, with their tables."""
        principals = self.principals()
        for relation in self.policed():
            for policy in relation.policies.values():
                if principals.intersection(policy.roles):
                    yield relation, policy

    def granted(self, name: str, owner: str, grants: Iterable[Grant], privileges: Collection[str]) -> list[Grant]:
        """The grants by which an API role has any of the privileges on an object; not what its owner has."""
        usable = self.usable.get(schema_of(name), frozenset())
        return [g for g in grants if g.privilege in privileges and g.grantee in usable and g.grantee != owner]

    def on_relation(self, relation: Relation, privileges: Collection[str], *, columns: bool = True) -> list[Grant]:
        """The same of a relation, or of any of its columns."""
        grants = list(relation.grants)
        if columns:
            grants += [grant for column in relation.columns.values() for grant in column.grants]
        return self.granted(relation.name, relation.owner, grants, privileges)

    def on_function(self, function: Function) -> list[Grant]:
        """The grants by which an API role may call a function."""
        return self.granted(function.name, function.owner, function.grants, {"EXECUTE"})


def scope_of(catalog: Catalog, schemas: Sequence[str], roles: Sequence[str], *, exposed: bool) -> Scope:
    """What a rule looks at, where it was told nothing, or some of it.

    Raises:
        MissingObjectError: A schema or a role that was named is not there.
    """
    for name in schemas:
        catalog.schemas[name]
    api = tuple(role for role in roles if role != PUBLIC) if roles else api_roles(catalog)
    having = {role: identities(catalog, role) for role in api}
    usable: dict[str, frozenset[str]] = {}
    for name in schemas or _ours(catalog):
        users = [role for role in api if schemas or "USAGE" in on_schema(catalog, role, name)]
        if users or not exposed or schemas or "USAGE" in on_schema(catalog, PUBLIC, name):
            usable[name] = frozenset({PUBLIC}).union(*(having[role] for role in users))
    return Scope(catalog, tuple(usable), api, usable, told=bool(schemas))


def api_roles(catalog: Catalog) -> tuple[str, ...]:
    """The roles that a request can come in as, as far as the catalog tells."""
    platform = is_platform(catalog)
    return tuple(
        sorted(
            name
            for name, role in catalog.roles.items()
            if not (role.superuser or role.bypass_rls or name.startswith("pg_"))
            and not (platform and (name in _STAFF or name.startswith(_STAFF_PREFIXES)))
        )
    )


def is_platform(catalog: Catalog) -> bool:
    """Whether the database is a Supabase project's: it has the platform's users, and roles that may use a schema."""
    grantees = {grant.grantee for schema in catalog.schemas.values() for grant in schema.grants}
    return USERS in catalog.relations and not grantees.isdisjoint(_API)


def _ours(catalog: Catalog) -> Iterator[str]:
    """The schemas that are neither an extension's nor the platform's."""
    platform = _PLATFORM if is_platform(catalog) else frozenset()
    for name, schema in catalog.schemas.items():
        if schema.extension is None and name not in platform:
            yield name


def who(grants: Iterable[Grant]) -> str:
    """The grantees, in words."""
    return ", ".join(sorted({grant.grantee for grant in grants}))


def what(grants: Iterable[Grant]) -> str:
    """The privileges, in words."""
    return ", ".join(sorted({grant.privilege for grant in grants}))
