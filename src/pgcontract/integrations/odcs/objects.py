"""An object of the schema: a relation, its columns, its keys and its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.constraints import PrimaryKey
from pgcontract.expectations.partitions import PartitionedBy
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.integrations.odcs.document import keys, model
from pgcontract.integrations.odcs.properties import column
from pgcontract.integrations.odcs.quality import rules
from pgcontract.integrations.odcs.relationships import of_table
from pgcontract.integrations.odcs.tables import Table, kind_of, relation_of
from pgcontract.integrations.standards.made import EXISTS
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.taking import Taking
    from pgcontract.integrations.standards.node import Node

_SILENT = ("id", "name", "physicalName", "physicalType", "logicalType")


def table_of(node: Node, schemas: Mapping[str, str], assume: str) -> Table | None:
    """The relation that an object stands for; None where Postgres has no such thing.

    Args:
        node: The object.
        schemas: By the name of a schema in the document, what it is called in the database.
        assume: The kind of an object that does not say its own.
    """
    content = node.content
    kind = kind_of(content.get("physicalType"))
    if kind is None:
        node.unchecked(
            f"{content.get('name')} is of the kind {content['physicalType']}, which no relation of Postgres is"
        )
        return None
    key = "physicalName" if content.get("physicalName") else "name"
    relation = relation_of(str(content.get(key) or ""), (*node.path, key), node.reading, schemas)
    if relation is None:
        return None
    named, ids = {}, {}
    for each in content.get("properties") or ():
        called = _called(each)
        named[str(each.get("name"))] = called
        ids[str(each.get("id"))] = called
    return Table(relation, kind or assume, named, ids)


def _called(content: Mapping[str, Any]) -> str:
    return str(content.get("physicalName") or content.get("name") or "")


def stated(node: Node, table: Table, taking: Taking) -> Iterator[Expectation]:
    """What an object expects of its relation."""
    taking.own(node)
    tags = frozenset(node.texts("tags"))
    common: dict[str, Any] = {"tags": tags} if tags else {}
    exists, fields = EXISTS[table.kind]
    yield from taking.make(node, exists, table.relation, **fields, **common)
    properties = list(node.nodes("properties", keys(model().SchemaProperty)))
    key = _positioned(properties, "primaryKey", "primaryKeyPosition")
    parts = _positioned(properties, "partitioned", "partitionKeyPosition")
    for each in properties:
        name = _called(each.content)
        if not name:
            node.reading.wrong(each.path, "a property has no name")
            continue
        yield from column(each, name, table, tags, taking)
    yield from _primary_key(node, key, table, common, taking)
    yield from of_table(node, table, common, taking)
    if parts and table.constrained:
        yield from taking.make(node, PartitionedBy, table.relation, key=[quote(name) for name in parts], **common)
    yield from rules(node.nodes("quality", keys(model().DataQuality)), table, None, tags, taking)
    node.left(silent=_SILENT)


def _primary_key(
    node: Node, columns: Sequence[str], table: Table, common: dict[str, Any], taking: Taking
) -> Iterator[Expectation]:
    """The key; of what can have none, that its rows are as if it had one."""
    if not columns:
        return
    if table.constrained:
        yield from taking.make(node, PrimaryKey, table.relation, columns, **common)
        return
    for name in columns:
        yield from taking.make(node, ValuesNotNull, table.relation, name, **common)
    yield from taking.make(node, ValuesUnique, table.relation, columns, **common)


def _positioned(properties: Sequence[Node], flag: str, position: str) -> list[str]:
    """The columns that a key is of, by their positions; those that have none stand in the document's order, at last."""
    found = [each for each in properties if each.flag(flag)]
    places = [each.take(position) for each in found]
    ordered = sorted(
        range(len(found)), key=lambda one: places[one] if isinstance(places[one], int) and places[one] > 0 else 1 << 30
    )
    return [_called(found[one].content) for one in ordered]
