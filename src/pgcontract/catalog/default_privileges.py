"""Default privileges: what objects that a role makes will grant, as pg_default_acl has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.privileges import PUBLIC, Grant, grants_of
from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

Objects = Literal["tables", "sequences", "functions", "types", "schemas", "large objects"]


@dataclass(frozen=True, slots=True)
class DefaultPrivileges:
    """What `ALTER DEFAULT PRIVILEGES` has set for one role, one kind of objects, and one schema or all of them.

    Attributes:
        name: How the command says whose they are: `FOR ROLE app IN SCHEMA public ON TABLES`.
        role: Whose objects they are for.
        schema: The schema, unquoted; None where they hold in all and take the place of Postgres's own.
    """

    name: str
    role: str
    objects: Objects
    schema: str | None = None
    grants: tuple[Grant, ...] = ()


_OBJECTS: dict[str, Objects] = {
    "r": "tables",
    "S": "sequences",
    "f": "functions",
    "T": "types",
    "n": "schemas",
    "L": "large objects",
}
_BUILT_IN = {"functions": "EXECUTE", "types": "USAGE"}


def command(role: str, schema: str | None, objects: str) -> str:
    """How the command says whose default privileges they are.

    >>> command("app", None, "tables")
    'FOR ROLE app ON TABLES'
    """
    place = "" if schema is None else f" IN SCHEMA {quote(schema)}"
    return f"FOR ROLE {quote(role)}{place} ON {objects.upper()}"


def from_row(row: tuple[Any, ...]) -> DefaultPrivileges:
    """The record that a row of `sql/default_privileges.sql` makes."""
    role, schema, letter, acl = row
    objects = _OBJECTS[letter]
    return DefaultPrivileges(command(role, schema, objects), role, objects, schema, grants_of(tuple(acl)))


def granted(catalog: Catalog, role: str, objects: Objects, schema: str | None) -> Iterator[tuple[Grant, str | None]]:
    """What an object that the role makes will grant, and the schema that each grant is set for, or None for all."""
    for place in dict.fromkeys((None, schema)):
        name = command(role, place, objects)
        if name in catalog.default_privileges:
            yield from ((grant, place) for grant in catalog.default_privileges[name].grants)
        elif place is None and objects in _BUILT_IN:
            yield Grant(PUBLIC, _BUILT_IN[objects], False, role), None
