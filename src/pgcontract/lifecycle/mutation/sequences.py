"""Mutants of sequences: dropped, renamed, counting otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.sequences import Sequence
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import everywhere, renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import inside
from pgcontract.names import qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("sequence")
_MOST = 2**63 - 1
_LEAST = -(2**15)


@KINDS.kind("SequenceDropped", "a sequence is dropped, and the defaults that draw from it")
def _dropped(world: World) -> Iterator[Change]:
    for sequence in own(world):
        if not _of_identity(world, sequence):
            edit = world.edit()
            Dropping(edit, world).sequence(sequence.name)
            yield _change(sequence, "is dropped", edit, f"drop sequence {sequence.name} cascade")


@KINDS.kind("SequenceRenamed", "a sequence gets another name")
def _name_changed(world: World) -> Iterator[Change]:
    for sequence in own(world):
        schema, name = split(sequence.name)
        new, edit = renamed(name), world.edit()
        everywhere(edit, world, sequence.name, qualified(schema, new))
        ddl = f"alter sequence {sequence.name} rename to {quote(new)}"
        yield _change(sequence, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("SequenceAdded", "a sequence is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for schema in sorted(world.schemas):
        name, grants = inside(schema, NEW), acl.of_new(world, "sequences", schema)
        if name not in world.catalog.sequences and name not in world.catalog.relations:
            new = Sequence(name, world.catalog.server.user, "bigint", 1, 1, 1, _MOST, 1, cycle=False, grants=grants)
            edit = world.edit()
            edit.put("sequences", name, new)
            yield _change(new, "is added", edit, f"create sequence {name}")


def _altering(clause: str, said: str, change: Any) -> Any:
    def make(world: World) -> Iterator[Change]:
        for sequence in own(world):
            values = change(sequence)
            after, edit = replace(sequence, **values), world.edit()
            if after != sequence:
                edit.put("sequences", sequence.name, after)
                words = {key: value for key, value in values.items() if not isinstance(value, bool)}
                no = "no " if values.get("cycle") is False else ""
                ddl = f"alter sequence {sequence.name} {clause.format(no=no, **words)}"
                yield _change(sequence, said.format(no=no, **words), edit, ddl)

    return make


for _name, _says, _clause, _said, _values in (
    (
        "SequenceIncrementChanged",
        "a sequence counts in other steps",
        "increment {increment}",
        "counts in steps of {increment}",
        lambda one: {"increment": one.increment * 2},
    ),
    (
        "SequenceStartChanged",
        "a sequence would begin elsewhere when restarted",
        "start {start}",
        "starts at {start}",
        lambda one: {"start": one.minimum if one.start != one.minimum else one.maximum},
    ),
    (
        "SequenceMaximumLowered",
        "a sequence ends sooner",
        "maxvalue {maximum}",
        "ends at {maximum}",
        lambda one: {"maximum": max(one.maximum - 1, one.start)},
    ),
    (
        "SequenceMinimumLowered",
        "a sequence may go below where it could",
        "minvalue {minimum}",
        "may go down to {minimum}",
        lambda one: {"minimum": one.minimum - 1 if one.minimum > _LEAST else one.minimum},
    ),
    (
        "SequenceCacheChanged",
        "a sequence keeps another number of values ready",
        "cache {cache}",
        "keeps {cache} values ready",
        lambda one: {"cache": one.cache + 16},
    ),
    (
        "SequenceCycleChanged",
        "what a sequence does at its end changes",
        "{no}cycle",
        "begins {no}again at its end",
        lambda one: {"cycle": not one.cycle},
    ),
):
    KINDS.kind(_name, _says)(_altering(_clause, _said, _values))


def own(world: World) -> Iterator[Sequence]:
    """The sequences in scope."""
    return (record for _, record in world.each("sequences"))


def _of_identity(world: World, sequence: Sequence) -> bool:
    if sequence.owned_by is None:
        return False
    *table, column = split(sequence.owned_by)
    relation = world.catalog.relations.get(qualified(*table))
    return relation is not None and relation.columns[column].identity is not None


def _change(sequence: Sequence, said: str, edit: Any, *ddl: str) -> Change:
    return Change(sequence.name, f"sequence {sequence.name} {said}", edit, ddl)
