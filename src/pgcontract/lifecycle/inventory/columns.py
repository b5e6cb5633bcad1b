"""Columns of tables and foreign tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.column_kinds import ColumnKindsAre
from pgcontract.expectations.column_storage import ColumnStorage
from pgcontract.expectations.columns import (
    ColumnDefault,
    ColumnExists,
    ColumnNotNull,
    ColumnNullable,
    ColumnsAre,
    ColumnType,
)
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.identity import ColumnIdentity
from pgcontract.lifecycle.inventory.frame import Source, readable
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation


def columns(source: Source, relation: Relation) -> Iterator[Expectation]:
    """Each column, in its order, and that there are no others."""
    for column in relation.columns.values():
        yield from readable(
            partial(_plain, relation.name, column),
            partial(_default, relation.name, column),
            partial(_identity, source.catalog, relation.name, column),
            partial(_collation, relation.name, column),
        )
        if source.level == "full":
            yield from storage(relation.name, column)
            yield from readable(partial(_comment, relation.name, column))
    yield ColumnsAre(relation.name, list(relation.columns))
    yield from readable(partial(_kinds, relation))


def _plain(table: str, column: Column) -> Iterator[Expectation]:
    yield ColumnExists(table, column.name)
    yield ColumnType(table, column.name, column.type)
    yield (ColumnNotNull if column.not_null else ColumnNullable)(table, column.name)


def _default(table: str, column: Column) -> Iterator[Expectation]:
    if column.generated is not None:
        yield ColumnGenerated(table, column.name, column.expression, storage=column.generated)
    else:
        yield ColumnDefault(table, column.name, column.default)


def _identity(catalog: Catalog, table: str, column: Column) -> Iterator[Expectation]:
    if column.identity is None:
        return
    owner = f"{table}.{quote(column.name)}"
    behind = next((each for each in catalog.sequences.values() if each.owned_by == owner), None)
    if behind is None:
        yield ColumnIdentity(table, column.name, column.identity)
        return
    yield ColumnIdentity(
        table,
        column.name,
        column.identity,
        start=behind.start,
        increment=behind.increment,
        minimum=behind.minimum,
        maximum=behind.maximum,
        cache=behind.cache,
        cycle=behind.cycle,
    )


def _collation(table: str, column: Column) -> Iterator[Expectation]:
    if column.collation is not None:
        schema, name = split(column.collation)
        yield ColumnCollation(table, column.name, name, schema_name=schema)


def storage(table: str, column: Column) -> Iterator[Expectation]:
    """How the column is stored and sampled, where that is not as usual."""
    if column.stored:
        said: dict[str, Any] = dict(each.split("=", 1) for each in column.stored)
        if "statistics" in said:
            said["statistics"] = int(said["statistics"])
        yield ColumnStorage(table, column.name, **said)


def _comment(table: str, column: Column) -> Iterator[Expectation]:
    if column.comment:
        yield CommentIs("column", column.name, column.comment, of=table)


def _kinds(relation: Relation) -> Iterator[Expectation]:
    of = relation.columns.values()
    yield ColumnKindsAre(
        relation.name,
        identity=[column.name for column in of if column.identity is not None],
        generated=[column.name for column in of if column.generated is not None],
        collated=[column.name for column in of if column.collation is not None],
        stored=[column.name for column in of if column.stored],
    )
