"""Mutants of columns: dropped, renamed, added, of another type, empty where they were not, with another default."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pgcontract.catalog.columns import Column
from pgcontract.catalog.references import respelled, rewritten, swapped, words
from pgcontract.lifecycle.mutation.dropping import Dropping, speaks
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("column")


@KINDS.kind(
    "ColumnDropped",
    "a column is dropped, and what depends on it",
    unlike="what goes along is told by the names in texts",
)
def _dropped(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if not _cuts(world, table.name, column.name):
            edit = world.edit()
            Dropping(edit, world).column(table.name, column.name)
            yield changed(table, column, "is dropped", edit, f"drop column {quote(column.name)} cascade")


@KINDS.kind("ColumnRenamed", "a column gets another name, where no query, rule or policy elsewhere reads it")
def _name_changed(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if world.lone(table.name) and not _read_elsewhere(world, table, column):
            new, edit = renamed(column.name), world.edit()
            _rename(edit, world, table, column, new)
            ddl = f"rename column {quote(column.name)} to {quote(new)}"
            yield changed(table, column, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("ColumnAdded", "a table gets a column that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for table in world.tables:
        if NEW not in table.columns and not table.is_partition:
            edit = world.edit()
            for name in (table.name, *world.descendants(table.name)):
                whole = world.catalog.relations[name]
                new = Column(NEW, len(whole.columns) + 1, "text")
                edit.alter("relations", name, columns={**whole.columns, NEW: new})
            words_ = f"column {column_name(table.name, NEW)} is added"
            ddl = f"alter table {table.name} add column {NEW} text"
            yield Change(column_name(table.name, NEW), words_, edit, (ddl,), table.name)


@KINDS.kind("ColumnNullable", "a column that refused NULL takes it")
def _nullable(world: World) -> Iterator[Change]:
    for table, column in own(world):
        key = table.primary_key
        storage = world.catalog.storage.get(table.name)
        told = table.indexes.get(storage.replica_index or "") if storage else None
        in_key = key is not None and column.name in key.columns
        in_key = in_key or (told is not None and quote(column.name) in told.columns)
        if column.not_null and not in_key and column.identity is None and world.lone(table.name):
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, not_null=False))
            yield changed(table, column, "may be NULL", edit, f"alter column {quote(column.name)} drop not null")


@KINDS.kind("ColumnNotNull", "a column that took NULL refuses it")
def _not_null(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if not column.not_null and world.lone(table.name):
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, not_null=True))
            yield changed(table, column, "refuses NULL", edit, f"alter column {quote(column.name)} set not null")


@KINDS.kind("ColumnCollationChanged", "a column of text is ordered otherwise")
def _collated(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if column.type == "text" and free(world, table, column):
            edit = world.edit()
            other = None if column.collation else 'pg_catalog."POSIX"'
            edit.part(table.name, "columns", column.name, replace(column, collation=other, stored=column.sampled))
            ddl = f"alter column {quote(column.name)} type text collate {other or chr(34) + 'default' + chr(34)}"
            yield changed(table, column, f"has the collation {other or 'default'}", edit, ddl)


@KINDS.kind("ColumnsSwapped", "two columns of one table that are alike change places")
def _make_swapped(world: World) -> Iterator[Change]:
    """Two columns that are alike in all but their names, and that nothing else speaks of."""
    for table in world.tables:
        plain = [c for c in table.columns.values() if _is_plain(world, table, c)]
        for one, other in pairwise(plain):
            if replace(one, name="", position=0) == replace(other, name="", position=0):
                edit = world.edit()
                exchanged = {one.name: replace(other, position=one.position)}
                exchanged[other.name] = replace(one, position=other.position)
                columns = [exchanged.get(name, column) for name, column in table.columns.items()]
                edit.alter("relations", table.name, columns={column.name: column for column in columns})
                first, second = quote(one.name), quote(other.name)
                steps = ((first, f"{NEW}"), (second, first), (NEW, second))
                ddl = tuple(f"alter table {table.name} rename column {was} to {to}" for was, to in steps)
                words_ = f"columns {first} and {second} of {table.name} change places"
                yield Change(column_name(table.name, one.name), words_, edit, ddl, table.name)
                break


def own(world: World) -> Iterator[tuple[Relation, Column]]:
    """The columns of tables, but for those that a parent has, too."""
    for table in world.tables:
        for column in table.columns.values():
            if not world.inherited(table.name, column.name):
                yield table, column


def changed(table: Relation, column: Column, said: str, edit: Edit, *actions: str, only: str = "") -> Change:
    """A change that ALTER TABLE makes of a column, or ALTER TABLE ONLY."""
    name = column_name(table.name, column.name)
    ddl = tuple(f"alter table {only}{table.name} {action}" for action in actions)
    return Change(name, f"column {name} {said}", edit, ddl, table.name)


def free(world: World, table: Relation, column: Column) -> bool:
    """Whether no expression, key, index, trigger, view or policy has anything to do with a column's type."""
    if not world.lone(table.name) or column.identity or column.generated:
        return False
    others = [one for one in table.columns.values() if one.generated]
    texts = [text for one in table.policies.values() for text in (one.using, one.with_check)]
    texts += [one.when for one in table.triggers.values()] + [one.expression for one in others]
    texts += [text for one in table.indexes.values() for text in (*one.columns, one.predicate)]
    texts += [one.expression for one in table.constraints.values()]
    named = [name for one in table.constraints.values() for name in one.columns]
    named += [name for one in table.triggers.values() for name in one.columns]
    named += [name for one in table.indexes.values() for name in one.include]
    named += [name for _, key in world.referring.get(table.name, ()) for name in key.referenced_columns]
    named += [n for one in world.catalog.statistics.values() if one.table == table.name for n in one.columns]
    return column.name not in named and not speaks(column.name, texts) and not _read_elsewhere(world, table, column)


