"""What of a database is looked at: the user's own objects, unless more is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.default_privileges import DefaultPrivileges
from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.catalog.triggers import Trigger
from pgcontract.isolation.scope import PLATFORM as _SEARCHED
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

PLATFORM_SCHEMAS = frozenset({*_SEARCHED, "_analytics", "_supavisor", "pgmq", "pgmq_public", "pgtle"})
"""The schemas that the Supabase platform keeps for itself."""
_STAFF = frozenset({"dashboard_user", "pgbouncer", "pgtle_admin"})
_STAFF_PREFIXES = ("supabase_", "pgsodium_", "cli_login_")
API_ROLES = ("anon", "authenticated", "service_role", "authenticator")
"""The roles that requests to a Supabase project come in as, and the one that they log in as."""
# What is in no schema: nouns of a catalog whose names are plain.
_OF_DATABASE = frozenset(
    {
        *("Role", "Language", "Tablespace", "Extension", "ForeignDataWrapper", "ForeignServer"),
        *("EventTrigger", "Publication", "Subscription", "Cast", "Server"),
    }
)


def is_platform(catalog: Catalog) -> bool:
    """Whether the database is a Supabase project's, or stands in for one."""
    return "auth.users" in catalog.relations and all(role in catalog.roles for role in API_ROLES)


def of_platform(catalog: Catalog, record: Any) -> bool:
    """Whether an object of a Supabase project is the platform's: by its schema, or by the role that owns it."""
    if not is_platform(catalog):
        return False
    if isinstance(record, Schema):
        return record.name in PLATFORM_SCHEMAS
    if isinstance(record, Role):
        return _is_staff(record.name)
    if isinstance(record, DefaultPrivileges):
        return record.schema in PLATFORM_SCHEMAS or _is_staff(record.role)
    if _is_staff(getattr(record, "owner", "")):
        return True
    place = _schema(record)
    return place is not None and place in PLATFORM_SCHEMAS


def _is_staff(role: str) -> bool:
    return role in _STAFF or role.startswith(_STAFF_PREFIXES)


def _schema(record: Any) -> str | None:
    """The unquoted schema that a record's object stands in; None where it is in none."""
    if type(record).__name__ in _OF_DATABASE:
        return None
    if isinstance(record, Schema):
        return record.name
    if isinstance(record, DefaultPrivileges):
        return record.schema
    return schema_of(getattr(record, "relation", record.name))  # a rule's, or the object's own


@dataclass(frozen=True)
class Scope:
    """Which objects are meant.

    Attributes:
        schemas: The schemas to stay in, unquoted; empty for all. What is in no schema is then left out.
        only: Shell patterns of canonical names, one of which must fit; empty for all.
        exclude: Shell patterns of canonical names, none of which may fit.
        extensions: Whether what extensions brought along counts too.
        platform: Whether what the Supabase platform keeps for itself counts too.
    """

    schemas: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    extensions: bool = False
    platform: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing was left out by name, so that closed worlds can be said."""
        return not (self.schemas or self.only or self.exclude)

    def holds(self, catalog: Catalog, record: Any) -> bool:
        """Whether the object of a record is the user's own and asked for.

        What hangs on a relation, and has no name of its own in the catalog, goes with it: see `part_holds`.
        """
        if getattr(record, "extension", None) is not None and not self.extensions:
            return False
        if getattr(record, "system", False) or getattr(record, "persistence", None) == "temporary":
            return False
        if not self.platform and of_platform(catalog, record):
            return False
        return self.names(record)

    def names(self, record: Any) -> bool:
        """Whether the schema and the name of a record are asked for, whosever it is."""
        if self.whole:
            return True
        schema = _schema(record)
        if self.schemas and schema not in self.schemas:
            return False
        called = list(dict.fromkeys(_called(record)))
        if self.only and not _fits(called, self.only):
            return False
        return not _fits(called, self.exclude)

    def part_holds(self, catalog: Catalog, relation: Relation, part: Any) -> bool:
        """Whether a policy, trigger or constraint of a relation is the user's own and asked for.

        On the platform's relations, these are its policies, of which the platform makes none, and the triggers that
        call a function of the user's own.
        """
        if self.holds(catalog, relation):
            return True
        if not of_platform(catalog, relation) or not self._asked_on(relation):
            return False
        if isinstance(part, Policy):
            return True
        if isinstance(part, Constraint) or not isinstance(part, Trigger):
            return False
        function = next(iter(catalog.overloads.get(part.function, ())), None)
        return function is not None and function.extension is None and not of_platform(catalog, function)

    def _asked_on(self, relation: Relation) -> bool:
        """Whether what the user has put on a relation of the platform is asked for."""
        called = list(_called(relation))
        if self.schemas and schema_of(relation.name) not in self.schemas:
            return False
        return (not self.only or _fits(called, self.only)) and not _fits(called, self.exclude)

    def among(self, catalog: Catalog, records: Mapping[str, Any]) -> Iterator[Any]:
        """Those of the records that are held, in the order of their names."""
        return (record for _, record in sorted(records.items()) if self.holds(catalog, record))


def _called(record: Any) -> Iterator[str]:
    """By what a pattern may call an object: its canonical name, that without quotes, a function's without types."""
    if isinstance(record, DefaultPrivileges):
        yield record.name
        return
    if hasattr(record, "signature"):
        yield record.signature
    name = getattr(record, "name", None)
    if name is None:  # a cast has no name but its signature
        return
    yield name
    if type(record).__name__ in _OF_DATABASE or isinstance(record, Schema):
        yield quote(name)
        return
    try:
        parts = split(name)
    except ValueError:  # an operator's symbol is no identifier
        return
    yield ".".join(parts)
    if parts[0] == "public":  # so that `--only invoices` finds the table
        yield name.removeprefix("public.")


def _fits(called: Iterable[str], patterns: Iterable[str]) -> bool:
    names = list(called)
    return any(
        name == pattern or fnmatchcase(name, pattern.replace("[", "[[]")) for name in names for pattern in patterns
    )
