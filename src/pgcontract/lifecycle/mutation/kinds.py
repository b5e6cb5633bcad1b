"""All kinds of mutation, in the order of the nouns, and the mutants that they make of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.mutation import (
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
    *(tables, columns, retyping, defaults, constraints, indexes, policies, triggers),
    *(views, functions, types, sequences, privileges, owners, comments),
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
