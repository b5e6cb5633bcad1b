"""Expectations as items of a contract file's list: mappings, lists and scalars, without what is so by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pgcontract.contract.fields import Named
from pgcontract.contract.said import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite


def content(suite: Suite) -> dict[str, Any]:
    """The suite as mappings, lists and scalars: every expectation in the list, in the suite's order."""
    return {**header(suite), "expectations": [item(expectation) for expectation in suite]}


def header(suite: Suite) -> dict[str, Any]:
    """What a contract file says beside expectations."""
    named = {"suite": suite.name} | ({} if suite.schema == "public" else {"schema": suite.schema})
    ignores = {"ignore": [ignore.content() for ignore in suite.ignores]} if suite.ignores else {}
    principals = {"principals": [each.content() for each in suite.principals]} if suite.principals else {}
    role = {"rows_as": suite.rows_as} if suite.rows_as is not None else {}
    return {**named, **role, **ignores, **principals}


def item(expectation: Expectation, schema: str | None = None) -> dict[str, Any]:
    """One item of the list: `{Kind: value}` where the first field says it all, else `{Kind: {field: value}}`.

    Where a schema of bare names is given, names in it are written without it.
    """
    fields = dumped(expectation)
    if schema is not None:
        fields = shortened(type(expectation), fields, schema)
    first = expectation.positional()[:1]
    if len(fields) == 1 and tuple(fields) == first and isinstance(fields[first[0]], str):
        return {expectation.kind: fields[first[0]]}
    return {expectation.kind: fields}


def dumped(expectation: Expectation) -> dict[str, Any]:
    """The fields that are not as by default, as JSON has them; those that may be given by position first."""
    values = expectation.model_dump(mode="json", exclude_defaults=True)
    fields = {name: values[name] for name in (*expectation.own(), *values) if name in values}
    if "tags" in fields:
        fields["tags"].sort()  # a set has no order, but a file should not change by chance
    return fields


def shortened(cls: type[Expectation], fields: dict[str, Any], schema: str) -> dict[str, Any]:
    """The fields with the names of relations, functions and types in them written without the schema of bare names."""
    if cls not in _NAMING:
        _NAMING[cls] = _naming(cls)
    naming = _NAMING[cls]
    return {name: _bare(value, schema) if name in naming else value for name, value in fields.items()}


_NAMING: dict[type, frozenset[str]] = {}


def _naming(cls: type[Expectation]) -> frozenset[str]:
    """The fields that name an object of a schema, or several; where `in_schema` says which schema, none."""
    if "in_schema" in cls.model_fields:
        return frozenset()
    fields = cls.model_fields.items()
    return frozenset(name for name, field in fields if any(_names([field.annotation, *field.metadata])))


def _names(annotations: Any) -> Iterator[bool]:
    for each in annotations:
        if isinstance(each, Named):
            yield True
        yield from _names((*get_args(each), *getattr(each, "__metadata__", ())))


def _bare(value: Any, schema: str) -> Any:
    if isinstance(value, list):
        return [_bare(each, schema) for each in value]
    return bare(value, schema) if isinstance(value, str) else value
