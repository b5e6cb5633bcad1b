"""A history in a Postgres: a row a run in `pgcontract.runs`, made when the first run is kept.

The role needs `CREATE` on the database for that first time only; afterwards `INSERT` and `SELECT` on the table, and
`DELETE` where runs are cleared away.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.errors import DatabaseError, PgContractError, without_password
from pgcontract.lifecycle.history.follow import key_of
from pgcontract.lifecycle.history.past import told
from pgcontract.lifecycle.history.story import Left
from pgcontract.report.json import load, render
from pgcontract.run.target import connected
from pgcontract.verdict import MOST_PAST

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import LiteralString

    from pgcontract.lifecycle.history.store import Keep
    from pgcontract.lifecycle.history.story import Key
    from pgcontract.verdict import Past, Report

    Connection = psycopg.Connection[Any]

_SCHEMA = "create schema pgcontract"
_MAKE = """
create table pgcontract.runs (
  id bigint generated always as identity primary key,
  suite text not null,
  database text not null,
  host text not null,
  started_at timestamptz not null,
  passed boolean not null,
  report jsonb not null
);
create index on pgcontract.runs (suite, database, host, started_at desc);
comment on table pgcontract.runs is 'The history of pgcontract: a row a run, reports as pgcontract.report/1.';
"""
_RIGHTS = "It takes usage on the schema pgcontract, and insert and select on its table runs; delete to clear it."
_LOCK = 0x7067636F6E747261  # "pgcontra": two first runs at once make one table
# Not by to_regclass, which may remember from before the lock that there is none.
_PLACE = "select exists (select from pg_catalog.pg_namespace where nspname = 'pgcontract')"
_MADE = """
select exists (
  select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'pgcontract' and c.relname = 'runs'
)
"""
_ADD = """
insert into pgcontract.runs (suite, database, host, started_at, passed, report)
values (%s, %s, %s, %s, %s, %s::pg_catalog.jsonb)
"""
_BEFORE = """
select id, report::text from pgcontract.runs
where suite = %s and database = %s and host = %s order by started_at desc, id desc
"""
# Only what a run says of itself: its outcomes may be many.
_PAST = """
select (report - 'outcomes' - 'past')::text from pgcontract.runs
where suite = %s and database = %s and host = %s and started_at < %s order by started_at desc, id desc limit %s
"""
_RUNS = """
select id, report::text
from (
  select id, report, started_at,
    row_number() over (partition by suite, database, host order by started_at desc, id desc) as place
  from pgcontract.runs
) as run
where place <= %s or %s order by started_at, id
"""
_PRUNE = """
delete from pgcontract.runs as run using (
  select id, started_at,
    row_number() over (partition by suite, database, host order by started_at desc, id desc) as place
  from pgcontract.runs where %(all)s or (suite, database, host) = (%(suite)s, %(database)s, %(host)s)
) as placed
where run.id = placed.id
  and (place > %(newest)s::int or placed.started_at < pg_catalog.now() - %(age)s::interval)
"""
# jsonb holds no NUL; nothing that Postgres says has one, but an expectation of somebody's own may.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class Table:
    """Keeps runs in a Postgres."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = without_password(url)

    def add(self, report: Report) -> None:
        """Insert a row; make the table if there is none."""
        key = key_of(report)
        text = _NUL.sub(r"\1\\\\u0000", render(report))
        with self._open() as connection, connection.transaction():
            if not _is(connection, _MADE):
                self._make(connection)
            values = (key.suite, key.database, key.host, report.started_at, report.passed, text)
            connection.execute(_ADD, values)

    def before(self, report: Report) -> Iterator[Report | Left]:
        """A row at a time."""
        key = key_of(report)
        with self._open() as connection, connection.transaction():
            if _is(connection, _MADE):
                yield from _reports(connection, _BEFORE, (key.suite, key.database, key.host))

    def past(self, report: Report) -> Iterator[Past]:
        """All at once, for they are brief."""
        key = key_of(report)
        values = (key.suite, key.database, key.host, report.started_at, MOST_PAST)
        with self._open() as connection, connection.transaction():
            found = connection.execute(_PAST, values).fetchall() if _is(connection, _MADE) else []
        yield from (run for (text,) in found if (run := told(text)) is not None)

    def runs(self, last: int | None = None) -> Iterator[Report | Left]:
        """A row at a time."""
        with self._open() as connection, connection.transaction():
            if not _is(connection, _MADE):
                raise DatabaseError(
                    f"there is no history in {self.name}", hint="pgcontract verify … --history URL makes one."
                )
            yield from _reports(connection, _RUNS, (last, last is None))

    def prune(self, keep: Keep, key: Key | None = None) -> int:
        """Rows; the table itself stays."""
        which: dict[str, Any] = {"all": key is None, "suite": None, "database": None, "host": None}
        if key is not None:
            which |= asdict(key)
        with self._open() as connection, connection.transaction():
            if not _is(connection, _MADE):
                return 0
            return connection.execute(_PRUNE, {**which, "newest": keep.newest, "age": keep.age}).rowcount

    @contextmanager
    def _open(self) -> Generator[Connection]:
        """A connection, and what the server refuses in one line."""
        try:
            with connected(self._url) as connection:
                yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise PgContractError(f"{self.name}: {_line(error)}", hint=_RIGHTS) from None
        except (psycopg.errors.UndefinedColumn, psycopg.errors.WrongObjectType, psycopg.errors.DatatypeMismatch):
            raise PgContractError(f"{self.name}: pgcontract.runs is no history of pgcontract") from None
        except psycopg.Error as error:
            raise DatabaseError(f"{self.name}: {_line(error)}") from None

    def _make(self, connection: Connection) -> None:
        connection.execute("select pg_catalog.pg_advisory_xact_lock(%s)", (_LOCK,))
        if _is(connection, _MADE):
            return
        try:
            with connection.transaction():
                if not _is(connection, _PLACE):  # it may have been made for a role that may make no schema
                    connection.execute(_SCHEMA)
                connection.execute(_MAKE)
        except psycopg.errors.InsufficientPrivilege:
            user, database = connection.info.user, connection.info.dbname
            raise PgContractError(
                f"{self.name}: the role {user} may not make the schema pgcontract in the database {database}",
                hint=f"Let somebody who may run it once, or: grant create on database {database} to {user};",
            ) from None


def _is(connection: Connection, question: LiteralString) -> bool:
    row = connection.execute(question).fetchone()
    return row is not None and bool(row[0])


def _reports(connection: Connection, query: str, values: tuple[object, ...]) -> Iterator[Report | Left]:
    with connection.cursor("pgcontract_runs") as cursor:
        cursor.itersize = 1  # a report may be large
        cursor.execute(query.encode(), values)
        for number, text in cursor:
            try:
                yield load(text)
            except PgContractError as error:
                yield Left(f"row {number}", str(error))


def _line(error: psycopg.Error) -> str:
    return without_password(str(error).strip().splitlines()[0])
