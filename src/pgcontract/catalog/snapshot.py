"""The only reader of the catalogs: one read-only transaction, one pipeline, and records out of rows.

Nothing that a user of the database could have planted is called: `search_path` is empty before the first query, every
name in our SQL is qualified, and no statement is made from what the database holds.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pgcontract.catalog.assemble import assemble
from pgcontract.catalog.follow_ups import parameters
from pgcontract.catalog.sql import GONE, NOUNS, query
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog

Connection = psycopg.Connection[Any]
Rows = dict[str, list[tuple[Any, ...]]]

OLDEST = 130000
"""The oldest server that is read, as `server_version_num`."""

# What a database or role may have set to make text come out otherwise than we read it.
SETTINGS = {
    "search_path": "",
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "timezone": "UTC",
    "lc_monetary": "C",
}


def read(connection: Connection) -> Catalog:
    """The catalog of the database, as one transaction sees it.

    In a transaction that is open already it reads inside a savepoint, and sees what that transaction has changed.

    Raises:
        DatabaseError: The server is older than version 13, a catalog may not be read, the schema changes all the time,
            or the transaction that is open has failed.
        psycopg.OperationalError: The connection was lost.
    """
    version = connection.info.server_version
    if version < OLDEST:
        raise DatabaseError(
            f"this server is PostgreSQL {version // 10000}; pgcontract reads 13 and later",
            hint="Upgrade the server: no older version is maintained.",
        )
    if connection.info.transaction_status == TransactionStatus.INERROR:
        raise DatabaseError("the connection is in a transaction that has failed", hint="Roll it back first.")
    try:
        with _no_garbage_collection():
            return assemble(_fetched(connection, version), host=connection.info.host)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"the catalogs may not be read by {connection.info.user}: {error.diag.message_primary}",
            hint="Connect as the database's owner, or grant what is missing.",
        ) from error


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    """A read makes hundreds of thousands of objects, and all of them stay: looking for garbage is time lost."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _GoneError(Exception):
    """Something was dropped after the transaction's snapshot was taken."""


def _fetched(connection: Connection, version: int) -> Rows:
    """The rows, read a second time if something was dropped meanwhile: definitions come from the catalogs of now."""
    try:
        return _fetch(connection, version)
    except _GoneError:
        pass
    try:
        return _fetch(connection, version)
    except _GoneError as error:
        raise DatabaseError(
            f"the schema changed while it was read: {error}", hint="Try again when migrations have ended."
        ) from error


def _fetch(connection: Connection, version: int) -> Rows:
    try:
        with _reading(connection) as opening:
            rows = _ask(connection, version, dict.fromkeys(NOUNS, ()), opening)
            rows |= _ask(connection, version, parameters(rows))
    except (psycopg.errors.InternalError_, psycopg.errors.UndefinedObject) as error:  # cache lookup failed
        raise _GoneError(error.diag.message_primary) from error
    for noun, found in rows.items():
        if GONE in chain.from_iterable(found):
            raise _GoneError(f"some of the {noun} were dropped")
    return rows


def _ask(
    connection: Connection, version: int, questions: Mapping[str, Sequence[Any]], opening: Sequence[str] = ()
) -> Rows:
    """The rows of the queries, sent at once with the statements that go before."""
    with _pipeline(connection):
        for statement in opening:
            _send(connection, statement)
        cursors = {noun: _send(connection, query(noun, version), values) for noun, values in questions.items()}
    return {noun: cursor.fetchall() for noun, cursor in cursors.items()}


def _send(connection: Connection, statement: str, values: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)  # whatever cursors the connection's owner likes
    return cursor.execute(statement.encode(), values or None, prepare=False)


@contextmanager
def _reading(connection: Connection) -> Generator[Sequence[str]]:
    """A repeatable-read, read-only transaction with our settings; a savepoint where one is open already.

    It is for the caller to send the statements that open it, with the first queries.
    """
    inside = connection.info.transaction_status == TransactionStatus.INTRANS
    autocommit = connection.autocommit
    if not inside:
        connection.autocommit = True
    begin = "savepoint pgcontract_read" if inside else "begin isolation level repeatable read read only"
    end = ("rollback to savepoint pgcontract_read", "release savepoint pgcontract_read") if inside else ("rollback",)
    try:
        yield begin, settings_statement()
    finally:
        if not connection.closed:
            for statement in end:
                connection.execute(statement, prepare=False)
            if not inside:
                connection.autocommit = autocommit


def settings_statement() -> str:
    """One statement that sets what text depends on, until the transaction ends."""
    calls = ", ".join(f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in SETTINGS.items())
    return f"select {calls}"


def _pipeline(connection: Connection) -> Any:
    """A pipeline where the client library has one, else nothing: statements then go one after another."""
    return connection.pipeline() if psycopg.Pipeline.is_supported() else nullcontext()
