"""Columns as the contract describes them: in the table that is made, or added to one that is there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.catalog.columns import Column
from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.sequences import Sequence
from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.columns import ColumnDefault, ColumnExists, ColumnNotNull, ColumnsAre, ColumnType
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.identity import OPTIONS, ColumnIdentity
from pgcontract.expectations.partitions import PartitionOf
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.names import canonical, qualified, quote, split
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.repair.making.inheriting import above, inherited
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.catalog.columns import Identity
    from pgcontract.catalog.relations import Relation
    from pgcontract.repair.context import Context
    from pgcontract.verdict import Hazard

IDENTITY_INHERITED_SINCE = 170000
"""The server's version since which a partition's identity columns are its parent's."""

_LONGEST = 63  # bytes of a name: NAMEDATALEN - 1
_BOUNDS = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
_KINDS = (ColumnExists, ColumnType)  # what says that there is a column
# Defaults that cost nothing where rows are there: they are computed once.
_ONCE = re.compile(r"(now\(\)|current_\w+|[^(]*|'(?:[^']|'')*'::.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column of the contract: its record as it will be, and its definition in SQL."""

    record: Column
    sql: str


def names(context: Context, table: str) -> list[str]:
    """The columns that the contract speaks of, in its order."""
    said = context.said
    closed = [name for each in said.of(ColumnsAre, "table", table) for name in each.columns]
    return list(dict.fromkeys([*(each.column for kind in _KINDS for each in said.of(kind, "table", table)), *closed]))


def wanted(context: Context, table: str, name: str, position: int, *, filled: bool = False) -> Wanted:
    """The column as the contract describes it; `filled` is one that is added where rows may be.

    Raises:
        NotSaidError: Its type is not said.
        FormError: The server does not understand the type.
    """
    said = context.said
    kind = next(said.of(ColumnType, "table", table, column=name), None)
    if kind is None:
        raise NotSaidError(f"the contract does not say the type of {table}.{quote(name)}")
    (written,) = kind.forms()
    column = Column(name, position, context.own(written))
    context.require_type(column.type)
    collation = next(said.of(ColumnCollation, "table", table, column=name), None)
    if collation is not None and collation.collation is not None:
        column = replace(column, collation=qualified(collation.schema_name, collation.collation))
    column = _computed(context, table, column)
    refuses = said.has(ColumnNotNull, "table", table, column=name)
    if refuses and (not filled or column.default is not None):
        column = replace(column, not_null=True)
    return Wanted(column, _sql(context, table, column))


def _computed(context: Context, table: str, column: Column) -> Column:
    """With what fills it: an expression, a sequence, or a default."""
    said, name = context.said, column.name
    for each in said.of(ColumnGenerated, "table", table, column=name):
        if each.expression is not None:
            (expression,) = map(context.own_of_new, each.forms())
            return replace(column, generated=each.storage or "STORED", expression=expression)
    for identity in said.of(ColumnIdentity, "table", table, column=name):
        if identity.generated is not None:
            return replace(column, identity=identity.generated, not_null=True)
    for default in said.of(ColumnDefault, "table", table, column=name):
        for form in default.forms():
            return replace(column, default=context.own_of_new(form))
    return column


def _sql(context: Context, table: str, column: Column) -> str:
    parts = [quote(column.name), column.type]
    if column.collation:
        parts.append(f"collate {column.collation}")
    if column.generated:
        parts.append(f"generated always as ({column.expression}) {column.generated.lower()}")
    elif column.identity:
        parts.append(f"generated {column.identity.lower()} as identity{identity_options(context, table, column.name)}")
    elif column.default is not None:
        parts.append(f"default {column.default}")
    if column.not_null:
        parts.append("not null")
    return " ".join(parts)


def identity_options(context: Context, table: str, name: str) -> str:
    """What stands in brackets behind `AS IDENTITY`: the sequence's name where it is said, and its options."""
    found = next(context.said.of(ColumnIdentity, "table", table, column=name), None)
    if found is None:
        return ""
    sequence = sequence_of(context, table, name)
    parts = [] if sequence is None else [f"sequence name {sequence.sequence}"]
    for field, words in OPTIONS.items():
        value = getattr(found, field)
        if value is None and sequence is not None:
            value = getattr(sequence, field)
        if value is not None:
            parts.append(("cycle" if value else "no cycle") if field == "cycle" else f"{words} {value}")
    return f" ({' '.join(parts)})" if parts else ""


def sequence_of(context: Context, table: str, column: str) -> SequencePresent | None:
    """What the contract says of the sequence that belongs to a column."""
    owner = f"{table}.{quote(column)}"
    for each in context.said.all(SequencePresent):
        if each.owned_by is not None and owner_of(each.owned_by, schema_of(each.sequence)) == owner:
            return each
    return None


def sequence_name(context: Context, table: str, column: str) -> str:
    """What the sequence of an identity column is, or will be, called."""
    said = sequence_of(context, table, column)
    schema, relation = split(table)
    return said.sequence if said else canonical(quote(_chosen(relation, column, "seq")), schema)


def _chosen(table: str, column: str, label: str) -> str:
    """The name that Postgres makes of three, the longer of the first two cut until all fit (`makeObjectName`)."""
    first, second = table.encode(), column.encode()
    room = _LONGEST - len(label) - len("__")
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    return "_".join([*(part.decode(errors="ignore") for part in (first, second)), label])


def owner_of(text: str, schema: str) -> str:
    """The canonical name of the column that a sequence belongs to; a table without a schema is in the sequence's."""
    parts = split(text)
    return ".".join(map(quote, parts if len(parts) > len(("table", "column")) else (schema, *parts)))


def identified(expectation: ColumnIdentity, context: Context) -> Draft | None:
    """The identity of a partition's column: that of the topmost table's, from which it comes.

    Raises:
        NotSaidError: It comes when the partition is attached.
    """
    table, name = _topmost(context, expectation.table), expectation.column
    if context.version < IDENTITY_INHERITED_SINCE or table == expectation.table:
        return None
    above_it = next(context.said.of(ColumnIdentity, "table", table, column=name), None)
    findings = () if above_it is None else above_it.check(context.world.catalog)
    repairs = tuple(repair for finding in findings for repair in finding.repair)
    if not repairs:
        raise NotSaidError(f"it comes with {table}")
    return Draft(repairs)


def _topmost(context: Context, table: str) -> str:
    """The partitioned table that a partition belongs to in the end, as the contract says, or else as it is."""
    seen = {table}
    while True:
        relation, of = (context.world.get(plural, table) for plural in ("relations", "inheritance"))
        there = of.parents[0] if of is not None and relation is not None and relation.is_partition else None
        parent = context.said.value(PartitionOf, "parent", "partition", table) or there
        if parent is None or parent in seen:
            return table
        seen.add(parent)
        table = parent


def put_sequence(context: Context, table: str, column: Column) -> None:
    """Let the world have the sequence that comes with an identity column."""
    if column.identity is None:
        return
    said = sequence_of(context, table, column.name)
    name = sequence_name(context, table, column.name)
    options = next(context.said.of(ColumnIdentity, "table", table, column=column.name))
    record = record_of(name, context.user, column.type, options if said is None else said)
    stated = {field: value for field in OPTIONS if (value := getattr(options, field)) is not None}
    owned = replace(record, owned_by=f"{table}.{quote(column.name)}", **stated)
    context.world.put("sequences", name, replace(owned, grants=context.world.grants("sequences", context.user, name)))


def record_of(name: str, owner: str, kind: str, said: SequencePresent | ColumnIdentity) -> Sequence:
    """The sequence as Postgres makes it where the contract leaves something open."""
    highest = _BOUNDS.get(kind, _BOUNDS["bigint"])
    increment = said.increment if said.increment is not None else 1
    minimum = said.minimum if said.minimum is not None else (1 if increment > 0 else -highest - 1)
    maximum = said.maximum if said.maximum is not None else (highest if increment > 0 else -1)
    start = said.start if said.start is not None else (minimum if increment > 0 else maximum)
    kind = kind if kind in _BOUNDS else "bigint"
    return Sequence(name, owner, kind, start, increment, minimum, maximum, said.cache or 1, bool(said.cycle))


def added(expectation: ColumnExists, context: Context) -> Draft | None:
    """The statement that adds a column which is missing."""
    table, name = expectation.table, expectation.column
    relation: Relation | None = context.world.get("relations", table)
    if relation is None or name in relation.columns or not (relation.is_table or relation.kind == "foreign table"):
        return None
    said = context.said
    if any(said.has(kind, "table", each, column=name) for each in above(context, table) for kind in _KINDS):
        return None  # it comes with the parent's
    column = wanted(context, table, name, len(relation.columns) + 1, filled=True)
    record = replace(relation, columns={**relation.columns, name: column.record})
    context.world.put("relations", table, record)
    inherited(context, table, replace(column.record, identity=None))
    context.world.bare.add(name)
    put_sequence(context, table, column.record)
    words = "foreign table" if relation.kind == "foreign table" else "table"
    sql = f"alter {words} {table} add column if not exists {column.sql};"
    return Draft((Repair(sql, _hazard(column.record, column.record.identity)),))


def _hazard(column: Column, identity: Identity | None) -> Hazard:
    """Whether each row must be given a value of its own."""
    if identity is not None or column.generated == "STORED":
        return "rewrites the table"
    return "none" if column.default is None or _ONCE.fullmatch(column.default) else "rewrites the table"
