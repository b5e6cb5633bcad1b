"""Catalogs that say something beside many objects: comments, which extension an object belongs to, settings.

Where the role may not read one of them, the objects themselves can be read nonetheless: in the reader's queries an
empty relation stands in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_EXTENSION = "null::pg_catalog.oid as oid, null::pg_catalog.name as extname"
_DEPENDENCY = (
    "null::pg_catalog.oid as classid, null::pg_catalog.oid as objid, null::pg_catalog.int4 as objsubid, "
    "null::pg_catalog.oid as refclassid, null::pg_catalog.oid as refobjid, "
    'null::pg_catalog.int4 as refobjsubid, null::"char" as deptype'
)
_SHARED = "null::pg_catalog.oid as objoid, null::pg_catalog.oid as classoid, null::pg_catalog.text as description"

# What is read, the catalog with its alias where that tells what it is for, and its columns that our queries name.
_BESIDE = (
    ("comments", "pg_description as d", f"{_SHARED}, null::pg_catalog.int4 as objsubid"),
    ("shared_comments", "pg_shdescription as d", _SHARED),
    ("extension_relations", "pg_extension as e", _EXTENSION),
    ("extension_relations", "pg_depend as x", _DEPENDENCY),
    ("sequence_columns", "pg_depend as o", _DEPENDENCY),
    ("access_methods", "pg_am as m", "null::pg_catalog.oid as oid, null::pg_catalog.name as amname"),
    (
        "settings",
        "pg_db_role_setting as ",
        "null::pg_catalog.oid as setdatabase, null::pg_catalog.oid as setrole, null::pg_catalog.text[] as setconfig",
    ),
)

# Of these queries it is the very matter.
_MATTER = {
    "comments": ("comments",),
    "extension_relations": ("extension_relations", "extension_members", "extensions"),
    "access_methods": ("operator_classes", "index_operator_classes"),
}


def probes() -> Iterator[tuple[str, str]]:
    """What is read beside objects, each with a statement that the server refuses where the role may not read it."""
    for what, source, columns in _BESIDE:
        names = ", ".join(column.split(" as ")[1] for column in columns.split(", "))
        yield what, f"select {names} from pg_catalog.{source.split(' as ')[0]} where false"


def without(noun: str, statement: str, unread: Collection[str]) -> str:
    """The query of a noun, in which empty relations stand for what is not read."""
    for what, source, columns in _BESIDE:
        if what in unread and noun not in _MATTER.get(what, ()):
            catalog, alias = source.split(" as ")
            empty = f"(select {columns} where false) as {alias}"
            statement = statement.replace(f"pg_catalog.{catalog} as {alias}", empty)
    return statement
