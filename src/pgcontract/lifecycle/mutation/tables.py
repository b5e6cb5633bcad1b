"""Mutants of tables: dropped, renamed, added, stored otherwise, taken out of their inheritance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.storage import Storage
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import everywhere, renamed
from pgcontract.lifecycle.mutation.world import inside
from pgcontract.names import qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.storage import ReplicaIdentityKind
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("table")
NEW = "a_mutant"
"""What a mutation calls what it adds."""

_BY_TEXT = "what goes along is told by the names in texts"


@KINDS.kind("TableDropped", "a table is dropped, and what depends on it", unlike=_BY_TEXT)
def _dropped(world: World) -> Iterator[Change]:
    for table in world.tables:
        edit = world.edit()
        Dropping(edit, world).relation(table.name)
        yield _change(table, "is dropped", edit, f"drop table {table.name} cascade")


@KINDS.kind("TableRenamed", "a table gets another name", unlike="aliases in the queries that read it")
def _name_changed(world: World) -> Iterator[Change]:
    for table in world.tables:
        schema, name = split(table.name)
        new, edit = renamed(name), world.edit()
        everywhere(edit, world, table.name, qualified(schema, new), bare=True)
        yield _change(table, f"is renamed to {quote(new)}", edit, f"alter table {table.name} rename to {quote(new)}")


@KINDS.kind("TableAdded", "a table is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for schema in sorted(world.schemas):
        name = inside(schema, NEW)
        if name in world.catalog.relations:
            continue
        edit, grants = world.edit(), acl.of_new(world, "tables", schema)
        columns = {"id": Column("id", 1, "integer")}
        edit.put("relations", name, Relation(name, "table", world.catalog.server.user, columns, grants=grants))
        yield Change(name, f"table {name} is added", edit, (f"create table {name} (id integer)",))


@KINDS.kind("TableUnlogged", "a table is no longer written to the log, so that a crash empties it")
def _unlogged(world: World) -> Iterator[Change]:
    published = {name for one in world.catalog.publications.values() for name in one.published}
    for table in world.tables:
        keys = list(table.having("FOREIGN KEY"))
        alone = not keys and not world.referring.get(table.name) and table.name not in published
        if table.kind == "table" and table.persistence == "permanent" and alone and world.lone(table.name):
            edit = world.edit()
            edit.alter("relations", table.name, persistence="unlogged")
            yield _change(table, "is made unlogged", edit, f"alter table {table.name} set unlogged")


@KINDS.kind("TableLogged", "an unlogged table is made a permanent one")
def _logged(world: World) -> Iterator[Change]:
    for table in world.tables:
        if table.kind == "table" and table.persistence == "unlogged":
            edit = world.edit()
            edit.alter("relations", table.name, persistence="permanent")
            yield _change(table, "is made permanent", edit, f"alter table {table.name} set logged")


@KINDS.kind("TableOptionSet", "a storage parameter of a table is set")
def _option_set(world: World) -> Iterator[Change]:
    for table in world.tables:
        if table.kind == "table" and not any(option.startswith("fillfactor=") for option in table.options):
            edit = world.edit()
            edit.alter("relations", table.name, options=tuple(sorted((*table.options, "fillfactor=43"))))
            yield _change(table, "gets fillfactor 43", edit, f"alter table {table.name} set (fillfactor = 43)")


@KINDS.kind("TableOptionReset", "a storage parameter of a table is forgotten")
def _option_reset(world: World) -> Iterator[Change]:
    for table in world.tables:
        for option in table.options:
            name, edit = option.partition("=")[0], world.edit()
            left = tuple(one for one in table.options if one != option)
            edit.alter("relations", table.name, options=left)
            yield _change(table, f"loses its {name}", edit, f"alter table {table.name} reset ({name})")


@KINDS.kind("ReplicaIdentityChanged", "what replication sends of old rows changes")
def _replica_identity(world: World) -> Iterator[Change]:
    for table in world.tables:
        storage, edit = world.catalog.storage.get(table.name), world.edit()
        kind = storage.replica_identity if storage else "DEFAULT"
        wanted: ReplicaIdentityKind = "NOTHING" if kind == "FULL" else "FULL"
        after = replace(storage or Storage(table.name), replica_identity=wanted, replica_index=None)
        edit.put("storage", table.name, after)
        ddl = f"alter table {table.name} replica identity {wanted.lower()}"
        yield _change(table, f"gets the replica identity {wanted}", edit, ddl)


@KINDS.kind("ClusteringForgotten", "a table is no longer clustered on an index")
def _unclustered(world: World) -> Iterator[Change]:
    for table in world.tables:
        storage = world.catalog.storage.get(table.name)
        if storage is not None and storage.clustered_on:
            edit = world.edit()
            plain = storage.replica_identity == "DEFAULT"
            edit.put("storage", table.name, None if plain else replace(storage, clustered_on=None))
            yield _change(table, "is no longer clustered", edit, f"alter table {table.name} set without cluster")


@KINDS.kind("InheritanceCut", "a table no longer inherits from its parent", noun="inheritance")
def _disinherited(world: World) -> Iterator[Change]:
    for table in world.tables:
        record = world.catalog.inheritance.get(table.name)
        if record is None or table.is_partition:
            continue
        for parent in record.parents:
            edit, left = world.edit(), tuple(one for one in record.parents if one != parent)
            edit.put("inheritance", table.name, replace(record, parents=left) if left else None)
            ddl = f"alter table {table.name} no inherit {parent}"
            yield _change(table, f"no longer inherits from {parent}", edit, ddl)


@KINDS.kind(
    "PartitionDetached",
    "a partition is taken out of its table",
    noun="partition",
    unlike="the triggers and keys that it has of its parent",
)
def _detached(world: World) -> Iterator[Change]:
    for table in world.tables:
        record = world.catalog.inheritance.get(table.name)
        if record is not None and table.is_partition:
            edit = world.edit()
            edit.put("inheritance", table.name, None)
            edit.alter("relations", table.name, is_partition=False)
            ddl = f"alter table {record.parents[0]} detach partition {table.name}"
            yield _change(table, f"is detached from {record.parents[0]}", edit, ddl)


def _change(table: Relation, words: str, edit: Edit, *ddl: str) -> Change:
    return Change(table.name, f"table {table.name} {words}", edit, ddl, table.name)
