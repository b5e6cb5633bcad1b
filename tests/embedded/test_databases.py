"""Databases are made from templates, and templates are dropped like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.embedded import Databases
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_clone_has_what_its_template_has(
    make_template: Callable[..., str], clone: Callable[[str | None], str]
) -> None:
    def recipe(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t AS SELECT 1 AS a")

    template = make_template(recipe)
    one, other = clone(template), clone(template)
    with psycopg.connect(one) as connection:
        connection.execute("UPDATE t SET a = 2")
    with psycopg.connect(other) as connection:
        assert connection.execute("SELECT a FROM t").fetchone() == (1,)


def test_each_test_has_an_empty_database(database: str) -> None:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace")
        assert rows.fetchall() == []


def test_a_template_takes_no_connections(server: Databases, make_template: Callable[..., str]) -> None:
    template = make_template([])
    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(server.url(template))


@pytest.mark.parametrize("name", ["plain", 'Weird "name"', "semi;colon", "per%cent/slash?#", "ünïcödé", "user"])
def test_any_name_is_a_name(server: Databases, name: str) -> None:
    url = server.create_database(name)
    try:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == (name,)
    finally:
        server.drop_database(name)


def test_dropping_disconnects_and_is_idempotent(server: Databases) -> None:
    with psycopg.connect(server.create_database("to_drop")) as connection:
        server.drop_database("to_drop")
        server.drop_database("to_drop")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_template_is_dropped_too(server: Databases) -> None:
    server.create_database("sealed")
    server.make_template("sealed")
    server.drop_database("sealed")
    with pytest.raises(DatabaseError, match='template database "sealed" does not exist'):
        server.create_database("clone", "sealed")


def test_a_lost_connection_is_opened_again(server: Databases) -> None:
    with Databases(server.url()) as databases:
        assert databases.version == server.version
        databases.close()
        assert databases.version == server.version


@pytest.mark.parametrize(
    ("server_url", "database", "expected"),
    [
        ("postgresql://a@h:1/x?sslmode=require", "y", "postgresql://a@h:1/y?sslmode=require"),
        ("postgresql://a@h", "y z", "postgresql://a@h/y%20z"),
        ("postgresql:///x?host=/tmp/s", "a/b", "postgresql:///a%2Fb?host=/tmp/s"),
        ("postgresql+psycopg://h/x", None, "postgresql+psycopg://h/x"),
    ],
)
def test_the_url_of_another_database(server_url: str, database: str | None, expected: str) -> None:
    assert Databases(server_url).url(database) == expected


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(DatabaseError, match="not given as a URL"):
        Databases("host=localhost password=secret")


def test_an_unreachable_server_is_an_error() -> None:
    with pytest.raises(DatabaseError) as caught:
        Databases("postgresql://u:secret@localhost:1/x").create_database("y")
    assert "secret" not in str(caught.value)
