"""Mutants of columns' types: widened, narrowed, of another family."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation.columns import changed, free, own
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("column")

_LENGTH = re.compile(r"(character varying|character|bit varying|bit)\((\d+)\)")
_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
_FRACTION = re.compile(r"(timestamp|time)\((\d)\) (.*)")
_WIDER = {
    "smallint": "integer",
    "integer": "bigint",
    "real": "double precision",
    "character varying": "text",
    "date": "timestamp without time zone",
}
_NARROWER = {
    "bigint": "integer",
    "integer": "smallint",
    "double precision": "real",
    "text": "character varying(40)",
    "character varying": "character varying(40)",
    "numeric": "numeric(9,2)",
    "timestamp without time zone": "date",
}
_OTHER = {
    "timestamp with time zone": "timestamp without time zone",
    "timestamp without time zone": "timestamp with time zone",
    "jsonb": "json",
    "json": "jsonb",
    "uuid": "text",
    "boolean": "text",
    "integer": "numeric",
    "bigint": "numeric",
    "numeric": "double precision",
    "inet": "text",
    "date": "text",
}


def wider(kind: str) -> str | None:
    """A type that holds all that this one holds, and more; None where none is known."""
    if found := _LENGTH.fullmatch(kind):
        return f"{found[1]}({int(found[2]) * 2})"
    if found := _NUMERIC.fullmatch(kind):
        return f"numeric({int(found[1]) + 4},{found[2]})"
    return _WIDER.get(kind)


def narrower(kind: str) -> str | None:
    """A type that holds less; None where none is known."""
    if (found := _LENGTH.fullmatch(kind)) and int(found[2]) > 1:
        return f"{found[1]}({int(found[2]) - 1})"
    if (found := _NUMERIC.fullmatch(kind)) and int(found[1]) - 1 >= int(found[2]):
        return f"numeric({int(found[1]) - 1},{found[2]})"
    if found := _FRACTION.fullmatch(kind):
        return f"{found[1]}(0) {found[3]}" if found[2] != "0" else None
    return _NARROWER.get(kind)


@KINDS.kind("ColumnWidened", "a column's type holds more than it did")
def _widened(world: World) -> Iterator[Change]:
    yield from _retyped(world, wider)


@KINDS.kind("ColumnNarrowed", "a column's type holds less than it did")
def _narrowed(world: World) -> Iterator[Change]:
    yield from _retyped(world, narrower)


@KINDS.kind("ColumnRetyped", "a column has a type of another family")
def _make_retyped(world: World) -> Iterator[Change]:
    yield from _retyped(world, _OTHER.get)


def _retyped(world: World, other: Callable[[str], str | None]) -> Iterator[Change]:
    """Columns of which nothing else depends on the type; their defaults are dropped, for not every one can be cast."""
    for table, column in own(world):
        kind = other(column.type)
        if kind is not None and column.default is None and free(world, table, column):
            edit = world.edit()
            text = kind.startswith(("text", "character"))
            collation = column.collation if text else None
            edit.part(
                table.name,
                "columns",
                column.name,
                replace(column, type=kind, collation=collation, stored=column.sampled),
            )
            name = quote(column.name)
            kept = f" collate {column.collation}" if collation else ""
            ddl = f"alter column {name} type {kind}{kept} using {name}::{kind}"
            yield changed(table, column, f"is {kind} instead of {column.type}", edit, ddl)
