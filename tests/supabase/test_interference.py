"""Leaks in the example's database, one at a time, and which of its tables then fail to keep users apart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from pgcontract import CrudWorks, ReadableBy, Suite, TenantsDoNotInterfere, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract import Expectation
    from pgcontract.embedded import Databases

pytestmark = pytest.mark.extension("vector", "uuid-ossp")  # which the example's schema has

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def isolation(contract: Suite) -> Suite:
    return contract.select(kinds=["RlsIsolates"])


@pytest.fixture(scope="module")
def connection(
    server: Databases, reconciled: str, fresh_name: Callable[[], str], keep: Callable[[Connection], None]
) -> Iterator[Connection]:
    """One database, without a row, for all of them; each is rolled back."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name, reconciled), autocommit=True) as opened:
        keep(opened)
        yield opened
    server.drop_database(name)


# On rows, test_contract shows that it holds; on small schemas, tests/expectations show what leaks.
whole = pytest.mark.skipif(os.environ.get("PGCONTRACT_BREAKS") != "all", reason="the whole schema: make test-all")

OPEN = "create policy shared on public.{} for {} to authenticated {} (true)"
# By name: the SQL, the table that leaks, and words of the finding.
BREAKS: dict[str, tuple[str, str, str]] = {
    "row-level security off": (
        "alter table public.prompt_atoms disable row level security",
        "prompt_atoms",
        "(authenticated) can read",
    ),
    "everybody reads": (OPEN.format("user_profiles", "select", "using"), "user_profiles", "(authenticated) can read"),
    "a row for somebody else": (
        "alter policy owner_insert on public.vibe_configs with check (true)",
        "vibe_configs",
        "can put a row into public.vibe_configs",
    ),
    "members of nothing": (
        "alter policy member_select on public.organizations using (true)",
        "organizations",
        "(authenticated) can read",
    ),
    "invitations of others": (
        OPEN.format("invitations", "select", "using"),
        "invitations",
        "(authenticated) can read",
    ),
}


def only(isolation: Suite, table: str) -> Suite:
    return Suite("one", [expectation for expectation in isolation if expectation.belongs_to == f"public.{table}"])


@whole
def test_nobody_gets_at_rows_of_others(isolation: Suite, connection: Connection) -> None:
    report = verify(isolation, connection, probes="rollback")
    assert [outcome for outcome in report.outcomes if outcome.status != "passed"] == []
    assert len(report.outcomes) == len(isolation)


@pytest.mark.parametrize(("sql", "table", "words"), BREAKS.values(), ids=list(BREAKS))
def test_a_leak_is_found(isolation: Suite, connection: Connection, sql: str, table: str, words: str) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.encode())
        (outcome,) = verify(only(isolation, table), connection, probes="rollback").outcomes
    assert outcome.status == "failed", outcome
    assert any(words in finding.message for finding in outcome.findings), outcome.findings
    assert all(finding.object == f"public.{table}" for finding in outcome.findings)


TENANTS = [TenantsDoNotInterfere()]
LIFE: list[Expectation] = [
    CrudWorks("prompt_atoms", "user A"),
    CrudWorks("agent_runs", "authenticated"),
    CrudWorks("user_profiles", "user A", ["INSERT", "SELECT", "UPDATE"]),
    CrudWorks("organizations", "service"),
    ReadableBy("organizations", "user A", rows="own"),
    ReadableBy("usage_metrics", "service_role", rows="all"),
]


def test_whoever_may_gets_at_his_own(connection: Connection) -> None:
    """The preset's principals, on tables without a row."""
    report = verify(Suite("life", LIFE, principals="supabase"), connection, probes="rollback")
    assert [outcome for outcome in report.outcomes if outcome.status != "passed"] == []


BOARD = "create view public.board as select * from public.prompt_atoms; grant select on public.board to anon"
WHOLE = {"as it is": ("", "passed"), "a view": (BOARD, "failed")}


@whole
@pytest.mark.parametrize(("sql", "status"), WHOLE.values(), ids=list(WHOLE))
def test_the_whole_schema(connection: Connection, sql: str, status: str) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.encode())
        (outcome,) = verify(Suite("tenants", TENANTS), connection, probes="rollback").outcomes
    assert outcome.status == status, outcome
