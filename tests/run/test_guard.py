"""What outlasts a rollback is not done: no probe reaches outside, and no sequence moves, whoever acts."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.contract.principals import Principal
from pgcontract.contract.session import OutOfReach, Refused
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.run.probe import RolledBack

# Roles are the server's, which other tests may use at the same time.
USER = f"pgcontract_guarded_{os.getpid()}"
SQL = f"""
create table hist (id bigint generated always as identity primary key, what text);
create table notes (id bigserial primary key, body text);
create table files (id int primary key);
create function audit() returns trigger security definer language plpgsql as
    'begin insert into public.hist (what) values (tg_op); return new; end';
create function file() returns trigger language plpgsql as
    'begin perform pg_read_file(''postgresql.conf''); return new; end';
create trigger audit after insert or update on notes for each row execute function audit();
create trigger file after insert on files for each row execute function file();
insert into notes (body) values ('one'), ('two');
create role {USER};
grant insert, select, update on notes to {USER};
grant usage on sequence notes_id_seq to {USER};
"""
NUMBERS = "select sequencename, last_value from pg_sequences order by 1"


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as opened:
        opened.execute(SQL.encode())
        yield opened
        opened.execute(f"drop owned by {USER}; drop role {USER}".encode())


@pytest.fixture
def during(connection: psycopg.Connection[Any]) -> Callable[[Callable[[RolledBack], object]], None]:
    """Do something in a session, and see that the sequences are as before."""

    def done(what: Callable[[RolledBack], object]) -> None:
        before = connection.execute(NUMBERS).fetchall()
        with probing(connection, read(connection), may_write=True) as session:
            what(session)
        assert connection.execute(NUMBERS).fetchall() == before

    return done


def test_a_default_a_trigger_and_a_call_move_no_sequence(during: Callable[..., None]) -> None:
    def draw(session: RolledBack) -> None:
        for statement in (
            "insert into public.notes (body) values ('x') returning id",
            "insert into public.notes default values returning id",
            "select setval('public.notes_id_seq', 700)",
            "update public.notes set body = 'y' returning id",
        ):
            assert session.rows(statement)
        with session.trial():
            assert session.rows("select nextval('public.notes_id_seq')") == [(701,)]

    during(draw)


def test_a_sequence_is_held_as_whoever_is_connected(during: Callable[..., None]) -> None:
    def draw(session: RolledBack) -> None:
        with session.acting_as(USER):
            assert session.count("insert into public.notes (body) values ('x')") == 1
            assert session.rows("select current_user::text") == [(USER,)]
        login = Principal("tenant", login=USER)
        with session.acting(login):
            assert session.count("insert into public.notes (body) values ('x')") == 1
            assert session.rows("select session_user::text") == [(USER,)]

    during(draw)


def test_what_a_refused_statement_held_is_held_again(during: Callable[..., None]) -> None:
    def draw(session: RolledBack) -> None:
        for _ in range(2):
            with pytest.raises(Refused):
                session.rows("insert into public.notes (id, body) values (default, 1 / 0)")
        session.rows("insert into public.notes (body) values ('x')")

    during(draw)


def test_nothing_is_held_once_the_savepoint_is_rolled_back(connection: psycopg.Connection[Any], database: str) -> None:
    with probing(connection, read(connection), may_write=True) as session:
        session.count("insert into public.notes (body) values ('x')")
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("set lock_timeout = 200")
            assert other.execute("insert into notes (body) values ('y') returning id").fetchall() == [(3,)]


def test_what_reaches_outside_is_not_run(during: Callable[..., None]) -> None:
    def reach(session: RolledBack) -> None:
        with pytest.raises(OutOfReach, match=r"fires the trigger file .* reaches outside by pg_read_file; .*shadow"):
            session.rows("insert into public.files values (%s)", [1])
        assert session.rows("select 1 from public.files") == []

    during(reach)


def test_a_sequence_of_somebody_else_is_left_alone(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"set session authorization {USER}".encode())
    catalog = read(connection)
    with probing(connection, catalog, may_write=True) as session:
        with pytest.raises(OutOfReach, match=f"which no rollback puts back, and {USER} cannot hold it"):
            session.rows("insert into public.notes (body) values ('x')")
        assert session.rows("select 1") == [(1,)]
    connection.execute("reset session authorization")


def test_a_table_in_use_is_not_waited_for_to_be_truncated(connection: psycopg.Connection[Any], database: str) -> None:
    with psycopg.connect(database) as other, probing(connection, read(connection), may_write=True) as session:
        other.execute("select 1 from notes")
        began = time.monotonic()
        with pytest.raises(Refused) as refused:
            session.rows("truncate public.notes")
        assert refused.value.sqlstate == "55P03"
        assert time.monotonic() - began < 1
        other.rollback()
        session.rows("truncate public.notes")
        assert session.rows("select pg_catalog.current_setting('lock_timeout')") == [("2s",)]


def test_a_notification_does_not_escape(connection: psycopg.Connection[Any], database: str) -> None:
    heard: list[str] = []
    with psycopg.connect(database, autocommit=True) as ears:
        ears.execute("listen probes")
        listener = threading.Thread(
            target=lambda: heard.extend(note.payload for note in ears.notifies(timeout=1, stop_after=1))
        )
        listener.start()
        with probing(connection, read(connection), may_write=True) as session:
            session.rows("select pg_notify('probes', 'from a probe')")
        connection.execute("select pg_notify('probes', 'heard')")
        listener.join()
    assert heard == ["heard"]
