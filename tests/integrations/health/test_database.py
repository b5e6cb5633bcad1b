"""How the database is: what the contract says, and one that is slow, stopped, or frozen in the middle of a run."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest

from pgcontract import DatabaseError, FunctionCallable, RowsSatisfy, Suite, ValuesUnique
from pgcontract.embedded import Server
from pgcontract.integrations.health import Access, Health, assessment
from pgcontract.integrations.health.once import Ended, Latest

if TYPE_CHECKING:
    from pathlib import Path

Served = Any
Got = Any

_SLEEPING = b"select pid from pg_stat_activity where query like '%pg_sleep(120)%' and pid <> pg_backend_pid()"


async def told(health: Health) -> tuple[bool, dict[str, Any]]:
    state, age = await health.state()
    return state.ready, json.loads(json.dumps(state.json(age)))


def test_a_url_that_is_none_is_refused_at_once(suite: Suite) -> None:
    with pytest.raises(DatabaseError):
        Health(suite, "mysql://localhost/app")


@pytest.mark.parametrize(
    ("change", "part", "problem"),
    [
        ("drop table users", "tables", "table public.users does not exist"),
        ("drop function calm()", "functions", "function public.calm() does not exist"),
        ("alter table users disable row level security", "rls", "row-level security is disabled on public.users"),
        ("alter table users alter id type bigint", "contract", "type of public.users.id is bigint, not integer"),
    ],
)
def test_what_is_not_as_it_should_be_is_told_where_it_belongs(
    url: str, suite: Suite, change: str, part: str, problem: str
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(change.encode())
    ready, state = asyncio.run(told(Health(suite, url, timeout=60)))
    assert not ready
    assert state[part]["status"] == "failed"
    assert problem in [each["problem"] for each in state[part]["problems"]]


def test_what_could_not_be_looked_at_is_not_ok(url: str, suite: Suite) -> None:
    """It was required, and nothing of it was found to be so."""
    with psycopg.connect(url) as connection:
        connection.execute("drop table users")
    _, state = asyncio.run(told(Health(suite, url, timeout=60)))
    assert {part: state[part]["status"] for part in ("tables", "functions", "rls", "contract")} == {
        "tables": "failed",
        "functions": "ok",
        "rls": "skipped",
        "contract": "skipped",
    }


def test_nothing_that_stands_in_a_row_is_told(url: str) -> None:
    """Not even where a message of the server's quotes it."""
    with psycopg.connect(url) as connection:
        connection.execute("create table mail (sent text); insert into mail values ('canary'), ('canary')")
        connection.execute("create function spill() returns int stable language sql as 'select sent::int from mail'")
    suite = Suite(
        "mail", [RowsSatisfy("mail", "sent::int > 0"), ValuesUnique("mail", "sent"), FunctionCallable("spill()")]
    )
    ready, state = asyncio.run(told(Health(suite, url, timeout=60)))
    assert not ready
    assert "canary" not in json.dumps(state)
    assert [each["problem"] for each in state["functions"]["problems"]] == [
        "does not hold: The function public.spill() can be called"
    ]
    assert (state["contract"]["required"], len(state["contract"]["problems"])) == (2, 2)


def test_an_error_that_nobody_thought_of_is_told_by_its_type(
    url: str, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise LookupError("postgresql://:s3cret@host")

    monkeypatch.setattr(assessment, "verify_async", fail)
    ready, state = asyncio.run(told(Health(suite, url, timeout=60)))
    assert not ready
    assert state["database"]["status"] == "up"
    assert state["contract"] == {"status": "unknown", "error": "LookupError"}


def sleeping(watching: psycopg.Connection[Any]) -> list[int]:
    """The backends that the contract below puts to sleep."""
    return [pid for (pid,) in watching.execute(_SLEEPING)]


@pytest.fixture
def slow(url: str, suite: Suite) -> Suite:
    """A contract whose run does not end."""
    with psycopg.connect(url) as connection:
        connection.execute("insert into users values (1)")
    return suite + Suite("slow", [RowsSatisfy("users", "pg_sleep(120) is not null")])


def test_a_run_that_takes_too_long_is_ended_on_the_server(url: str, slow: Suite) -> None:
    state, _ = asyncio.run(Health(slow, url, timeout=0.5).state())
    assert (state.ready, state.error or state.database.error) == (False, "no answer in 0.5 s")
    with psycopg.connect(url, autocommit=True) as watching:
        until = time.monotonic() + 60
        while sleeping(watching):
            assert time.monotonic() < until


@pytest.mark.skipif("PGCONTRACT_TEST_DSN" in os.environ, reason="the server's processes may be anywhere")
def test_a_server_that_does_not_even_answer_to_the_end_is_hung_up_on(
    url: str, slow: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessment, "_GRACE_S", 0.1)

    async def ask(watching: psycopg.Connection[Any]) -> None:
        latest = Latest(assessment.Assessment(slow, url, {}, "read", timeout=3600).make, 0)
        asking = asyncio.create_task(latest.get())
        while not (pids := sleeping(watching)):  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.02)
        os.kill(pids[0], signal.SIGSTOP)
        try:
            await asyncio.wait_for(latest.close(), 60)
        finally:
            os.kill(pids[0], signal.SIGCONT)
        with pytest.raises(Ended):
            await asking

    with psycopg.connect(url, autocommit=True) as watching:
        asyncio.run(asyncio.wait_for(ask(watching), 120))


def test_a_postgres_that_is_stopped_and_started(
    tmp_path: Path, suite: Suite, sql: str, secret: str, admin: str, served: Served, got: Got
) -> None:
    place = tmp_path / "postgres"

    def start() -> Server:
        """One at the same address as the one before."""
        server = Server()
        with psycopg.connect(server.url()) as connection:
            connection.execute(sql.encode())
        place.unlink(missing_ok=True)
        place.symlink_to(server.directory / "socket")
        return server

    url = f"postgresql://postgres:s3cret@/postgres?host={quote(str(place))}"
    with served(Health(suite, url, access=Access(secret=secret), max_age=0, timeout=60)) as address:
        for _ in range(2):
            with start():
                assert got(f"{address}/readyz")[0] == 200
            status, state, _ = got(f"{address}/admin/health", admin)
            assert (status, state["database"]["status"], state["contract"]["status"]) == (503, "down", "unknown")
            assert "cannot reach the database" in state["database"]["error"]
            assert "s3cret" not in json.dumps(state)
