"""The only reader of the catalogs: one read-only transaction, one pipeline, and records out of rows.

Nothing that a user of the database could have planted is called: `search_path` is empty before the first query, every
name in our SQL is qualified, and no statement is made from what the database holds.
"""

from __future__ import annotations

from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
from psycopg.pq import TransactionStatus

from pgcontract.catalog.alike import Alike
from pgcontract.catalog.assemble import Relations, assemble
from pgcontract.catalog.follow_ups import parameters
from pgcontract.catalog.lookups import Lookups
from pgcontract.catalog.pooled import locally
from pgcontract.catalog.sql import FIRST, GONE, MEANWHILE, NOUNS, OF_RELATIONS, query
from pgcontract.catalog.stream import Stream
from pgcontract.catalog.unreadable import ESSENTIAL, left_out, refused, without
from pgcontract.errors import DatabaseError
from pgcontract.making import many

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog

    Meanwhile: TypeAlias = Callable[[Catalog], object]

Connection = psycopg.Connection[Any]
Row = tuple[Any, ...]

Unread = frozenset[str]
"""What is left out, because the role may not read it: queries, and what queries say beside their own matter."""

OLDEST = 130000
"""The oldest server that is read, as `server_version_num`."""

# What a database or role may have set to make text come out otherwise than we read it.
SETTINGS = {
    "search_path": "",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "timezone": "UTC",
    "lc_monetary": "C",
    "jit": "off",  # many subqueries pass for much work: to compile them takes seconds, and to run them none
}


def read(connection: Connection, meanwhile: Meanwhile = lambda _: None) -> Catalog:
    """The catalog of the database, as one transaction sees it.

    In a transaction that is open already it reads inside a savepoint, and sees what that transaction has changed.

    Args:
        connection: Where.
        meanwhile: Called with the catalog while the server still reads for it what is seldom looked at; what is looked
            at is waited for. Should it have to be read anew, this is called again: the last time with what is given
            back.

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
        with many():
            return _permitted(connection, version, meanwhile)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"the catalogs may not be read by {connection.info.user}: {error.diag.message_primary}",
            hint="Connect as the database's owner, or grant what is missing.",
        ) from error


def _permitted(connection: Connection, version: int, meanwhile: Meanwhile) -> Catalog:
    """The catalog, or as much of it as the role may read: who looks at the rest is told which privilege is missing."""
    try:
        return _fetched(connection, version, meanwhile)
    except psycopg.errors.InsufficientPrivilege:
        with _transaction(connection) as (begin, end):
            missing = refused(connection, version, begin, end)
        if not missing or ESSENTIAL in missing:
            raise
    catalog = without(_fetched(connection, version, unread=left_out(missing)), missing)
    meanwhile(catalog)
    return catalog


class _GoneError(Exception):
    """Something was dropped after the transaction's snapshot was taken."""


def _fetched(
    connection: Connection, version: int, meanwhile: Meanwhile = lambda _: None, unread: Unread = frozenset()
) -> Catalog:
    """The catalog, read a second time if something was dropped meanwhile: definitions come from the catalogs of now."""
    try:
        return _fetch(connection, version, meanwhile, unread)
    except _GoneError:
        pass
    try:
        return _fetch(connection, version, meanwhile, unread, shared=False)
    except _GoneError as error:
        raise DatabaseError(
            f"the schema changed while it was read: {error}", hint="Try again when migrations have ended."
        ) from error


def _fetch(
    connection: Connection,
    version: int,
    meanwhile: Meanwhile = lambda _: None,
    unread: Unread = frozenset(),
    *,
    shared: bool = True,
) -> Catalog:
    try:
        with _transaction(connection) as (begin, end), Stream(connection) as stream:
            rows = _Rows(stream, version, unread)
            catalog, policies = _asked(rows, stream, begin, end, shared=shared)
            meanwhile(catalog)
            rows.complete()
            if policies.are_renamed(rows["policy_expressions"]):
                raise _GoneError("a column was renamed")
            return catalog
    except (psycopg.errors.InternalError_, psycopg.errors.UndefinedObject) as error:  # cache lookup failed
        raise _GoneError(error.diag.message_primary) from error


