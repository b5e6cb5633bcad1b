"""Runs of pytest inside a test, on a database that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

# What is imported first inside a run of pytester's is forgotten after it, and imported anew for the next.
import pgcontract.integrations.pytest_plugin.acting
import pgcontract.integrations.pytest_plugin.collecting
import pgcontract.integrations.pytest_plugin.own  # noqa: F401
from pgcontract.supabase import PLATFORM_SQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases

SQL = """
create table public.notes (id int primary key, owner uuid not null, body text not null);
alter table public.notes enable row level security;
create policy own on public.notes using (owner = auth.uid()) with check (owner = auth.uid());
"""


@pytest.fixture(scope="session")
def notes(server: Databases, fresh_name: Callable[[], str]) -> Iterator[str]:
    """The URL of a database with a table under row-level security, which no test may change."""
    name = fresh_name()
    url = server.create_database(name)
    with psycopg.connect(url) as connection:
        connection.execute(PLATFORM_SQL.encode())
        connection.execute(SQL.encode())
    yield url
    server.drop_database(name)


@pytest.fixture
def run(pytester: pytest.Pytester, notes: str) -> Callable[..., pytest.RunResult]:
    """Run pytest in this process; the contract is `contract.yaml` unless another is named."""

    def ran(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess("--pgcontract-db", notes, "-W", "default", *arguments)

    return ran
