"""Names that are taken by an index: of a table that is in no contract, such as one that was renamed, or of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pgcontract.expectations.columns import ColumnType
from pgcontract.expectations.constrained import deferral
from pgcontract.expectations.guarded import where
from pgcontract.expectations.tables import TableExists
from pgcontract.names import literal, qualified, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.repair.context import Context


def freed(context: Context, table: str, name: str) -> tuple[Repair, ...]:
    """What lets a name be free for an index of the table: another's index, or key, of the name gets another one.

    Raises:
        NotSaidError: It is of a table that the contract speaks of.
    """
    schema = split(table)[0]
    there = list(context.world.catalog.in_schema(schema))
    for other in there:
        if other.name == table or name not in other.indexes:
            continue
        if context.said.has(TableExists, "table", other.name) or context.said.has(ColumnType, "table", other.name):
            raise NotSaidError(f"the name {quote(name)} is taken by an index of {other.name}")
        taken = {index for each in there for index in (*each.indexes, *each.constraints)}
        new = next(each for number in count() if (each := f"{name[:50]}_was{number or ''}") not in taken)
        _put(context, other, name, new)
        full = qualified(schema, name)
        its = (
            f"pg_catalog.pg_index where indexrelid = pg_catalog.to_regclass({literal(full)})"
            f" and indrelid = pg_catalog.to_regclass({literal(other.name)})"
        )
        return (Repair(where(f"alter index {full} rename to {quote(new)};", its)),)
    return ()


def _put(context: Context, other: Relation, old: str, new: str) -> None:
    """Let the other table have its index, and the constraint of it, under the new name."""
    relation = context.world.get("relations", other.name)
    indexes, constraints = dict(relation.indexes), dict(relation.constraints)
    index = indexes.pop(old, None)
    if index is not None:
        indexes[new] = replace(index, name=new, constraint=new if index.constraint else None)
    key = constraints.pop(old, None)
    if key is not None:
        constraints[new] = replace(key, name=new, index=new)
    context.world.put("relations", other.name, replace(relation, indexes=indexes, constraints=constraints))


def by_index(relation: Relation, wanted: Constraint, behind: Index | None) -> str | None:
    """The key by the index that has its name already, where that is just what the key would make.

    Raises:
        NotSaidError: It is another one.
    """
    there = relation.indexes.get(wanted.name)
    if there is None or there.constraint is not None or wanted.kind not in {"PRIMARY KEY", "UNIQUE"}:
        return None
    nulls = behind is not None and behind.nulls_not_distinct
    include = () if behind is None else behind.include
    said = (there.unique, there.valid, there.method, there.predicate, there.nulls_not_distinct, there.include)
    keys = tuple(map(quote, wanted.columns))
    if (*said, there.columns) != (True, True, "btree", None, nulls, include, keys) or relation.kind != "table":
        raise NotSaidError(f"the name {quote(wanted.name)} is taken by another index of {relation.name}")
    deferred = deferral(wanted.deferrable, wanted.deferred)
    return f"{wanted.kind.lower()} using index {quote(wanted.name)}{deferred}"
