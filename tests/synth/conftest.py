"""A database for rows: what a test makes in it is rolled back, so all of them share one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from pgcontract.contract.session import Session
    from pgcontract.embedded import Databases

Connection: TypeAlias = psycopg.Connection[Any]
Stage: TypeAlias = Callable[[str], AbstractContextManager["Session"]]


@pytest.fixture(scope="session")
def lab(server: Databases, fresh_name: Callable[[], str], keep: Callable[[Connection], None]) -> Iterator[Connection]:
    """A connection of a superuser to a database of this session's own, in which nothing is left."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        keep(connection)
        yield connection
    server.drop_database(name)


@pytest.fixture
def stage(lab: Connection) -> Stage:
    """A session where some SQL was run first; nothing of it stays."""

    @contextmanager
    def staged(sql: str) -> Generator[Session]:
        with lab.transaction(force_rollback=True):
            lab.execute(sql.encode())
            catalog = read(lab)
            with probing(lab, catalog, may_write=True) as session:
                yield session

    return staged
