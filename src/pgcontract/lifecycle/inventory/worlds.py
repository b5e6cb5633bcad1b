"""The closed worlds of each schema: what is named in it is all that there may be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.foreign_tables import ForeignTablesAre
from pgcontract.expectations.operators import OperatorsAre
from pgcontract.expectations.tables import TablesAre
from pgcontract.expectations.views import MaterializedViewsAre, ViewsAre
from pgcontract.lifecycle.inventory.frame import Source, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.expectation import Expectation

_RELATIONS: dict[str, Callable[..., Expectation]] = {
    "table": TablesAre,
    "view": ViewsAre,
    "materialized view": MaterializedViewsAre,
    "foreign table": ForeignTablesAre,
}
# Nouns of a schema, the field of a catalog that has them, and which of the records count.
_OTHERS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "sequence": ("sequences", lambda one: getattr(one, "owned_by", None) is None),
    "routine": ("functions", lambda one: not getattr(one, "of_a_range", False)),
    "type": ("types", lambda one: getattr(one, "kind", "") not in {"multirange", "shell"}),
    "collation": ("collations", lambda _: True),
    "operator class": ("operator_classes", lambda _: True),
    "statistics": ("statistics", lambda _: True),
    "text search dictionary": ("text_search_dictionaries", lambda _: True),
    "text search configuration": ("text_search_configurations", lambda _: True),
}


def worlds(source: Source) -> Iterator[Expectation]:
    """What there is in each schema, and nothing else; left out where the scope leaves out something of it by name."""
    if source.scope.only or source.scope.exclude:
        return
    for schema in source.records("schemas"):
        for noun in _RELATIONS:
            yield from readable(partial(_relations, source, schema.name, noun))
        if source.level == "full":
            for noun in _OTHERS:
                yield from readable(partial(_others, source, schema.name, noun))
            yield from readable(partial(_operators, source, schema.name))


def _relations(source: Source, schema: str, noun: str) -> Iterator[Expectation]:
    there = [one for one in source.catalog.in_schema(schema) if _is(one.kind, noun)]
    names = [one.name for one in there if _counts(source, one) and not one.is_partition]
    if all(_counts(source, one) or one.extension is not None for one in there):
        yield _RELATIONS[noun](names, in_schema=schema)


def _is(kind: str, noun: str) -> bool:
    return kind == noun or (noun == "table" and kind == "partitioned table")


def _counts(source: Source, record: object) -> bool:
    return source.scope.holds(source.catalog, record)


def _others(source: Source, schema: str, noun: str) -> Iterator[Expectation]:
    field, counts = _OTHERS[noun]
    records = [one for _, one in sorted(getattr(source.catalog, field).items()) if schema_of(one.name) == schema]
    there = [one for one in records if counts(one) and getattr(one, "extension", None) is None]
    held = [one for one in there if _counts(source, one)]
    names = dict.fromkeys(one.signature if noun == "routine" else one.name for one in held)
    beside = dict.fromkeys(one.signature if noun == "routine" else one.name for one in there if one not in held)
    yield ObjectsAre(noun, list(names), in_schema=schema, beside=list(beside))


def _operators(source: Source, schema: str) -> Iterator[Expectation]:
    records = source.catalog.operators.items()
    held = [name for name, one in sorted(records) if schema_of(one.name) == schema and _counts(source, one)]
    yield OperatorsAre(held, in_schema=schema)