def _is_plain(world: World, table: Relation, column: Column) -> bool:
    return free(world, table, column) and not world.owned.get(column_name(table.name, column.name))


def _cuts(world: World, table: str, column: str) -> bool:
    """Whether the table, or a partition of it, is cut by that column, which then cannot be dropped."""
    names = (table, *world.descendants(table))
    return any(speaks(column, world.catalog.partitions[n].key) for n in names if n in world.catalog.partitions)


def _read_elsewhere(world: World, table: Relation, column: Column) -> bool:
    """Whether a view, a rule, a body in the SQL standard's form or a subquery may read the column."""
    for place in world.mentions.get(table.name, ()):
        record = world.record(place)
        if place.part == "policies":
            texts: tuple[str | None, ...] = (record.using, record.with_check)
        elif place.plural in {"views", "rules"}:
            texts = (record.definition,)
        elif place.plural == "functions" and record.standard:
            texts = (record.source,)
        elif place.plural == "publications":
            return True
        else:
            continue
        if speaks(column.name, texts) or any("*" in (text or "") for text in texts):
            return True
    return False


def _rename(edit: Edit, world: World, table: Relation, column: Column, new: str) -> None:
    """The column under its new name, and whatever speaks of it."""
    rewrite, old = words(column.name, new), column.name
    edit.part(table.name, "columns", old, replace(column, name=new))
    for other in table.columns.values():
        if other.generated and speaks(old, (other.expression,)):
            edit.part(table.name, "columns", other.name, replace(other, expression=rewrite(other.expression or "")))
    for part in ("constraints", "indexes", "policies", "triggers"):
        for record in getattr(table, part).values():
            edit.part(table.name, part, record.name, respelled(record, old, new))
    for sequence in world.owned.get(column_name(table.name, old), ()):
        edit.alter("sequences", sequence, owned_by=column_name(table.name, new))
    for name, one in world.catalog.statistics.items():
        if one.table == table.name:
            spelt = rewritten(one.expressions, rewrite)
            edit.alter("statistics", name, columns=swapped(one.columns, old, new), expressions=spelt)
    if table.name in world.catalog.partitions:
        key = rewritten(world.catalog.partitions[table.name].key, rewrite)
        edit.alter("partitions", table.name, key=key)
    _referred(edit, world, table.name, old, new)


def _referred(edit: Edit, world: World, table: str, old: str, new: str) -> None:
    """The foreign keys that point at the column."""
    for other, key in world.referring.get(table, ()):
        if old in key.referenced_columns:
            now = edit.get("relations", other).constraints[key.name]
            spelt = swapped(now.referenced_columns, old, new)
            edit.part(other, "constraints", key.name, replace(now, referenced_columns=spelt))
