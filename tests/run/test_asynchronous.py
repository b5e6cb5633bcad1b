"""A run for asyncio's programs gives the same report, holds nobody up, and is cancelled on the server too."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from pgcontract import (
    DatabaseError,
    FunctionCallable,
    RowCount,
    RowsSatisfy,
    Suite,
    TableExists,
    ValuesNotNull,
    verify,
    verify_async,
)
from pgcontract.run import asynchronous

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

SUITE = Suite(
    "asynchronous",
    [TableExists("users"), TableExists("none"), FunctionCallable("hit()"), RowCount("users", exactly=3)],
)
EXPECTED = ["passed", "failed", "passed", "passed"]
SLOW = Suite("slow", [RowsSatisfy("users", "pg_sleep(120) is not null"), ValuesNotNull("orgs", "id")])
PROBE = Suite("slow", [FunctionCallable("slow()")])
ACTIVE = """
    select count(*) from pg_stat_activity
    where state = 'active' and query like '%{words}%' and pid <> pg_backend_pid() and datname = current_database()
"""


async def statuses(target: Any, suite: Suite = SUITE) -> list[str]:
    return [outcome.status for outcome in (await verify_async(suite, target, probes="rollback")).outcomes]


async def by_url(url: str) -> list[str]:
    return await statuses(url)


async def by_connection(url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await statuses(connection)


async def by_a_connection_in_autocommit(url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        found = await statuses(connection)
        assert connection.autocommit
        return found


async def by_a_connection_that_waits(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return await statuses(connection)


async def by_engine(url: str) -> list[str]:
    engine = create_async_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    try:
        return await statuses(engine)
    finally:
        await engine.dispose()


async def by_connection_of_sqlalchemy(url: str) -> list[str]:
    engine = create_async_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    async with engine.connect() as connection:
        found = await statuses(connection)
        assert (await connection.execute(sqlalchemy.text("select 1"))).scalar() == 1
    await engine.dispose()
    return found


@pytest.mark.parametrize(
    "way",
    [
        by_url,
        by_connection,
        by_a_connection_in_autocommit,
        by_a_connection_that_waits,
        by_engine,
        by_connection_of_sqlalchemy,
    ],
)
def test_whatever_is_given(way: Callable[[str], Coroutine[Any, Any, list[str]]], url: str) -> None:
    assert asyncio.run(way(url)) == EXPECTED
    with psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from hits").fetchone() == (0,)


def test_it_sees_what_is_not_committed_and_leaves_it_so(url: str) -> None:
    async def main() -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            told: list[str] = []
            connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
            await connection.execute("create table none (id int)")
            assert await statuses(connection) == ["passed"] * 4
            assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
            await connection.execute("do $$ begin raise notice 'heard'; end $$")
            assert told == ["heard"]
            await connection.rollback()
            assert await statuses(connection) == EXPECTED

    asyncio.run(main())


def test_the_loop_goes_on_and_many_run_at_once(url: str) -> None:
    async def main() -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        async with await psycopg.AsyncConnection.connect(url) as shared:
            ticking = asyncio.ensure_future(tick())
            found = await asyncio.gather(*(statuses(url) for _ in range(3)), statuses(shared), statuses(shared))
            ticking.cancel()
        assert found == [EXPECTED] * 5
        assert ticks > 100

    asyncio.run(main())


async def until(watching: psycopg.AsyncConnection[Any], words: str, count: int) -> None:
    async with asyncio.timeout(60):
        while await (await watching.execute(ACTIVE.format(words=words).encode())).fetchone() != (count,):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(("suite", "words"), [(SLOW, "pg_sleep(120)"), (PROBE, "public.slow()")])
def test_who_cancels_it_cancels_what_runs_on_the_server(suite: Suite, words: str, url: str, *, inside: bool) -> None:
    async def main() -> None:
        async with (
            await psycopg.AsyncConnection.connect(url, autocommit=True) as watching,
            await psycopg.AsyncConnection.connect(url, autocommit=not inside) as connection,
        ):
            await watching.execute(
                "create function slow() returns text stable language sql as 'select pg_sleep(120)::text'"
            )
            if inside:
                await connection.execute("insert into hits (n) values (7)")
            running = asyncio.ensure_future(verify_async(suite, connection))
            await until(watching, words, 1)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            await until(watching, words, 0)
            assert await (await connection.execute("select count(*) from hits")).fetchone() == (int(inside),)
            await connection.rollback()

    asyncio.run(main())


@pytest.mark.skipif("PGCONTRACT_TEST_DSN" in os.environ, reason="the server's processes may be anywhere")
@pytest.mark.parametrize("given", [True, False])
def test_who_cancels_it_does_not_wait_for_a_server_that_is_frozen(
    url: str, monkeypatch: pytest.MonkeyPatch, *, given: bool
) -> None:
    """Or behind a line that is cut: it does not answer to being told to stop, either."""
    monkeypatch.setattr(asynchronous, "_GRACE_S", 0.1)

    async def main() -> None:
        async with (
            await psycopg.AsyncConnection.connect(url, autocommit=True) as watching,
            await psycopg.AsyncConnection.connect(url) as connection,
        ):
            running = asyncio.ensure_future(verify_async(SLOW, connection if given else url))
            await until(watching, "pg_sleep(120)", 1)
            asked = ACTIVE.format(words="pg_sleep(120)").replace("count(*)", "pid").encode()
            ((frozen,),) = await (await watching.execute(asked)).fetchall()
            os.kill(frozen, signal.SIGSTOP)
            try:
                running.cancel()
                done, _ = await asyncio.wait([running], timeout=60)
            finally:
                os.kill(frozen, signal.SIGCONT)
            assert done
            assert running.cancelled()
            await until(watching, "pg_sleep(120)", 0)

    asyncio.run(main())


def test_a_time_limit_is_one(url: str) -> None:
    async def main() -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as watching:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(verify_async(SLOW, url), 1)
            await until(watching, "pg_sleep(120)", 0)

    asyncio.run(main())


def test_what_cannot_be_verified_is_said(url: str) -> None:
    async def main() -> None:
        closed = await psycopg.AsyncConnection.connect(url)
        await closed.close()
        with pytest.raises(DatabaseError, match="is closed"):
            await verify_async(SUITE, closed)
        with pytest.raises(DatabaseError, match="cannot reach the database"):
            await verify_async(SUITE, "postgresql://127.0.0.1:1/none")
        async with await psycopg.AsyncConnection.connect(url) as failed:
            with pytest.raises(psycopg.errors.DivisionByZero):
                await failed.execute("select 1 / 0")
            with pytest.raises(DatabaseError, match="has failed"):
                await verify_async(SUITE, failed)

    asyncio.run(main())


def test_its_report_is_that_of_verify(url: str) -> None:
    waited, awaited = verify(SUITE, url), asyncio.run(verify_async(SUITE, url))
    assert [(o.kind, o.status, o.findings) for o in waited.outcomes] == [
        (o.kind, o.status, o.findings) for o in awaited.outcomes
    ]
