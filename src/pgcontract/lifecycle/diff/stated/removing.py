"""What is there and, as a closed world says, should not be: left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.relations import Relation
from pgcontract.expectations.kinds import KINDS
from pgcontract.lifecycle.diff.nouns import FACETS
from pgcontract.lifecycle.diff.stated.putting import swapped
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.world import World
    from pgcontract.verdict import Finding

# The noun of a closed world, and the field that names what it is the world of.
_CLOSED: Mapping[str, tuple[str, str | None]] = {
    "TablesAre": ("table", None),
    "ViewsAre": ("view", None),
    "MaterializedViewsAre": ("materialized view", None),
    "ForeignTablesAre": ("foreign table", None),
    "ColumnsAre": ("column", "table"),
    "PoliciesAre": ("policy", "table"),
    "IndexesAre": ("index", "table"),
    "TriggersAre": ("trigger", "table"),
    "RulesAre": ("rule", "relation"),
    "CastsAre": ("casts", None),
    "OperatorsAre": ("operators", None),
    "DefaultAclsAre": ("default_privileges", None),
}
_HOLDING = {
    "column": "columns",
    "policy": "policies",
    "index": "indexes",
    "trigger": "triggers",
    "constraint": "constraints",
}
_MAPPINGS = frozenset({"casts", "operators", "default_privileges"})


def removed(expectation: Expectation, finding: Finding, world: World) -> None:
    """Let the object be gone that a finding says is there unasked; nothing for other findings."""
    if finding.observed is None or not (finding.expected or "").startswith("no "):
        return
    said: Any = expectation
    if expectation.kind == "ObjectsAre":
        _remove(said.noun, said.of, finding.observed, world)
    elif expectation.kind in _CLOSED:
        noun, field = _CLOSED[expectation.kind]
        if noun in _MAPPINGS:
            world.drop(noun, finding.observed)
        else:
            _remove(noun, None if field is None else getattr(said, field), finding.observed, world)


def _remove(noun: str, of: str | None, name: str, world: World) -> None:
    record = KINDS[noun].found(world.catalog, of).get(name)
    if record is None:
        return
    if of is None:
        _drop(record, world)
    elif noun == "rule":
        world.drop("rules", record.name)
    else:
        _drop_part(noun, of, record, world)


def _drop(record: Any, world: World) -> None:
    """The object, with what hangs on it."""
    swapped(world, record, None)
    if isinstance(record, Relation):
        for facet in FACETS:
            if record.name in getattr(world.catalog, facet):
                world.drop(facet, record.name)
        for sequence in world.catalog.sequences.values():
            if sequence.owned_by is not None and sequence.owned_by.startswith(f"{record.name}."):
                world.drop("sequences", sequence.name)


def _drop_part(noun: str, of: str, record: Any, world: World) -> None:
    """What hangs on a table; a constraint with its index, and a column with its sequence."""
    relation = world.catalog.relations[of]
    field = _HOLDING.get(noun, "constraints")
    changes: dict[str, Any] = {
        field: {key: each for key, each in getattr(relation, field).items() if each is not record}
    }
    if field == "constraints":
        changes["indexes"] = {key: each for key, each in relation.indexes.items() if each.constraint != record.name}
    if field == "columns":
        for sequence in world.catalog.sequences.values():
            if sequence.owned_by is not None and split(sequence.owned_by) == (*split(of), record.name):
                world.drop("sequences", sequence.name)
    world.put("relations", of, replace(relation, **changes))
