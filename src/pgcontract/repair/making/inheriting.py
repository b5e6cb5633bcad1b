"""Columns that tables and partitions inherit, and that change with the parent's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.inheritance import ancestors, children

if TYPE_CHECKING:
    from pgcontract.catalog.columns import Column
    from pgcontract.repair.context import Context


def above(context: Context, table: str) -> list[str]:
    """The tables that a table or partition inherits from, at any depth."""
    there = context.world.catalog
    return [each for each in ancestors(there.inheritance, table) if each in there.relations]


def inherited(context: Context, table: str, column: Column) -> None:
    """Let those that inherit from a table have its column: Postgres changes it in all of them."""
    for child in children(context.world.catalog.inheritance, table):
        relation = context.world.get("relations", child.name)
        if relation is not None:
            old = relation.columns.get(column.name, column)
            changed = replace(old, type=column.type)
            context.world.put(
                "relations", child.name, replace(relation, columns={**relation.columns, column.name: changed})
            )
            inherited(context, child.name, column)


def below(context: Context, table: str) -> list[str]:
    """The tables and partitions that inherit from a table, at any depth."""
    found = [table]
    for each in found:  # grows while it is read
        found += [child.name for child in children(context.world.catalog.inheritance, each) if child.name not in found]
    return [name for name in found[1:] if name in context.world.catalog.relations]
