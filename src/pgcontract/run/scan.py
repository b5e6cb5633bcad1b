"""All aggregates that a suite asks of one relation, in one `SELECT`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg

from pgcontract.catalog.snapshot import settings_statement
from pgcontract.contract.aggregate import Aggregate, Values
from pgcontract.run.statements import execute, rolled_back


@dataclass(frozen=True, slots=True)
class ScanError:
    """Why an expectation's aggregates could not be computed: Postgres's message, with its place in the expression."""

    message: str


class _NotAggregatesError(Exception):
    """What was asked for does not make one row of as many values."""


Asked: TypeAlias = Sequence[Aggregate]
Answer: TypeAlias = Values | ScanError


def scan(connection: psycopg.Connection[Any], relation: str, asked: Sequence[Asked]) -> list[Answer]:
    """The values of each group of aggregates on a relation, from one scan.

    Where the server refuses the scan, it is split until the groups to blame stand alone; the others get their values.
    A scan that takes too long is not tried again, and on a connection that is lost nothing is.
    """
    try:
        with _reading(connection):
            return _split(connection, relation, asked)
    except psycopg.OperationalError as error:
        lost = "the connection was lost: " if connection.closed else ""
        return [ScanError(lost + _message(error))] * len(asked)


def _split(connection: psycopg.Connection[Any], relation: str, asked: Sequence[Asked]) -> list[Answer]:
    try:
        values = _select(connection, relation, dict.fromkeys(aggregate for group in asked for aggregate in group))
    except psycopg.OperationalError:
        raise
    except (psycopg.Error, _NotAggregatesError) as error:
        if len(asked) == 1:
            return [ScanError(_message(error))]
        half = len(asked) // 2
        return [*_split(connection, relation, asked[:half]), *_split(connection, relation, asked[half:])]
    return [{aggregate: values[aggregate] for aggregate in group} for group in asked]


def _select(
    connection: psycopg.Connection[Any], relation: str, aggregates: Iterable[Aggregate]
) -> Mapping[Aggregate, Any]:
    wanted = list(aggregates)
    if not wanted:
        return {}
    items = "\n, ".join(aggregate.sql for aggregate in wanted)
    execute(connection, "savepoint pgcontract_scan")
    try:
        rows = execute(connection, f"select {items}\nfrom {relation} limit 2").fetchall()
    finally:
        if not connection.closed:
            execute(connection, "rollback to savepoint pgcontract_scan")
    if len(rows) != 1 or len(rows[0]) != len(wanted):
        raise _NotAggregatesError(f"not aggregates: {', '.join(aggregate.expression for aggregate in wanted)}")
    return dict(zip(wanted, rows[0], strict=True))


def _message(error: psycopg.Error | _NotAggregatesError) -> str:
    if isinstance(error, _NotAggregatesError):
        return str(error)
    position = error.diag.statement_position
    place = f" (at character {position} of the scan)" if position else ""
    message = error.diag.message_primary or (str(error).strip().splitlines() or [type(error).__name__])[0]
    return message + place


@contextmanager
def _reading(connection: psycopg.Connection[Any]) -> Generator[None]:
    """Where a policy would hide rows from whoever is connected, the server refuses: hidden rows are not judged fine."""
    with rolled_back(connection, "pgcontract_scans", read_only=True):
        execute(connection, settings_statement())
        execute(connection, "select pg_catalog.set_config('row_security', 'off', true)")
        yield
