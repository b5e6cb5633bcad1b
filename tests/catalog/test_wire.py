from __future__ import annotations

import contextlib
import os
import resource
import signal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from pgcontract.catalog.wire import Reply, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = psycopg.Connection[Any]


@pytest.fixture(autouse=True)
def deadline() -> Iterator[None]:
    """A deadlock fails the test, and does not hang the run."""

    def late(*_: object) -> None:
        raise TimeoutError("the exchange did not come back")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_a_reply_is_the_last_statements_first_value(connection: Connection) -> None:
    groups = [
        ["select 1", "select 2, 3"],
        ["select 'é☃'"],
        ["select null"],
        ["select 1 where false"],
        ["set application_name = 'x'"],
        [],
        ["select current_setting('application_name')"],
    ]
    values = [reply.value for reply in exchange(connection, groups)]
    assert values == ["2", "é☃", None, None, None, None, "x"]


def test_nothing_to_say(connection: Connection) -> None:
    assert exchange(connection, []) == []


def test_an_error_ends_only_its_own_group(connection: Connection) -> None:
    connection.execute("create table t (id int primary key)")
    replies = exchange(
        connection,
        [
            ["insert into t values (1)"],
            ["insert into t values (2)", "select 1 / 0", "insert into t values (3)"],
            ["insert into t values (1)"],
            ["nonsense"],
            ["select 1; select 2"],
            ["select string_agg(id::text, ',' order by id) from t"],
        ],
    )
    assert [reply.sqlstate for reply in replies] == [None, "22012", "23505", "42601", "42601", None]
    assert replies[1].error == "division by zero"
    assert replies[-1] == Reply(value="1")
    assert connection.execute("select count(*) from t").fetchone() == (1,)


def test_many_large_groups_do_not_deadlock(connection: Connection) -> None:
    """More in both directions than all buffers between hold."""
    text = "x" * 4000
    groups = [[f"select '{text}{k}'"] if k % 7 else [f"select '{text}'::int"] for k in range(2000)]
    replies = exchange(connection, groups)
    assert len(replies) == 2000
    assert all(reply.value == f"{text}{k}" for k, reply in enumerate(replies) if k % 7)
    assert {reply.sqlstate for k, reply in enumerate(replies) if k % 7 == 0} == {"22P02"}
    assert connection.execute("select 1").fetchone() == (1,)


def test_one_large_statement(connection: Connection) -> None:
    text = "y" * 5_000_000
    assert exchange(connection, [[f"select '{text}'"]]) == [Reply(value=text)]


def test_notices_between_are_no_results(connection: Connection) -> None:
    noisy = "do $$ begin for k in 1..50 loop raise notice 'n %', k; end loop; end $$"
    assert [reply.value for reply in exchange(connection, [[noisy, "select 1"], ["select 2"]] * 20)] == ["1", "2"] * 20


def test_inside_a_transaction(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("create table t ()")
        replies = exchange(connection, [["savepoint a"], ["select 1 / 0"], ["rollback to a", "select 'back'"]])
        assert [reply.value for reply in replies] == [None, None, "back"]
        assert connection.info.transaction_status == TransactionStatus.INTRANS
        connection.rollback()


def test_the_connection_is_as_before(connection: Connection) -> None:
    nonblocking = connection.pgconn.nonblocking
    exchange(connection, [["select 1"], ["nonsense"]])
    assert connection.pgconn.nonblocking == nonblocking
    assert connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF
    with connection.pipeline():
        cursor = connection.execute("select 5")
    assert cursor.fetchone() == (5,)


@pytest.mark.parametrize("before", [0, 3])
def test_a_lost_connection_says_so(database: str, before: int) -> None:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(database) as connection:
        groups = [["select 1"]] * before + [["select pg_terminate_backend(pg_backend_pid())"]] + [["select 2"]] * 3
        with pytest.raises(psycopg.OperationalError):
            exchange(connection, groups)
        with pytest.raises(psycopg.OperationalError):
            exchange(connection, [["select 1"]])


def test_a_connection_that_was_lost_before_says_so(database: str, connection: Connection) -> None:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(database) as lost:
        connection.execute("select pg_terminate_backend(%s)", [lost.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            exchange(lost, [["select 1"]] * 3)


def test_a_closed_connection_says_so(database: str) -> None:
    with psycopg.connect(database) as closed:
        pass
    with pytest.raises(psycopg.OperationalError):
        exchange(closed, [["select 1"]])


def test_more_than_a_thousand_open_files(database: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1400:
        pytest.skip("this machine allows no more open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1400), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with psycopg.connect(database) as connection:
            assert connection.fileno() > 1024
            assert exchange(connection, [["select 1"]]) == [Reply(value="1")]
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_interruption_leaves_no_half_used_connection(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes next on the connection fails or works, and never gets another statement's answer."""
    from pgcontract.catalog import wire  # noqa: PLC0415 - to interrupt it

    def interrupted(*_: object) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(wire, "_available", interrupted)
    with pytest.raises(KeyboardInterrupt):
        exchange(connection, [["select 1"]])
    assert connection.closed
