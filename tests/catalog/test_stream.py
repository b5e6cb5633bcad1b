"""Many queries sent at once: answers in order, one error that ends all, and a connection that is whole afterwards."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus

from pgcontract.catalog.stream import Stream

Connection = psycopg.Connection[Any]


@pytest.fixture(params=["pipelined", "one after another"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a client library that has pipelines, and with one that has none."""
    if request.param != "pipelined":
        monkeypatch.setattr(psycopg.Pipeline, "is_supported", lambda: False)


def _is_whole(connection: Connection) -> bool:
    return connection.pgconn.pipeline_status == PipelineStatus.OFF and connection.execute("select 1").fetchone() == (1,)


@pytest.mark.usefixtures("either")
def test_answers_may_be_asked_for_in_any_order(connection: Connection) -> None:
    with Stream(connection) as stream:
        numbers = [stream.send(f"select {k}, null, 'ü', $1::int", [str(-k)]) for k in range(300)]
        assert stream.rows(numbers[7]) == [(7, None, "ü", -7)]
        later = stream.send("select * from generate_series(1, 20000)")
        assert stream.rows(numbers[299]) == [(299, None, "ü", -299)]
        assert stream.rows(numbers[0]) == [(0, None, "ü", 0)]
        assert len(stream.rows(later)) == 20000
    assert _is_whole(connection)


@pytest.mark.usefixtures("either")
def test_the_first_error_is_raised_and_nothing_after_it_is_carried_out(connection: Connection) -> None:
    connection.execute("create table t (id int)")
    with pytest.raises(psycopg.errors.DivisionByZero), Stream(connection) as stream:  # noqa: PT012 - it ends by the error
        stream.send("begin")
        stream.send("select 1 / 0")
        unread = stream.send("insert into t values (1)")
        stream.rows(unread)
    assert connection.info.transaction_status == TransactionStatus.INERROR
    connection.execute("rollback")
    assert connection.execute("select from t").fetchall() == []
    assert _is_whole(connection)


@pytest.mark.usefixtures("either")
def test_an_error_that_nobody_asked_for_is_raised_at_the_end(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), Stream(connection) as stream:
        stream.send("select 1 / 0")
    assert _is_whole(connection)


@pytest.mark.usefixtures("either")
def test_a_fault_of_the_callers_leaves_the_connection_whole(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), Stream(connection) as stream:  # noqa: PT012 - it ends by the error
        stream.send("select 1")
        _ = 1 // 0
    assert _is_whole(connection)


def test_an_interruption_leaves_no_half_used_connection(connection: Connection) -> None:
    with pytest.raises(KeyboardInterrupt), Stream(connection) as stream:  # noqa: PT012 - it ends by the error
        stream.send("select pg_sleep(10)")
        raise KeyboardInterrupt
    assert connection.closed


def test_a_lost_connection_is_said_to_be_lost(database: str, connection: Connection) -> None:
    with psycopg.connect(database) as other:
        with pytest.raises(psycopg.OperationalError), Stream(other) as stream:  # noqa: PT012 - it ends by the error
            number = stream.send("select pg_sleep(30)")
            connection.execute("select pg_terminate_backend(%s)", [other.info.backend_pid])
            stream.rows(number)
        assert other.closed


def test_rows_come_while_the_server_works_on(connection: Connection) -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Stream(connection) as stream:  # noqa: PT012 - nobody waits for its end
        first = stream.send("select repeat('x', 20000)")
        stream.flush()
        stream.send("select pg_sleep(60)")
        assert len(stream.rows(first)[0][0]) == 20000
        assert time.monotonic() - began < 30
        raise KeyboardInterrupt


def test_what_is_sent_does_not_wait_for_what_comes(connection: Connection) -> None:
    """More than the sockets hold, both ways: who writes without reading would wait for ever."""
    long = "x" * 200_000
    with Stream(connection) as stream:
        numbers = [stream.send("select $1::text", [long]) for _ in range(60)]
        assert all(stream.rows(number) == [(long,)] for number in numbers)
    assert _is_whole(connection)
