"""One database of odd objects for all tests that only read it, and clones of it for those that change it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest

from pgcontract.catalog.snapshot import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.embedded import Databases

Connection: TypeAlias = psycopg.Connection[Any]

ODD = Path(__file__).with_name("odd.sql")
LONG = "63456789_" + "123456789_" * 5 + "123"
ACCENTED = "é" * 31 + "x"


def _script() -> tuple[str, str]:
    """What makes the odd objects in a template, and what each copy of it needs besides."""
    text = ODD.read_text(encoding="utf-8").replace("@L@", LONG).replace("@E@", ACCENTED)
    first, _, last = text.partition("\n--- after copying\n")
    return first, last


def make_odd(url: str) -> None:
    """The odd objects, as far as the server's version has them."""
    first, *parts = re.split(r"^--- since (\d+)$", _script()[0], flags=re.MULTILINE)
    # Several processes may use one server, and roles are made by one at a time.
    with psycopg.connect(url, dbname="postgres") as turn, psycopg.connect(url, autocommit=True) as connection:
        turn.execute("select pg_advisory_xact_lock(4711)")
        connection.execute(first.encode())
        for since, part in zip(parts[::2], parts[1::2], strict=True):
            if connection.info.server_version >= int(since):
                connection.execute(part.encode())
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("create unique index concurrently i_invalid on odd.indexed (dup)")


@pytest.fixture(scope="session")
def odd_template(make_template: Callable[[Callable[[str], None]], str]) -> str:
    return make_template(make_odd)


@pytest.fixture(scope="session")
def odd_url(server: Databases, fresh_name: Callable[[], str], odd_template: str) -> Iterator[str]:
    """The odd database, for tests that leave it as it is."""
    name = fresh_name()
    url = server.create_database(name, odd_template)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_script()[1].encode())
    yield url
    with psycopg.connect(url, autocommit=True) as connection:  # a database with a subscription cannot be dropped
        connection.execute('drop subscription "odd Sub"')
    server.drop_database(name)


@pytest.fixture
def odd_connection(odd_url: str) -> Iterator[Connection]:
    with psycopg.connect(odd_url, autocommit=True) as connection:
        connection.execute("set search_path = ''")
        yield connection


@pytest.fixture(scope="session")
def odd(odd_url: str) -> Catalog:
    with psycopg.connect(odd_url, autocommit=True) as connection:
        return read(connection)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    """A connection to an empty database of the test's own."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection
