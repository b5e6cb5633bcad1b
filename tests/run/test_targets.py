"""What may be verified, and that it is left as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy
from psycopg.rows import dict_row

from pgcontract import (
    CheckConstraint,
    ColumnType,
    DatabaseError,
    FunctionCallable,
    RlsBlocksAnon,
    RowCount,
    Suite,
    TableExists,
    Timeouts,
    ValuesNotNull,
    snapshot,
    verify,
)
from pgcontract.run.statements import rolled_back
from pgcontract.run.target import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

Connection = psycopg.Connection[Any]

SUITE = Suite(
    "targets",
    [
        TableExists("users"),
        ColumnType("users", "id", "int"),
        CheckConstraint("users", "id > 0"),
        FunctionCallable("hit()"),
        FunctionCallable("calm()", claims={"sub": "x"}),
        RlsBlocksAnon("users", role="pg_monitor"),
        RowCount("users", exactly=3),
        ValuesNotNull("users", "email"),
    ],
)
EXPECTED = ["passed", "passed", "failed", "passed", "passed", "passed", "passed", "failed"]


def statuses(target: Any) -> list[str]:
    return [outcome.status for outcome in verify(SUITE, target, probes="rollback").outcomes]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_urls(url: str, scheme: str) -> None:
    assert statuses(url.replace("postgresql", scheme, 1)) == EXPECTED


def test_connection_strings(url: str) -> None:
    with psycopg.connect(url) as connection:
        info = connection.info
        assert statuses(f"host={info.host} port={info.port} dbname={info.dbname} user={info.user}") == EXPECTED


def test_sqlalchemy(url: str) -> None:
    engine = sqlalchemy.create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    assert statuses(engine) == EXPECTED
    with engine.connect() as connection:
        assert statuses(connection) == EXPECTED
        connection.execute(sqlalchemy.text("alter table users add check (id > 0)"))
        assert statuses(connection)[2] == "passed"
        assert connection.in_transaction()
        connection.execute(sqlalchemy.text("select 1"))
    assert statuses(engine) == EXPECTED
    engine.dispose()


class Closed(psycopg.RawCursor[Any]):
    """A cursor whose placeholders are not psycopg's usual ones."""


KINDS: dict[str, Callable[[str], Connection]] = {
    "plain": psycopg.connect,
    "autocommit": lambda url: psycopg.connect(url, autocommit=True),
    "dict_row": lambda url: psycopg.connect(url, row_factory=dict_row),
    "raw cursor": lambda url: psycopg.connect(url, cursor_factory=Closed),
    "client cursor": lambda url: psycopg.connect(url, cursor_factory=psycopg.ClientCursor),
    "prepares all": lambda url: psycopg.connect(url, prepare_threshold=0),
    "read committed, read only": lambda url: psycopg.connect(url, options="-c default_transaction_read_only=on"),
}
SETTINGS = """
    select array_agg(name || '=' || setting order by name) as seen from pg_catalog.pg_settings
    where source = 'session' or name in ('role', 'search_path', 'transaction_isolation', 'transaction_read_only')
"""
PREPARED = "select array_agg(statement) as seen from pg_catalog.pg_prepared_statements"
LEFT = """
    select (select array_agg(h order by id) from hits h) as hits, (select last_value from hits_id_seq) as hit,
        (select array_agg(u order by id) from users u) as users, (select last_value from users_id_seq) as seq,
        (select count(*) from pg_catalog.pg_class) as relations, (select count(*) from pg_catalog.pg_proc) as functions
"""


def seen(connection: Connection, query: str) -> Any:
    cursor = psycopg.Cursor(connection, row_factory=dict_row)
    return cursor.execute(query.encode(), prepare=False).fetchone()


@pytest.mark.parametrize("inside", [False, True], ids=["idle", "in a transaction"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_is_left_as_it_was(url: str, kind: str, *, inside: bool) -> None:
    with KINDS[kind](url) as connection:
        for setting in ("search_path = pg_catalog, public", "work_mem = '5MB'"):
            psycopg.Cursor(connection).execute(f"set {setting}".encode(), prepare=False)
        if not inside and not connection.autocommit:
            connection.commit()
        elif inside and connection.autocommit:
            psycopg.Cursor(connection).execute("begin", prepare=False)
        before = connection.autocommit, connection.info.transaction_status, connection.row_factory
        stated = seen(connection, SETTINGS), seen(connection, PREPARED)
        if not inside:
            connection.rollback()
        found = statuses(connection)
        assert found == EXPECTED or "read only" in kind
        assert (connection.autocommit, connection.info.transaction_status, connection.row_factory) == before
        assert (seen(connection, SETTINGS), seen(connection, PREPARED)) == stated


def test_through_a_pooler_nothing_is_set_for_the_session(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Connection:  # as pgbouncer does
        raise psycopg.OperationalError("unsupported startup parameter: options")

    ours = {"search_path=", "statement_timeout=41000", "lock_timeout=1000"}
    monkeypatch.setattr(psycopg, "connect", refuse)
    with connected(url, Timeouts(statement=41, lock=1)) as connection:
        before = seen(connection, SETTINGS)
        assert ours.isdisjoint(before["seen"])
        assert statuses(connection) == EXPECTED
        assert seen(connection, SETTINGS) == before
        for transaction in (rolled_back(connection, "x", read_only=True), connection.transaction()):
            with transaction:
                assert ours <= {*seen(connection, SETTINGS)["seen"]}
        assert seen(connection, SETTINGS) == before


def test_uncommitted_changes_are_seen_and_stay(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("alter table users add check (id > 0); delete from users where email is null")
        assert statuses(connection) == [*EXPECTED[:2], "passed", "passed", "passed", "passed", "failed", "passed"]
        assert connection.execute("select count(*) from users").fetchone() == (2,)
        connection.commit()
    assert statuses(url)[2] == "passed"


@pytest.mark.parametrize("probes", ["off", "read", "rollback"])
def test_a_run_leaves_nothing(url: str, probes: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        before = seen(connection, LEFT)
        suite = Suite("all", [expectation for expectation in SUITE if expectation.subject != "public.hit()"])
        verify(suite, url, probes=probes)
        with connection.transaction():
            verify(suite, connection, probes=probes)
        verify(suite, connection, probes=probes)
        assert seen(connection, LEFT) == before


def test_a_called_function_leaves_no_row(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        assert verify(Suite("call", [FunctionCallable("hit()")]), connection, probes="rollback").passed
        assert connection.execute("select count(*) from hits").fetchone() == (0,)


def test_write_attempts_move_no_sequence(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("""
            create table counted (id int generated always as identity, n serial);
            insert into counted default values; create role pgc_writer; grant all on counted to pgc_writer;
            grant usage on all sequences in schema public to pgc_writer
        """)
        numbers = "select (select last_value from counted_id_seq) as a, (select last_value from counted_n_seq) as b"
        before = seen(connection, numbers)
        report = verify(Suite("w", [RlsBlocksAnon("counted", "pgc_writer")]), connection, probes="rollback")
        assert len(report.outcomes[0].findings) == 4
        assert seen(connection, numbers) == before
        connection.execute("drop owned by pgc_writer; drop role pgc_writer")


@pytest.fixture
def failed(url: str) -> Iterator[Connection]:
    with psycopg.connect(url) as connection:
        with pytest.raises(psycopg.Error):
            connection.execute("nonsense")
        yield connection
        connection.rollback()


def test_a_connection_that_cannot_be_used_is_refused(url: str, failed: Connection) -> None:
    with pytest.raises(DatabaseError, match="has failed"):
        verify(SUITE, failed)
    closed = psycopg.connect(url)
    closed.close()
    with pytest.raises(DatabaseError, match="is closed"):
        snapshot(closed)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("mysql://db/app", "mysql:// is not PostgreSQL"),
        ("sqlite:///file", "is not PostgreSQL"),
        (5, "not int"),
        (None, "not NoneType"),
        ("postgresql://db:port/app", "cannot be"),
        ("nonsense", "cannot be read: an = is missing$"),
    ],
)
def test_what_is_no_database_is_refused(target: Any, words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        verify(SUITE, target, timeouts=Timeouts(connect=2))


def test_sqlalchemy_on_another_driver_is_told(url: str) -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    opened: AbstractContextManager[sqlalchemy.Connection] = engine.connect()
    with opened as connection, pytest.raises(DatabaseError, match="speaks through sqlite3"):
        verify(SUITE, connection)
    engine.dispose()
    assert url