def _asked(
    rows: _Rows, stream: Stream, begin: Sequence[str], end: Sequence[str], *, shared: bool
) -> tuple[Catalog, Alike]:
    """Everything that is asked is on its way before the first answer that it needs not is waited for.

    The client waits twice: for what tells what else to ask, and for the rest. Whether policies that are alike share
    their deparsed text is for the caller to say.
    """
    known = Lookups(rows)
    for statement in begin:
        stream.send(statement)
    try:
        rows.ask(dict.fromkeys(FIRST, ()))
        stream.flush()
        rows.ask(dict.fromkeys(MEANWHILE, ()))
        relations = Relations(rows, known)
        records = relations.records()
        columns = known.grouped("columns")
        policies = Alike(rows["policies"], columns, shared=shared and bool(columns))
        rows["policies"] = policies.rows
        rows.ask(parameters(rows, columns, policies.chosen))
        rows.ask({noun: () for noun in NOUNS if noun not in rows.asked})
    finally:
        for statement in end:
            stream.send(statement)
        stream.synchronise()
    return assemble(rows, relations, records, host=stream.connection.info.host), policies


class _Rows(dict[str, "list[Row]"]):
    """The rows by noun. They are waited for when they are looked at."""

    def __init__(self, stream: Stream, version: int, unread: Unread) -> None:
        super().__init__((noun, []) for noun in unread)
        self._stream = stream
        self._version = version
        self._unread = unread
        self.asked: dict[str, int] = {}

    def ask(self, questions: Mapping[str, Sequence[str]]) -> None:
        """Send the queries of the nouns, with their parameters."""
        for noun, values in questions.items():
            if noun not in self:
                self.asked[noun] = self._stream.send(query(noun, self._version, self._unread), values, again=True)

    def complete(self) -> None:
        """Wait for what nobody has looked at yet: the records that are made later will."""
        for noun in self.asked:
            self[noun]
        del self._stream  # a catalog keeps its rows, and must not keep the connection

    def __missing__(self, noun: str) -> list[Row]:
        number = self.asked[noun]
        texts = self._stream.texts(number) if GONE in query(noun, self._version) else ()
        found = self[noun] = self._stream.rows(number)
        if any(GONE in map(itemgetter(place), found) for place in texts) and self._are_missed(noun, found):
            raise _GoneError(f"some of the {noun} were dropped")
        return found

    def _are_missed(self, noun: str, found: Sequence[Row]) -> bool:
        """Whether what was dropped is to be read at all: other sessions make and drop temporary tables all the time."""
        gone = {row[0] for row in found if GONE in row}
        return noun not in OF_RELATIONS or any(row[0] in gone for row in self["relations"])


@contextmanager
def _transaction(connection: Connection) -> Generator[tuple[Sequence[str], Sequence[str]]]:
    """What begins and ends a repeatable-read, read-only transaction with our settings; a savepoint in an open one.

    It is for the caller to send them, with the queries; after an error it is ended here.
    """
    inside = connection.info.transaction_status == TransactionStatus.INTRANS
    autocommit = connection.autocommit
    if not inside:
        connection.autocommit = True
    begin = "savepoint pgcontract_read" if inside else "begin isolation level repeatable read read only"
    end = ("rollback to savepoint pgcontract_read", "release savepoint pgcontract_read") if inside else ("rollback",)
    try:
        yield (begin, *(() if inside else locally(connection)), settings_statement()), end
    finally:
        if connection.info.transaction_status == TransactionStatus.INERROR:
            for statement in end:
                connection.execute(statement, prepare=False)
        if not inside and not connection.closed:
            connection.autocommit = autocommit


def settings_statement() -> str:
    """One statement that sets what text depends on, until the transaction ends."""
    calls = ", ".join(f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in SETTINGS.items())
    return f"select {calls}"
