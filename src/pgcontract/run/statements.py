"""Statements on a connection that may be somebody else's: nothing of ours stays behind on it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pgcontract.catalog.pooled import locally

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


def execute(
    connection: psycopg.Connection[Any], statement: str, parameters: Sequence[Any] | None = None
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement by a cursor of our own, whatever factories the connection has; it is never prepared."""
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)
    return cursor.execute(statement.encode(), parameters, prepare=False)


@contextmanager
def rolled_back(connection: psycopg.Connection[Any], savepoint: str, *, read_only: bool) -> Generator[None]:
    """A transaction that is rolled back; in one that is open already, a savepoint that is.

    A connection that is lost meanwhile needs no end: the server has rolled back.
    """
    inside = connection.info.transaction_status == TransactionStatus.INTRANS
    autocommit = connection.autocommit
    if not inside:
        connection.autocommit = True
    level = "repeatable read" if read_only else "read committed"  # what writes must not fail for what others write
    execute(connection, f"savepoint {savepoint}" if inside else f"begin isolation level {level}")
    try:
        for statement in () if inside else locally(connection):
            execute(connection, statement)
        if read_only:  # a savepoint too can be, and is no longer once it is rolled back
            execute(connection, "select pg_catalog.set_config('transaction_read_only', 'on', true)")
        yield
    finally:
        with suppress(psycopg.OperationalError):
            execute(connection, f"rollback to savepoint {savepoint}" if inside else "rollback")
            if inside:
                execute(connection, f"release savepoint {savepoint}")
            else:
                connection.autocommit = autocommit
