"""All kinds of mutation, in the order of the nouns, and the mutants that they make of a database."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation import (
    aggregates,
    column_storage,
    columns,
    comments,
    constraints,
    databases,
    default_privileges,
    defaults,
    firing,
    functions,
    indexes,
    others,
    owners,
    policies,
    privileges,
    replication,
    retyping,
    roles,
    schemas,
    sequences,
    tables,
    triggers,
    types,
    views,
)
from pgcontract.lifecycle.mutation.mutant import Kind, Mutant, made
from pgcontract.lifecycle.mutation.world import World
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog

_MODULES = (
    *(tables, columns, column_storage, retyping, defaults, constraints, indexes, policies, triggers),
    *(views, functions, aggregates, types, sequences, privileges, owners, comments),
    *(schemas, default_privileges, replication, firing, roles, databases, others),
)
KINDS: Mapping[str, Kind] = {name: kind for module in _MODULES for name, kind in module.KINDS.items()}
"""Every kind of mutation by its name."""


_EVERYTHING = Scope()


def mutants(catalog: Catalog, scope: Scope = _EVERYTHING, *, kinds: Iterable[str] | None = None) -> Iterator[Mutant]:
    """What the database would be after each one of the changes.

    Args:
        catalog: What the database is.
        scope: Which objects are changed.
        kinds: The names of the kinds; all when None.

    Raises:
        KeyError: There is no kind of that name.
    """
    world = World(catalog, scope)
    for name in KINDS if kinds is None else kinds:
        yield from made(KINDS[name], world)


def sampled(found: Iterable[Mutant], number: int | None, seed: int) -> list[Mutant]:
    """So many of the mutants, drawn so that each kind has its share, in the order in which they were made.

    Args:
        found: All of them.
        number: How many; all when None.
        seed: What they are drawn from.
    """
    every = list(found)
    if number is None or number >= len(every):
        return every
    chance = random.Random(seed)  # noqa: S311 - nothing is secret
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place, mutant in enumerate(every):
        by_kind[mutant.kind].append(place)
    for places in by_kind.values():
        chance.shuffle(places)
    rounds = [place for turn in zip_longest(*by_kind.values()) for place in turn if place is not None]
    return [every[place] for place in sorted(rounds[:number])]
