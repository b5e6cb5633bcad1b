"""Mutants of what a column gets when nothing is given: defaults, identity, generated columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation.columns import changed, own
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("default")

_OTHERS = {
    "text": ("'mutant'::text", "'mutated'::text"),
    "character varying": ("'mutant'::character varying", "'mutated'::character varying"),
    "smallint": ("4711", "4712"),
    "integer": ("4711", "4712"),
    "bigint": ("4711", "4712"),
    "boolean": ("true", "false"),
    "timestamp with time zone": ("'2001-02-03 00:00:00+00'::timestamp with time zone", "now()"),
    "timestamp without time zone": ("'2001-02-03 00:00:00'::timestamp without time zone",),
    "date": ("'2001-02-03'::date", "CURRENT_DATE"),
    "uuid": ("'00000000-0000-4000-8000-000000000000'::uuid", "gen_random_uuid()"),
    "jsonb": ("'[1]'::jsonb", "'{}'::jsonb"),
}


def _other(kind: str, default: str | None) -> str | None:
    """A default that the column might have instead, as Postgres deparses it."""
    kind = kind.partition("(")[0] if kind.startswith(("numeric(", "character varying(")) else kind
    if kind == "numeric":
        return "4711" if default != "4711" else "4712"
    return next((one for one in _OTHERS.get(kind, ()) if one != default), None)


@KINDS.kind("DefaultDropped", "a column loses its default")
def _dropped(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if column.default is not None:
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, default=None))
            words = f"loses its default {column.default}"
            yield changed(table, column, words, edit, _only(column.name, "drop default"), only="only ")


@KINDS.kind("DefaultChanged", "a column has another default")
def _redefined(world: World) -> Iterator[Change]:
    for table, column in own(world):
        other = _other(column.type, column.default)
        if column.default is not None and other is not None:
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, default=other))
            words = f"has the default {other} instead of {column.default}"
            yield changed(table, column, words, edit, _only(column.name, f"set default {other}"), only="only ")


@KINDS.kind("DefaultAdded", "a column gets a default where there was none")
def _added(world: World) -> Iterator[Change]:
    for table, column in own(world):
        other = _other(column.type, None)
        if column.default is None and not column.identity and not column.generated and other is not None:
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, default=other))
            ddl = _only(column.name, f"set default {other}")
            yield changed(table, column, f"gets the default {other}", edit, ddl, only="only ")


@KINDS.kind("IdentityDropped", "a column numbers its rows no longer", noun="identity")
def _identity_dropped(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if column.identity and world.lone(table.name):
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, identity=None))
            for sequence in world.owned.get(column_name(table.name, column.name), ()):
                edit.put("sequences", sequence, None)
            yield changed(table, column, "is no identity column", edit, _only(column.name, "drop identity"))


@KINDS.kind("IdentityChanged", "who may give an identity column's number changes", noun="identity")
def _identity_changed(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if column.identity and world.lone(table.name):
            edit, other = world.edit(), "BY DEFAULT" if column.identity == "ALWAYS" else "ALWAYS"
            # mypy takes the conditional expression for a str
            edit.part(table.name, "columns", column.name, replace(column, identity=other))  # type: ignore[arg-type]
            ddl = _only(column.name, f"set generated {other.lower()}")
            yield changed(table, column, f"is generated {other}", edit, ddl)


@KINDS.kind("GeneratedDropped", "a generated column becomes one that anybody may write", noun="generated column")
def _generated_dropped(world: World) -> Iterator[Change]:
    for table, column in own(world):
        if column.generated == "STORED" and world.lone(table.name):
            edit = world.edit()
            edit.part(table.name, "columns", column.name, replace(column, generated=None, expression=None))
            yield changed(table, column, "is no longer generated", edit, _only(column.name, "drop expression"))


@KINDS.kind("SequenceDisowned", "a sequence no longer goes with its column", noun="sequence")
def _disowned(world: World) -> Iterator[Change]:
    for table, column in own(world):
        for sequence in world.owned.get(column_name(table.name, column.name), ()):
            if not column.identity:
                edit = world.edit()
                edit.alter("sequences", sequence, owned_by=None)
                words = f"sequence {sequence} no longer belongs to {column_name(table.name, column.name)}"
                yield Change(sequence, words, edit, (f"alter sequence {sequence} owned by none",), table.name)


def _only(column: str, action: str) -> str:
    return f"alter column {quote(column)} {action}"
