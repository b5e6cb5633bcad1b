"""Tables that are missing: made with their columns, and as partitions or partitioned where the contract says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.inheritance import Inheritance, children
from pgcontract.catalog.partitions import Partitioning
from pgcontract.catalog.relations import Relation
from pgcontract.expectations.guarded import unless, where
from pgcontract.expectations.inheritance import ParentsAre
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf
from pgcontract.expectations.table_storage import TableStorage
from pgcontract.expectations.tables import TableExists
from pgcontract.names import literal, quote
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.columns import IDENTITY_INHERITED_SINCE, names, put_sequence, wanted
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Persistence, RelationKind
    from pgcontract.repair.context import Context


def created(context: Context, table: str) -> Draft | None:
    """The statement that makes the table; None while its parent is not there.

    Raises:
        NotSaidError: The contract does not say enough.
    """
    partition = next(context.said.of(PartitionOf, "partition", table), None)
    by = next(context.said.of(PartitionedBy, "table", table), None)
    key = "" if by is None else _partitioned(context, table, by)
    if partition is not None:
        columns, head = _of_parent(context, table, partition)
        if columns is None:
            return None
    else:
        inherits = _inheriting(context, table)
        if inherits is None:
            return None
        columns, head = _own(context, table)
        head += inherits
    kind: RelationKind = "table" if by is None else "partitioned table"
    persistence: Persistence = context.said.value(TableStorage, "persistence", "table", table) or "permanent"
    parameters = context.said.value(TableStorage, "parameters", "table", table) or ()
    relation = Relation(
        table, kind, context.user, columns, persistence=persistence, options=tuple(parameters),
        is_partition=partition is not None, grants=context.world.grants("tables", context.user, table),
    )  # fmt: skip
    context.world.put("relations", table, relation)
    for column in columns.values():
        put_sequence(context, table, column)
    unlogged = "unlogged " if persistence == "unlogged" else ""
    sql = f"create {unlogged}table if not exists {table} {head}{key}{_options(parameters)};"
    return Draft((Repair(sql),), makes=(table,))


def _own(context: Context, table: str) -> tuple[dict[str, Column], str]:
    columns: dict[str, Column] = {}
    definitions = []
    for name in names(context, table):
        try:
            column = wanted(context, table, name, len(columns) + 1)
        except NotSaidError:  # it stays missing, which is said
            continue
        columns[name] = column.record
        definitions.append(column.sql)
    listed = ",\n    ".join(definitions)
    return columns, f"(\n    {listed}\n)" if definitions else "()"


def _inheriting(context: Context, table: str) -> str | None:
    """From which tables it inherits, checks and all; None while one of them is yet to be made."""
    said = next(context.said.of(ParentsAre, "table", table), None)
    parents = () if said is None else tuple(said.parents)
    missing = [each for each in parents if context.world.get("relations", each) is None]
    if any(context.said.has(TableExists, "table", each) for each in missing):
        return None
    if not parents or missing:
        return ""
    context.world.put("inheritance", table, Inheritance(table, parents))
    return f" inherits ({', '.join(parents)})"


def _of_parent(context: Context, table: str, said: PartitionOf) -> tuple[dict[str, Column] | None, str]:
    """The columns of a partition, which are its parent's, and how it is made."""
    parent = context.world.get("relations", said.parent)
    if parent is None:
        return None, ""
    if said.bound is None:
        raise NotSaidError(f"the contract does not say which rows the partition {table} holds")
    (bound,) = map(context.own, said.forms())
    context.world.put("inheritance", table, Inheritance(table, (said.parent,), bound))
    columns = {name: replace(column, grants=(), comment=None) for name, column in parent.columns.items()}
    return columns, f"partition of {said.parent} {bound}"


def _partitioned(context: Context, table: str, by: PartitionedBy) -> str:
    if by.strategy is None or not by.key:
        raise NotSaidError(f"the contract does not say by what {table} is partitioned")
    key = tuple(map(context.own, by.forms()))
    context.world.put("partitions", table, Partitioning(table, by.strategy, key))
    return f" partition by {by.strategy.lower()} ({', '.join(key)})"


def _options(parameters: tuple[str, ...]) -> str:
    said = ", ".join(f"{name} = {literal(value)}" for name, _, value in (text.partition("=") for text in parameters))
    return f" with ({said})" if said else ""


def _identified(context: Context, table: str, above: Mapping[str, Column]) -> None:
    """Let the columns of a partition, and of its own, have the identities of its parent's."""
    relation = context.world.get("relations", table)
    columns = {
        name: replace(column, identity=above[name].identity if name in above else None)
        for name, column in relation.columns.items()
    }
    context.world.put("relations", table, replace(relation, columns=columns))
    for child in children(context.world.catalog.inheritance, table):
        _identified(context, child.name, columns)


def attached(expectation: PartitionOf, context: Context) -> Draft | None:
    """The statement that makes a partition of a table that is there, or gives it another bound."""
    table, parent = expectation.partition, expectation.parent
    relation, of = context.world.get("relations", table), context.world.get("inheritance", table)
    if relation is None or context.world.get("relations", parent) is None or expectation.bound is None:
        return None
    (bound,) = map(context.own, expectation.forms())
    if of is not None and not relation.is_partition:
        raise NotSaidError(f"{table} inherits from {', '.join(of.parents)}, which a partition cannot")
    there = (
        f"pg_catalog.pg_inherits where inhrelid = {literal(table)}::pg_catalog.regclass"
        f" and inhparent = {literal(parent)}::pg_catalog.regclass"
    )
    steps = []
    if of is not None:
        old = there.replace(literal(parent), literal(of.parents[0]))
        steps.append(Repair(where(f"alter table {of.parents[0]} detach partition {table};", old), "blocks writes"))
    attach = f"alter table {parent} attach partition {table} {bound};"
    if context.version >= IDENTITY_INHERITED_SINCE and of is None:  # else they are its old parent's, and go with it
        own = [column.name for column in relation.columns.values() if column.identity is not None]
        drops = (f"alter table {table} alter column {quote(name)} drop identity if exists;" for name in own)
        steps += [Repair(unless(drop, there)) for drop in drops]
    steps.append(Repair(unless(attach, there), "blocks writes"))
    context.world.put("relations", table, replace(relation, is_partition=True))
    context.world.put("inheritance", table, Inheritance(table, (parent,), bound))
    if context.version >= IDENTITY_INHERITED_SINCE:
        _identified(context, table, context.world.get("relations", parent).columns)
    return Draft(tuple(steps))
