"""Mutants of how columns are stored, and of what the planner gathers of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation.columns import changed, own
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.columns import Column
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("column storage")
_VARYING = frozenset({"text", "jsonb", "bytea", "character varying"})
_ORDER = ("storage", "compression", "statistics", "n_distinct", "n_distinct_inherited")
_COMPRESSION_SINCE = 140000


@KINDS.kind("SamplingChanged", "the planner gathers more, or less, of a column's values")
def _statistics(world: World) -> Iterator[Change]:
    yield from _each(world, "statistics", "4711", "set statistics 4711")


@KINDS.kind("SamplingReset", "the planner gathers of a column's values what it gathers of any")
def _statistics_reset(world: World) -> Iterator[Change]:
    yield from _each(world, "statistics", None, "set statistics -1")


@KINDS.kind("DistinctChanged", "the planner is told how many distinct values a column has")
def _distinct(world: World) -> Iterator[Change]:
    yield from _each(world, "n_distinct", "4711", "set (n_distinct = 4711)")


@KINDS.kind("StorageChanged", "a column of varying length is stored in another way")
def _storage(world: World) -> Iterator[Change]:
    yield from _each(world, "storage", "external", "set storage external")


@KINDS.kind("CompressionChanged", "a column's long values are compressed by a method of its own (from version 14)")
def _compression(world: World) -> Iterator[Change]:
    if world.catalog.server.version_number >= _COMPRESSION_SINCE:
        yield from _each(world, "compression", "pglz", "set compression pglz")


def _each(world: World, word: str, value: str | None, action: str) -> Iterator[Change]:
    """One column of each table that stands alone, for some of these changes are handed down and some are not.

    Such changes matter little, and each of them as much as any other: one of each is enough to tell who notices.
    """
    tables: set[str] = set()
    for table, column in own(world):
        there = dict(each.split("=", 1) for each in column.stored)
        if table.name in tables or not world.lone(table.name) or there.get(word) == value or not _can(word, column):
            continue
        tables.add(table.name)
        after = {**there, word: value}
        stored = tuple(f"{each}={after[each]}" for each in _ORDER if after.get(each) is not None)
        edit = world.edit()
        edit.part(table.name, "columns", column.name, replace(column, stored=stored))
        said = f"has {word} {value}" if value else f"has no {word} of its own"
        yield changed(table, column, said, edit, f"alter column {quote(column.name)} {action}")


def _can(word: str, column: Column) -> bool:
    if word in {"storage", "compression"}:
        return column.type.partition("(")[0] in _VARYING
    return column.generated != "VIRTUAL"
