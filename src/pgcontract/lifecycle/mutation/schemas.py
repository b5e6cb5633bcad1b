"""Mutants of schemas and extensions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.schemas import Schema
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

_OLDER = "0.0.1"
"""A version that comes before all others: a newer one will do for most."""
KINDS = Kinds("schema")
_BY_TEXT = "what goes along is told by the names in texts"
_IN_SCHEMA = ("collations", "operators", "operator_classes", "statistics")
_SEARCH = ("text_search_configurations", "text_search_dictionaries")


@KINDS.kind("SchemaDropped", "a schema is dropped, and all that is in it", unlike=_BY_TEXT)
def _dropped(world: World) -> Iterator[Change]:
    for name in sorted(world.schemas):
        edit, drop = world.edit(), Dropping(world.edit(), world)
        drop.edit = edit
        for plural, take in (
            ("relations", drop.relation),
            ("functions", drop.function),
            ("sequences", drop.sequence),
            ("types", drop.type),
        ):
            for one in getattr(world.catalog, plural):
                if schema_of(one) == name:
                    take(one)
        for plural in (*_IN_SCHEMA, *_SEARCH):
            for key, record in getattr(world.catalog, plural).items():
                if schema_of(record.name) == name:
                    edit.put(plural, key, None)
        for key, publication in world.catalog.publications.items():
            if name in publication.schemas:
                edit.alter("publications", key, schemas=tuple(one for one in publication.schemas if one != name))
        for key, privileges in world.catalog.default_privileges.items():
            if privileges.schema == name:
                edit.put("default_privileges", key, None)
        edit.put("schemas", name, None)
        yield Change(quote(name), f"schema {quote(name)} is dropped", edit, (f"drop schema {quote(name)} cascade",))


@KINDS.kind("SchemaAdded", "a schema is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    new = Schema(NEW, world.catalog.server.user, acl.of_new(world, "schemas", None))
    if NEW not in world.catalog.schemas and world.scope.holds(world.catalog, new):
        edit = world.edit()
        edit.put("schemas", NEW, new)
        yield Change(NEW, f"schema {NEW} is added", edit, (f"create schema {NEW}",))


@KINDS.kind("ExtensionDropped", "an extension is gone, and all that came with it", noun="extension", unlike=_BY_TEXT)
def _extension_dropped(world: World) -> Iterator[Change]:
    for name, _ in world.each("extensions"):
        edit, drop = world.edit(), Dropping(world.edit(), world)
        drop.edit = edit
        edit.put("extensions", name, None)
        for plural, take in (("relations", drop.relation), ("functions", drop.function), ("types", drop.type)):
            for one, record in getattr(world.catalog, plural).items():
                if record.extension == name:
                    take(one)
        languages = {one for one, record in world.catalog.languages.items() if record.extension == name}
        for one, function in world.catalog.functions.items():
            if function.language in languages:
                drop.function(one)
        for plural in ("casts", "operators", "operator_classes", "languages", "foreign_data_wrappers", "collations"):
            for one, record in getattr(world.catalog, plural).items():
                if record.extension == name:
                    edit.put(plural, one, None)
        ddl = f"drop extension {quote(name)} cascade"
        yield Change(quote(name), f"extension {quote(name)} is dropped", edit, (ddl,))


@KINDS.kind("ExtensionVersionChanged", "an extension is of an older version", noun="extension")
def _extension_version(world: World) -> Iterator[Change]:
    """Which other versions can be had, only the server's files tell: the catalogs are told instead."""
    for name, record in world.each("extensions"):
        edit = world.edit()
        edit.put("extensions", name, replace(record, version=_OLDER))
        ddl = f"update pg_catalog.pg_extension set extversion = {literal(_OLDER)} where extname = {literal(name)}"
        words = f"extension {quote(name)} is of version {_OLDER} instead of {record.version}"
        yield Change(quote(name), words, edit, (ddl,))
