"""A database for cases: what a case makes is rolled back, so all of them share one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import psycopg
import pytest

from pgcontract.catalog.plans import keep_plans
from pgcontract.testing import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.embedded import Databases
    from pgcontract.verdict import Outcome

Connection: TypeAlias = psycopg.Connection[Any]


@pytest.fixture(scope="session")
def lab(server: Databases, fresh_name: Callable[[], str]) -> Iterator[Connection]:
    """A connection of a superuser to a database of this session's own, in which nothing is left."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        keep_plans(connection)  # it is read thousands of times
        yield connection
    server.drop_database(name)


class Judge(Protocol):
    def __call__(self, setup: str, expectation: Expectation, **options: Any) -> Outcome: ...


@pytest.fixture
def judge(lab: Connection) -> Judge:
    """The verdict on an expectation where some SQL was run first."""

    def run(setup: str, expectation: Expectation, **options: Any) -> Outcome:
        with lab.transaction(force_rollback=True):
            lab.execute(setup.encode())
            return judged(expectation, lab, **options)

    return run
