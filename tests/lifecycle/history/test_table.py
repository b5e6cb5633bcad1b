"""A history in a Postgres: made when the first run is kept, by however many at once, and by whom may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pgcontract.errors import DatabaseError, PgContractError
from pgcontract.lifecycle.history import Keep
from pgcontract.lifecycle.history.past import brief
from pgcontract.lifecycle.history.story import Key, Left
from pgcontract.lifecycle.history.table import Table
from pgcontract.verdict import Outcome, Report

if TYPE_CHECKING:
    from pgcontract.embedded import Databases

Made = Callable[..., Report]


@pytest.fixture(scope="module")
def url(server: Databases, fresh_name: Callable[[], str]) -> Iterator[str]:
    """One database for the module; each test begins without a history."""
    name = fresh_name()
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
def store(url: str) -> Table:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop schema if exists pgcontract cascade")
    return Table(url)


@pytest.fixture
def writer(url: str) -> Iterator[str]:
    """The URL of a role that may connect, and no more."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role history_writer login")
        yield make_conninfo(url, user="history_writer")
        connection.execute("drop owned by history_writer cascade; drop role history_writer")


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def test_what_is_kept_comes_back_the_oldest_first(made: Made, store: Table, url: str) -> None:
    assert list(store.before(made(9, a="P"))) == []
    for hour in (2, 0, 1):
        store.add(made(hour, a="F"))
        store.add(made(hour, a="P", suite="other"))
    assert [run.started_at for run in store.runs() if isinstance(run, Report) and run.suite == "shop"] == [
        made(hour).started_at for hour in range(3)
    ]
    assert list(store.before(made(9, a="P"))) == [made(hour, a="F") for hour in (2, 1, 0)]
    assert len(list(store.runs(last=1))) == 2
    assert rows(url, "select suite, database, host, passed from pgcontract.runs order by id limit 1") == [
        ("shop", "app", "db.example", False)
    ]


def test_the_runs_before_one_are_told_in_brief(made: Made, store: Table, url: str) -> None:
    assert list(store.past(made(9, a="P"))) == []
    for hour, letter in enumerate("PFEP"):
        store.add(made(hour, a=letter))
    store.add(made(1, suite="other", a="P"))
    rows(url, "update pgcontract.runs set report = report - 'summary' where id = 1 returning id")
    assert list(store.past(made(3, a="P"))) == [brief(made(2, a="E")), brief(made(1, a="F"))]


def test_whatever_text_is_in_it(made: Made, store: Table) -> None:
    weird = Outcome("K", "a\x00b\\u0000\\\x00\x1b\u202e'\"🙂", "passed", duration_ms=1e-7)
    store.add(replace(made(0), outcomes=(weird,)))
    (run,) = store.runs()
    assert isinstance(run, Report)
    assert run.outcomes[0].subject == "a\\u0000b\\u0000\\\\u0000\x1b\u202e'\"🙂"
    assert run.outcomes[0].duration_ms == 1e-7


def test_first_runs_at_once_make_one_table(made: Made, store: Table, url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda hour: Table(url).add(made(hour, a="P")), range(12)))
    assert len(list(store.runs())) == 12


def test_old_runs_go_of_each_suite_for_itself(made: Made, store: Table) -> None:
    assert store.prune(Keep(newest=1)) == 0
    for hour in range(4):
        store.add(made(hour, a="P"))
        store.add(made(hour, a="P", suite="other"))
    assert store.prune(Keep(newest=3), Key("shop", "app", "db.example")) == 1
    assert store.prune(Keep(newest=2)) == 3
    store.add(replace(made(0, a="P"), started_at=datetime.now(UTC) - timedelta(hours=23)))
    assert store.prune(Keep(age=timedelta(days=1))) == 4
    assert len(list(store.runs())) == 1


def test_a_row_that_is_damaged_is_named_and_left_out(made: Made, store: Table, url: str) -> None:
    store.add(made(0, a="P"))
    store.add(made(1, a="P"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("update pgcontract.runs set report = report - 'suite' where id = 1")
    left, run = store.runs()
    assert left == Left("row 1", "the saved report is damaged: suite: field required")
    assert run == made(1, a="P")


def test_a_role_that_may_not_make_it_is_told_what_it_needs(made: Made, store: Table, url: str, writer: str) -> None:
    mine = Table(writer)
    database = conninfo_to_dict(url)["dbname"]
    with pytest.raises(PgContractError, match="the role history_writer may not make the schema pgcontract") as raised:
        mine.add(made(0, a="P"))
    assert f"grant create on database {database} to history_writer" in str(raised.value.hint)
    store.add(made(0, a="P"))
    with pytest.raises(PgContractError, match="permission denied for schema pgcontract") as raised:
        mine.add(made(1, a="P"))
    assert "usage on the schema pgcontract, and insert and select" in str(raised.value.hint)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("grant usage on schema pgcontract to history_writer")
        connection.execute("grant select, insert on pgcontract.runs to history_writer")
    mine.add(made(1, a="P"))
    assert len(list(mine.before(made(2, a="P")))) == 2
    with pytest.raises(PgContractError, match="permission denied for table runs"):
        mine.prune(Keep(newest=1))


def test_a_schema_that_was_made_for_the_role_suffices(made: Made, store: Table, url: str, writer: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema pgcontract authorization history_writer")
    Table(writer).add(made(0, a="P"))
    assert len(list(store.runs())) == 1


def test_a_table_of_somebody_elses_is_left_alone(made: Made, store: Table, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema pgcontract create table pgcontract.runs (id int)")
    with pytest.raises(PgContractError, match=r"pgcontract\.runs is no history of pgcontract"):
        store.add(made(0, a="P"))
    with pytest.raises(PgContractError, match=r"pgcontract\.runs is no history of pgcontract"):
        list(store.runs())


def test_none_yet(store: Table) -> None:
    with pytest.raises(DatabaseError, match="there is no history in"):
        list(store.runs())


def test_a_password_is_never_shown(made: Made) -> None:
    store = Table(urlunsplit(urlsplit("postgresql://ann:s3cret@127.0.0.1:1/app?connect_timeout=1")))
    assert store.name == "postgresql://ann:***@127.0.0.1:1/app?connect_timeout=1"
    with pytest.raises(DatabaseError) as raised:
        store.add(made(0, a="P"))
    assert "s3cret" not in f"{raised.value} {raised.value.hint} {raised.value.__cause__}"
