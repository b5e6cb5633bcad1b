"""A connection that keeps plans reads what any other reads, whatever happens between two reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.plans import keep_plans, kept_plans
from pgcontract.catalog.snapshot import read
from pgcontract.catalog.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

Connection = psycopg.Connection[Any]

# What makes the server plan anew, or find that a plan is not what it was; settings for either connection.
CHANGES = [
    ("create table t (id int primary key, name text)", ""),
    (
        """
        create schema s; create type s.mood as enum ('sad');
        create operator s.=== (function = int4eq, leftarg = int, rightarg = int)
        """,
        "",
    ),
    ("analyze pg_catalog.pg_class; alter table t alter name type varchar(5), add check (id > 0)", ""),
    ("create function s.f(s.mood) returns int language sql as 'select 1'", "set search_path = s, public"),
    ("", "set role pg_monitor"),
    ("", "reset role"),
    ("drop schema s cascade; drop table t", ""),
]


def prepared(connection: Connection) -> int:
    (number,) = connection.execute("select count(*) from pg_catalog.pg_prepared_statements").fetchone() or (0,)
    return int(number)


def connect(url: str) -> Connection:
    return psycopg.connect(url, autocommit=True)


def test_it_reads_the_same(odd_url: str) -> None:
    with connect(odd_url) as keeping, connect(odd_url) as plain:
        keep_plans(keeping)
        for _ in range(3):
            assert read(keeping) == read(plain)
        assert prepared(plain) == 0
        assert prepared(keeping) == len(kept_plans(keeping).names) > 40  # type: ignore[union-attr]


def test_whatever_changes_between(clone: Callable[[str | None], str]) -> None:
    url = clone(None)
    with connect(url) as keeping, connect(url) as plain:
        keep_plans(keeping)
        read(keeping)
        for change, setting in CHANGES:
            keeping.execute(change.encode(), prepare=False)
            for each in (keeping, plain):
                each.execute(setting.encode(), prepare=False)
            for _ in range(2):
                assert read(keeping) == read(plain), (change, setting)


def test_what_failed_is_prepared_again(connection: Connection) -> None:
    keep_plans(connection)
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable), Stream(connection) as stream:  # noqa: PT012 - it ends by the error
            stream.send("select 1", again=True)
            stream.send("select * from nowhere", again=True)
        connection.rollback()
    connection.execute("create table nowhere (id int)")
    for _ in range(2):
        with Stream(connection) as stream:
            first, second = stream.send("select 1", again=True), stream.send("select $1::int", ["7"], again=True)
            third = stream.send("select * from nowhere", again=True)
            assert [stream.rows(third), stream.rows(second), stream.rows(first)] == [[], [(7,)], [(1,)]]


def test_the_driver_takes_none_of_them_away(clone: Callable[[str | None], str]) -> None:
    """It would deallocate all statements after an ALTER, once it has prepared one of its own."""
    with connect(clone(None)) as connection:
        keep_plans(connection)
        first = read(connection)
        for _ in range(8):
            connection.execute("select 1 where %s = 1", [1])
        connection.execute("create table t (id int)")
        connection.execute("alter table t add name text")
        assert read(connection) != first
        assert prepared(connection) > 40


def test_what_somebody_took_away_is_prepared_again_after_one_failure(connection: Connection) -> None:
    keep_plans(connection)
    read(connection)
    connection.execute("deallocate all")
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        read(connection)
    assert read(connection) == read(connection)
