"""Mutants of indexes that serve no constraint: dropped, renamed, made otherwise, added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.indexes import Index
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import literal, qualified, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("index")

_NULLS_SINCE = 150000
_HASHED = frozenset({"integer", "bigint", "uuid", "text"})


@KINDS.kind("IndexDropped", "an index is dropped")
def _dropped(world: World) -> Iterator[Change]:
    for table, index in own(world, roots=True):
        edit = world.edit()
        Dropping(edit, world).index(table.name, index.name)
        # A unique index that a foreign key refers to takes that along, as a constraint would.
        for other, key in world.referring.get(table.name, ()):
            if index.unique and set(map(quote, key.referenced_columns)) == set(index.columns):
                edit.part(other, "constraints", key.name, None)
        yield changed(table, index, "is dropped", edit, f"drop index {_name(table, index.name)} cascade")


@KINDS.kind("IndexRenamed", "an index gets another name")
def _name_changed(world: World) -> Iterator[Change]:
    for table, index in own(world):
        edit, new = world.edit(), renamed(index.name)
        edit.part(table.name, "indexes", index.name, replace(index, name=new))
        storage = world.catalog.storage.get(table.name)
        if storage is not None:
            clustered = new if storage.clustered_on == index.name else storage.clustered_on
            told = new if storage.replica_index == index.name else storage.replica_index
            edit.put("storage", table.name, replace(storage, clustered_on=clustered, replica_index=told))
        ddl = f"alter index {_name(table, index.name)} rename to {quote(new)}"
        yield changed(table, index, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("IndexAdded", "a table gets an index that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for table in world.tables:
        column = next((one.name for one in table.columns.values() if one.type in _HASHED), None)
        if column is not None and world.lone(table.name) and NEW not in table.indexes:
            edit = world.edit()
            edit.alter("relations", table.name, indexes={**table.indexes, NEW: Index(NEW, "btree", (quote(column),))})
            ddl = f"create index {NEW} on {table.name} ({quote(column)})"
            words = f"index {NEW} on {table.name} ({quote(column)}) is added"
            yield Change(column_name(table.name, NEW), words, edit, (ddl,), table.name)


@KINDS.kind("IndexUniquenessLost", "a unique index takes duplicates")
def _not_unique(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if index.unique and not _needed(world, table, index):
            yield again(world, table, index, replace(index, unique=False, nulls_not_distinct=False), "takes duplicates")


@KINDS.kind("IndexMadeUnique", "an index refuses duplicates that it took")
def _unique(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if not index.unique and index.method == "btree":
            yield again(world, table, index, replace(index, unique=True), "refuses duplicates")


@KINDS.kind("IndexPredicateDropped", "a partial index is over all rows")
def _whole(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if index.predicate:
            yield again(world, table, index, replace(index, predicate=None), f"loses its WHERE {index.predicate}")


@KINDS.kind("IndexPredicateAdded", "an index is over some rows only")
def _partial(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if not index.predicate and not _needed(world, table, index) and index.columns[0] in _bare(table):
            predicate = f"({index.columns[0]} IS NOT NULL)"
            yield again(world, table, index, replace(index, predicate=predicate), f"is only WHERE {predicate}")


@KINDS.kind("IndexColumnsReordered", "an index has its columns in another order")
def _reordered(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        turned = tuple(reversed(index.columns))
        if turned != index.columns and index.method in {"btree", "gist", "gin", "brin"}:
            yield again(world, table, index, replace(index, columns=turned), f"is on ({', '.join(turned)})")


@KINDS.kind("IndexColumnDropped", "an index loses its last column")
def _shortened(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if len(index.columns) > 1 and not _needed(world, table, index):
            left = index.columns[:-1]
            yield again(world, table, index, replace(index, columns=left), f"is on ({', '.join(left)}) only")


@KINDS.kind("IndexOrderChanged", "an index has a column the other way about")
def _turned(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        first = index.columns[0]
        if index.method == "btree" and first in _bare(table) and not _needed(world, table, index):
            columns = (f"{first} DESC", *index.columns[1:])
            yield again(world, table, index, replace(index, columns=columns), f"has {first} in descending order")


@KINDS.kind("IndexMethodChanged", "an index is of another access method")
def _other_method(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        name = _bare(table).get(index.columns[0])
        plain = len(index.columns) == 1 and not index.unique and not index.include and not index.options
        if plain and index.method in {"btree", "hash"} and name is not None and table.columns[name].type in _HASHED:
            method = "hash" if index.method == "btree" else "btree"
            yield again(world, table, index, replace(index, method=method), f"is a {method} index")


@KINDS.kind("IndexIncludeDropped", "an index no longer stores the columns that it included")
def _excluded(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if index.include:
            yield again(world, table, index, replace(index, include=()), "includes nothing")


@KINDS.kind("IndexNullsChanged", "a unique index takes NULL otherwise (from version 15)")
def _nulls(world: World) -> Iterator[Change]:
    for table, index in remade(world):
        if index.unique and world.version >= _NULLS_SINCE:
            other = not index.nulls_not_distinct
            words = "takes NULL once" if other else "takes NULL often"
            yield again(world, table, index, replace(index, nulls_not_distinct=other), words)


@KINDS.kind("IndexOptionSet", "a storage parameter of an index is set")
def _option(world: World) -> Iterator[Change]:
    for table, index in own(world):
        if index.method in {"btree", "hash", "gist"} and not any(o.startswith("fillfactor=") for o in index.options):
            edit = world.edit()
            after = replace(index, options=(*index.options, "fillfactor=43"))
            edit.part(table.name, "indexes", index.name, after)
            ddl = f"alter index {_name(table, index.name)} set (fillfactor = 43)"
            yield changed(table, index, "gets fillfactor 43", edit, ddl)


def own(world: World, *, roots: bool = False) -> Iterator[tuple[Relation, Index]]:
    """The indexes that serve no constraint, of relations that stand alone, or also of those that have partitions."""
    stands = world.root if roots else world.lone
    for table in world.relations:
        for index in table.indexes.values() if stands(table.name) else ():
            if index.constraint is None and not index.primary:
                yield table, index


def remade(world: World) -> Iterator[tuple[Relation, Index]]:
    """Those that can be dropped and made again, for nothing else refers to them."""
    for table, index in own(world):
        storage = world.catalog.storage.get(table.name)
        if index.valid and (storage is None or index.name not in {storage.clustered_on, storage.replica_index}):
            yield table, index


def _needed(world: World, table: Relation, index: Index) -> bool:
    """Whether a foreign key may stand on a unique index."""
    keys = [key for _, key in world.referring.get(table.name, ())]
    return index.unique and any(set(map(quote, key.referenced_columns)) == set(index.columns) for key in keys)


def _bare(table: Relation) -> dict[str, str]:
    """The columns as an index has them that says nothing more of them."""
    return {quote(name): name for name in table.columns}


def again(world: World, table: Relation, was: Index, after: Index, said: str) -> Change:
    """An index that is dropped and made again otherwise, with its comment."""
    edit = world.edit()
    edit.part(table.name, "indexes", was.name, after)
    ddl = [f"drop index {_name(table, was.name)}", definition(table, after)]
    if was.comment is not None:
        ddl.append(f"comment on index {_name(table, was.name)} is {literal(was.comment)}")
    return changed(table, was, said, edit, *ddl)


def definition(table: Relation, index: Index) -> str:
    """The CREATE INDEX of an index."""
    text = f"create {'unique ' if index.unique else ''}index {quote(index.name)} on {table.name} using {index.method}"
    text += f" ({', '.join(index.columns)})"
    text += f" include ({', '.join(map(quote, index.include))})" if index.include else ""
    text += " nulls not distinct" if index.nulls_not_distinct else ""
    text += f" with ({', '.join(index.options)})" if index.options else ""
    return text + (f" where {index.predicate}" if index.predicate else "")


def _name(table: Relation, index: str) -> str:
    return qualified(schema_of(table.name), index)


def changed(table: Relation, index: Index, said: str, edit: Edit, *ddl: str) -> Change:
    """A change of an index."""
    name = column_name(table.name, index.name)
    return Change(name, f"index {quote(index.name)} of {table.name} {said}", edit, ddl, table.name)
