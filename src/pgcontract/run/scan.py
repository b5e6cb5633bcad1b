"""All aggregates that a suite asks of one relation, in one `SELECT`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pgcontract.catalog.snapshot import settings_statement
from pgcontract.contract.aggregate import Aggregate, Values


@dataclass(frozen=True, slots=True)
class ScanError:
    """Why an expectation's aggregates could not be computed: Postgres's message, with its place in the expression."""

    message: str


Asked: TypeAlias = Sequence[Aggregate]
Answer: TypeAlias = Values | ScanError


def scan(connection: psycopg.Connection[Any], relation: str, asked: Sequence[Asked]) -> list[Answer]:
    """The values of each group of aggregates on a relation, from one scan.

    Where the server refuses the scan, it is split until the groups to blame stand alone; the others get their values.
    """
    with _reading(connection):
        return _split(connection, relation, asked)


def _split(connection: psycopg.Connection[Any], relation: str, asked: Sequence[Asked]) -> list[Answer]:
    try:
        values = _select(connection, relation, dict.fromkeys(aggregate for group in asked for aggregate in group))
    except psycopg.Error as error:
        if connection.closed:
            raise
        if len(asked) == 1:
            return [ScanError(_message(error))]
        half = len(asked) // 2
        return [*_split(connection, relation, asked[:half]), *_split(connection, relation, asked[half:])]
    return [{aggregate: values[aggregate] for aggregate in group} for group in asked]


def _select(
    connection: psycopg.Connection[Any], relation: str, aggregates: Iterable[Aggregate]
) -> Mapping[Aggregate, Any]:
    wanted = list(aggregates)
    statement = f"select {', '.join(aggregate.sql for aggregate in wanted)} from {relation}"
    connection.execute("savepoint pgcontract_scan")
    try:
        cursor = connection.cursor(row_factory=tuple_row)
        (row,) = cursor.execute(statement.encode(), prepare=False).fetchall()
    finally:
        if not connection.closed:
            connection.execute("rollback to savepoint pgcontract_scan")
    return dict(zip(wanted, row, strict=True))


def _message(error: psycopg.Error) -> str:
    position = error.diag.statement_position
    place = f" (at character {position} of the scan)" if position else ""
    return (error.diag.message_primary or str(error)) + place


@contextmanager
def _reading(connection: psycopg.Connection[Any]) -> Generator[None]:
    inside = connection.info.transaction_status == TransactionStatus.INTRANS
    autocommit = connection.autocommit
    if not inside:
        connection.autocommit = True
    connection.execute("savepoint pgcontract_scans" if inside else "begin isolation level repeatable read read only")
    try:
        connection.execute(settings_statement().encode())
        yield
    finally:
        if not connection.closed:
            connection.execute("rollback to savepoint pgcontract_scans" if inside else "rollback")
            if not inside:
                connection.autocommit = autocommit
