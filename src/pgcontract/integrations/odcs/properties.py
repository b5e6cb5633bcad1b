"""A property of an object: a column, what it is declared as, and what its values are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.columns import ColumnExists, ColumnNotNull, ColumnType
from pgcontract.expectations.constraints import UniqueConstraint
from pgcontract.expectations.rows import RowsSatisfy
from pgcontract.expectations.value_lengths import ValueLengths
from pgcontract.expectations.values_between import ValuesBetween
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.expectations.values_not_null import ValuesNotNull
from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.integrations.odcs.document import keys, model
from pgcontract.integrations.odcs.options import BOUNDS, ITEMS, LENGTHS
from pgcontract.integrations.odcs.quality import rules
from pgcontract.integrations.odcs.relationships import of_column
from pgcontract.integrations.standards.node import words
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.tables import Table
    from pgcontract.integrations.odcs.taking import Taking
    from pgcontract.integrations.standards.node import Node

_SERIAL = {
    **dict.fromkeys(("serial", "serial4"), "integer"),
    **dict.fromkeys(("bigserial", "serial8"), "bigint"),
    **dict.fromkeys(("smallserial", "serial2"), "smallint"),
}
_SILENT = ("id", "name", "physicalName", "logicalType", "semanticType", "primaryKeyPosition", "partitionKeyPosition")
_NESTED = {
    "properties": "what is inside of a column",
    "items": "the items of a column",
    "map": "the keys and values of a column",
}
_FORMATS = {"uuid": {"uuid"}, "binary": {"bytea"}, "byte": {"bytea"}}
_SIGNED = {
    "smallint": {"i16"},
    "int2": {"i16"},
    "integer": {"i32"},
    "int": {"i32"},
    "int4": {"i32"},
    "bigint": {"i64"},
    "int8": {"i64"},
    "real": {"f32"},
    "float4": {"f32"},
    "double precision": {"f64"},
    "float8": {"f64"},
}


def column(node: Node, name: str, table: Table, tags: frozenset[str], taking: Taking) -> Iterator[Expectation]:
    """What a property expects of its column."""
    taking.own(node)
    tags |= frozenset(node.texts("tags"))
    common: dict[str, Any] = {"tags": tags} if tags else {}
    place = (table.relation, name)
    type_ = node.text("physicalType")
    yield from taking.make(node, ColumnExists, *place, **common)
    if type_:
        type_ = _SERIAL.get(type_.lower(), type_)
        yield from taking.make(node, ColumnType, *place, type_, **common)
    elif node.text("logicalType") in {"object", "array", "map"} or "logicalType" in node:
        node.unchecked(f"no physicalType says which type of Postgres {node.content['logicalType']} is", "logicalType")
    if node.flag("required"):
        yield from taking.make(node, ColumnNotNull if table.constrained else ValuesNotNull, *place, **common)
    if node.flag("unique"):
        yield from taking.make(node, UniqueConstraint if table.constrained else ValuesUnique, *place, **common)
    yield from of_column(node, table, name, common, taking)
    yield from _values(node, place, type_, common, taking)
    nodes = node.nodes("quality", keys(model().DataQuality))
    yield from rules(nodes, table, name, tags, taking)
    node.left(_NESTED, silent=_SILENT)


def _values(
    node: Node, place: tuple[str, str], type_: str | None, common: dict[str, Any], taking: Taking
) -> Iterator[Expectation]:
    """What `enum` and `logicalTypeOptions` say of the values."""
    listed = [each.take("value") for each in node.nodes("enum")]
    if listed:
        yield from taking.make(node, ValuesInSet, *place, listed, **common)
    options = node.mapping("logicalTypeOptions")
    lengths = _taken(options, LENGTHS) or _taken(options, ITEMS)
    if lengths:
        yield from taking.make(options, ValueLengths, *place, **lengths, **common)
    bounds = _taken(options, BOUNDS)
    if bounds:
        yield from taking.make(options, ValuesBetween, *place, **bounds, **common)
    if pattern := options.text("pattern"):
        yield from taking.make(options, ValuesMatch, *place, regex=pattern, **common)
    multiple = options.take("multipleOf")
    if multiple is not None:
        yield from taking.make(options, RowsSatisfy, place[0], f"{quote(place[1])} % {multiple} = 0", **common)
    if _said_by_type(options.content.get("format"), type_) or node.content.get("logicalType") in {"date", "timestamp"}:
        options.take("format")
    options.take("defaultTimezone")
    if str(type_).lower() in {"timestamptz", "timestamp with time zone"} and options.content.get("timezone") is True:
        options.take("timezone")
    for key, value in options.content.items():
        if key in options.remaining:
            options.unchecked(f"{key} of {place[0]}.{quote(place[1])} is {words(value)}", key)


def _said_by_type(format_: Any, type_: str | None) -> bool:
    """Whether a column of the type can hold nothing of another format."""
    known = str(type_).lower()
    return known in _FORMATS.get(str(format_), ()) or str(format_) in _SIGNED.get(known, ())


def _taken(node: Node, names: Mapping[str, str]) -> dict[str, Any]:
    """The fields that are given, by the names of the keys."""
    return {field: node.take(key) for key, field in names.items() if key in node}
