"""Indexes: their keys and expressions, operator classes, predicate, method, and what is stored beside the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, text
from sqlalchemy.sql.elements import ColumnClause

from pgcontract.expectations.indexes import IndexPresent
from pgcontract.integrations.sqlalchemy.constraints import included
from pgcontract.integrations.sqlalchemy.ddl import plain, translating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Index, Table

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl


def ordered(ddl: Ddl, table: Table) -> list[Index]:
    """The indexes that Postgres has, by name."""
    return sorted((each for each in table.indexes if ddl.created(each)), key=lambda each: str(each.name))


def indexes(ddl: Ddl, table: Table) -> Iterator[Expectation]:
    """Each index.

    Raises:
        ContractError: One cannot be compiled.
    """
    for index in ordered(ddl, table):
        with translating(f"index {index.name} of {table.fullname}"):
            yield _index(ddl, ddl.canonical(table), index)


def _index(ddl: Ddl, table: str, index: Index) -> Expectation:
    options = index.dialect_options["postgresql"]
    where = options["where"]
    return IndexPresent(
        table,
        [_key(ddl, expression, options["ops"]) for expression in index.expressions],
        name=ddl.name(index),
        unique=bool(index.unique),
        method=(options["using"] or "btree").lower(),
        where=None if where is None else ddl.expression(text(where) if isinstance(where, str) else where),
        include=included(index),
        nulls_not_distinct=bool(options.get("nulls_not_distinct")) if index.unique else None,
        parameters=parameters(options["with"]) or None,
    )


def _key(ddl: Ddl, expression: Any, classes: dict[str, str]) -> str:
    """A key as `CREATE INDEX` has it: a column by its name, an expression between brackets where it needs them."""
    operators = classes.get(getattr(expression, "key", None) or "")
    if operators is None and isinstance(expression, Column):
        return plain(expression.name)
    said = ddl.expression(expression if isinstance(expression, ColumnClause) else expression.self_group())
    return said if operators is None else f"{said} {operators}"


def parameters(said: dict[str, Any]) -> list[str]:
    """Storage parameters as the catalogs have them: `fillfactor=70`."""
    return [f"{name}={str(value).lower()}" for name, value in sorted(said.items())]
