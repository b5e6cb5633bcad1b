"""Names that are taken by an index of a table that is in no contract, such as one that was renamed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pgcontract.expectations.columns import ColumnType
from pgcontract.expectations.guarded import where
from pgcontract.expectations.tables import TableExists
from pgcontract.names import literal, qualified, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.verdict import Repair

if TYPE_CHECKING:
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
