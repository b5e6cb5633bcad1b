"""Mutants of aggregates: how they are computed. Dropped, renamed and owned they are as functions are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.repair.making.aggregates import statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Function, Parallel
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("aggregate")
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_TEXTS = frozenset({"text", "character varying"})


@KINDS.kind("AggregateFunctionChanged", "an aggregate takes each row in by another function")
def _function_changed(world: World) -> Iterator[Change]:
    """By one that could stand in the place of the first: of the same types, and alike in what it does with NULL."""
    for one, parts in own(world):
        alike = [each for each in world.catalog.functions.values() if each.kind == "function" and not each.extension]
        before = next((each for each in alike if each.name == parts["sfunc"]), None)
        for other in alike:
            if before is not None and other.name != before.name and _stands_for(before, other):
                yield _altered(world, one, f"takes rows in by {other.name}", {**parts, "sfunc": other.name})
                break


def _stands_for(one: Function, other: Function) -> bool:
    return (one.types, one.returns, one.strict) == (other.types, other.returns, other.strict)


@KINDS.kind("AggregateStartChanged", "an aggregate starts from another value")
def _start_changed(world: World) -> Iterator[Change]:
    for one, parts in own(world):
        start = parts.get("initcond")
        if start is not None and parts["stype"] in _NUMBERS and start.isdigit():
            yield _altered(world, one, f"starts from {int(start) + 1}", {**parts, "initcond": str(int(start) + 1)})
        elif start is not None and parts["stype"] in _TEXTS:
            yield _altered(world, one, "starts from another text", {**parts, "initcond": f"{start}mutated"})


@KINDS.kind("AggregateSpaceChanged", "the planner is told another size of what an aggregate keeps")
def _space_changed(world: World) -> Iterator[Change]:
    for one, parts in own(world):
        places = list(parts)
        places.insert(2, "sspace")
        after = {**parts, "sspace": str(int(parts.get("sspace", "0")) + 4711)}
        yield _altered(world, one, f"keeps {after['sspace']} bytes", {word: after[word] for word in places})


@KINDS.kind("AggregateCombineLost", "an aggregate's parts can no longer be computed apart and put together")
def _combine_lost(world: World) -> Iterator[Change]:
    gone = {"combinefunc", "serialfunc", "deserialfunc"}
    for one, parts in own(world):
        if "combinefunc" in parts:
            left = {word: value for word, value in parts.items() if word not in gone}
            yield _altered(world, one, "loses its combinefunc", left)


@KINDS.kind("AggregateParallelChanged", "an aggregate may be computed by several workers, or no longer")
def _parallel_changed(world: World) -> Iterator[Change]:
    for one, parts in own(world):
        other: Parallel = "unsafe" if one.parallel == "safe" else "safe"
        yield _altered(world, replace(one, parallel=other), f"is PARALLEL {other.upper()}", parts)


def own(world: World) -> Iterator[tuple[Function, dict[str, str]]]:
    """The aggregates in scope, each with how it is computed."""
    for _, one in world.each("functions"):
        if one.aggregate:
            yield one, dict(part.split("=", 1) for part in one.aggregate)


def _altered(world: World, one: Function, said: str, parts: dict[str, str]) -> Change:
    after = replace(one, aggregate=tuple(f"{word}={value}" for word, value in parts.items()))
    edit = world.edit()
    edit.put("functions", one.signature, after)
    return Change(one.signature, f"aggregate {one.signature} {said}", edit, (statement(after),))
