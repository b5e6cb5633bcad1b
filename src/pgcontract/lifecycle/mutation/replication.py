"""Mutants of publications: what leaves the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.publications import Publication, PublishedTable
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("publication")


@KINDS.kind("PublicationDropped", "a publication is dropped")
def _dropped(world: World) -> Iterator[Change]:
    for name, one in own(world):
        edit = world.edit()
        edit.put("publications", name, None)
        yield _change(one, "is dropped", edit, f"drop publication {quote(name)}")


@KINDS.kind("PublicationTableAdded", "a publication sends one table more")
def _table_added(world: World) -> Iterator[Change]:
    for name, one in own(world):
        free = [t for t in world.tables if t.name not in one.published and t.persistence == "permanent"]
        ordinary = [t for t in free if world.lone(t.name)]
        if ordinary and not one.all_tables:
            table = ordinary[0].name
            after = replace(one, published={**one.published, table: PublishedTable(table)})
            void = (
                "the whole schema is published" if any(table.startswith(f"{quote(s)}.") for s in one.schemas) else None
            )
            yield _altered(
                world, one, after, f"sends {table}, too", f"alter publication {quote(name)} add table {table}", void
            )


@KINDS.kind("PublicationTableLost", "a publication no longer sends a table")
def _table_lost(world: World) -> Iterator[Change]:
    for name, one in own(world):
        for table in one.published:
            left = {key: value for key, value in one.published.items() if key != table}
            ddl = f"alter publication {quote(name)} drop table {table}"
            yield _altered(world, one, replace(one, published=left), f"no longer sends {table}", ddl)


@KINDS.kind("PublicationConditionLost", "a publication sends rows and columns of a table that it held back")
def _condition_lost(world: World) -> Iterator[Change]:
    for name, one in own(world):
        for table, published in one.published.items():
            if published.where or published.columns:
                plain = {**one.published, table: PublishedTable(table)}
                q = quote(name)
                ddl = (f"alter publication {q} drop table {table}", f"alter publication {q} add table {table}")
                yield _altered(world, one, replace(one, published=plain), f"sends all of {table}", *ddl)


@KINDS.kind("PublicationOperationsChanged", "a publication sends other changes")
def _operations(world: World) -> Iterator[Change]:
    for name, one in own(world):
        left = one.operations[1:] or ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
        words = ", ".join(left)
        ddl = f"alter publication {quote(name)} set (publish = '{words.lower()}')"
        yield _altered(world, one, replace(one, operations=left), f"sends {words} only", ddl)


@KINDS.kind("PublicationRootChanged", "whether a publication sends changes of partitions as their table's changes")
def _via_root(world: World) -> Iterator[Change]:
    for name, one in own(world):
        other = not one.via_root
        ddl = f"alter publication {quote(name)} set (publish_via_partition_root = {str(other).lower()})"
        words = f"sends changes of partitions as {'the table' if other else 'their own'}"
        yield _altered(world, one, replace(one, via_root=other), words, ddl)


def own(world: World) -> Iterator[tuple[str, Publication]]:
    """The publications in scope."""
    return world.each("publications")


def _altered(world: World, was: Publication, after: Publication, said: str, *ddl: Any) -> Change:
    edit = world.edit()
    edit.put("publications", was.name, after)
    void = ddl[-1] if ddl and (ddl[-1] is None or not ddl[-1].startswith("alter")) else None
    statements = tuple(one for one in ddl if one is not None and one.startswith("alter"))
    return _change(was, said, edit, *statements, void=void)


def _change(one: Publication, said: str, edit: Any, *ddl: str, void: str | None = None) -> Change:
    return Change(quote(one.name), f"publication {quote(one.name)} {said}", edit, ddl, void=void)
