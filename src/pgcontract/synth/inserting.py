"""The statements by which rows go in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import children
from pgcontract.contract.session import Refused
from pgcontract.names import escaped, quote
from pgcontract.synth.convert import text_of
from pgcontract.synth.tree import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.synth.plan import Check, Plan

SWALLOWED = "pgc00"
"""Stands for a SQLSTATE where a trigger let no row in, and said nothing."""


def sent(values: Mapping[str, Any]) -> list[Any]:
    """The values as they go to the server: in text form, so that they become whatever type the column has."""
    return [text_of(value) for value in values.values()]


def insert(session: Session, relation: Relation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Insert one row and give it as stored, by column.

    Raises:
        Refused: Postgres refused it, or (`SWALLOWED`) a trigger kept it out.
    """
    names = escaped(", ".join(map(quote, relation.columns))) or "true"
    into = escaped(f"insert into {relation.name}")
    if values:
        overriding = " overriding system value" if _has_identity(relation, values) else ""
        given = escaped(", ".join(map(quote, values)))
        into = f"{into} ({given}){overriding} values ({', '.join(['%s'] * len(values))})"
    else:
        into = f"{into} default values"
    rows = session.rows(f"{into} returning {names}", sent(values))
    if not rows:
        rows = _redirected(session, relation, values)
    return dict(zip(relation.columns, rows[0], strict=False))


def _has_identity(relation: Relation, values: Mapping[str, Any]) -> bool:
    return any(relation.columns[name].identity == "ALWAYS" for name in values if name in relation.columns)


def _redirected(session: Session, relation: Relation, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The row where a trigger has put it into a child table, as partitions were made before version 10."""
    key = key_columns(relation)
    if any(children(session.catalog.inheritance, relation.name)) and key and all(name in values for name in key):
        names = ", ".join(map(quote, relation.columns))
        where = " and ".join(f"{escaped(quote(name))} = %s" for name in key)
        statement = f"select {escaped(names)} from {escaped(relation.name)} where {where}"
        if rows := session.rows(statement, [text_of(values[name]) for name in key]):
            return rows
    raise Refused("a trigger keeps the row out without saying why", SWALLOWED)


def change(session: Session, relation: Relation, key: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change columns of one row, and give the row as stored.

    Raises:
        Refused: Postgres refused it, or (`SWALLOWED`) there is no such row.
    """
    assignments = ", ".join(f"{escaped(quote(name))} = %s" for name in changes)
    names = escaped(", ".join(map(quote, relation.columns)))
    statement = f"update {escaped(relation.name)} set {assignments} where {_where(key)} returning {names}"
    rows = session.rows(statement, [*sent(changes), *sent(key)])
    if not rows:
        raise Refused("there is no such row", SWALLOWED)
    return dict(zip(relation.columns, rows[0], strict=True))


def _where(key: Mapping[str, Any]) -> str:
    return " and ".join(f"{escaped(quote(name))} = %s" for name in key)


def delete(session: Session, relation: Relation, key: Mapping[str, Any]) -> None:
    """Take a row out again.

    Raises:
        Refused: Postgres refused it.
    """
    session.rows(f"delete from {escaped(relation.name)} where {_where(key)}", sent(key))


def key_columns(relation: Relation) -> tuple[str, ...]:
    """The primary key's columns, or those of a unique constraint whose columns refuse NULL, or none."""
    if relation.primary_key is not None:
        return relation.primary_key.columns
    for constraint in relation.having("UNIQUE"):
        if all(relation.columns[name].not_null for name in constraint.columns):
            return constraint.columns
    return ()


def key_of(relation: Relation, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What tells the row from others: its key, or all of it."""
    return {name: stored[name] for name in key_columns(relation) or relation.columns}


def found(session: Session, relation: Relation, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A few rows that are there already and have these values.

    Raises:
        Refused: Postgres refused it.
    """
    names = escaped(", ".join(map(quote, relation.columns)))
    where = f" where {_where(values)}" if values else ""
    rows = session.rows(f"select {names} from {escaped(relation.name)}{where} limit 10", sent(values))
    return [dict(zip(relation.columns, row, strict=True)) for row in rows]


def passing(
    session: Session, plan: Plan, checks: Sequence[Check], rows: Sequence[Mapping[str, Any]]
) -> list[list[bool]]:
    """For each candidate, which of the checks the server finds satisfied; in one statement.

    Raises:
        Refused: An expression fails on some candidate.
    """
    names = sorted({name for check in checks for name in spoken_of(plan, check)})
    heads = map(quote, names)
    types = [plan.relation.columns[name].type for name in names]
    one = "(" + ", ".join(["%s::pg_catalog.int4", *(f"%s::{escaped(type_)}" for type_ in types)]) + ")"
    values = ", ".join([one] * len(rows))
    conditions = ", ".join(f"({escaped(_about(check))}) is not false" for check in checks)
    number = "pgcontract_number"
    source = f"(values {values}) as candidates({', '.join([number, *map(escaped, heads)])})"
    parameters = [part for at, row in enumerate(rows) for part in (at, *sent({name: row[name] for name in names}))]
    answers = session.rows(f"select {conditions} from {source} order by {number}", parameters)
    return [list(answer) for answer in answers]


def spoken_of(plan: Plan, check: Check) -> Iterable[str]:
    """The columns that a check needs; all where it is not understood."""
    if check.column is not None:
        return (check.column,)
    return columns(check.node) & set(plan.columns) if check.node is not None else plan.columns


def _about(check: Check) -> str:
    """The check's text; a domain's speaks of the column."""
    return check.text if check.column is None else _VALUE.sub(lambda _: quote(check.column or ""), check.text)


_VALUE = re.compile(r"\bVALUE\b(?=(?:[^']|'[^']*')*$)")
