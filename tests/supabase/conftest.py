"""Databases with the platform, the example's schema and its sample rows, and who acts on them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from pgcontract import Suite
from pgcontract.embedded.binaries import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "supabase"

USERS = {
    "ada": "a0000000-0000-4000-8000-000000000001",
    "ben": "b0000000-0000-4000-8000-000000000002",
    "cleo": "c0000000-0000-4000-8000-000000000003",
}

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="session")
def contract() -> Suite:
    """The example's."""
    return Suite.load(EXAMPLE / "contract.yaml")


@pytest.fixture(scope="session")
def platform(make_template: Callable[[list[Path | str]], str]) -> str:
    return make_template(["supabase"])


@pytest.fixture(scope="session")
def reconciled(make_template: Callable[[list[Path | str]], str]) -> str:
    return make_template(["supabase", EXAMPLE / "reconcile.sql"])


@pytest.fixture(scope="session")
def sampled(make_template: Callable[[list[Path | str]], str]) -> str:
    return make_template(["supabase", EXAMPLE / "reconcile.sql", EXAMPLE / "sample.sql"])


@pytest.fixture
def connect() -> Iterator[Callable[[str], Connection]]:
    """Connections in autocommit mode, closed after the test: a database with one open cannot be dropped."""
    opened: list[Connection] = []

    def make(url: str) -> Connection:
        opened.append(psycopg.connect(url, autocommit=True))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def dump() -> Callable[[str], list[str]]:
    """The catalog as pg_dump prints it, in an order that does not depend on which column was added last."""
    binaries = installed()
    if binaries is None:
        pytest.skip("pg_dump comes with the embedded Postgres, which is not installed")
    program = binaries.program("pg_dump")

    def lines(url: str) -> list[str]:
        done = subprocess.run([program, "--schema-only", "-d", url], capture_output=True, text=True, check=True)
        return sorted(line.rstrip(",") for line in done.stdout.splitlines() if line and line[0] not in "-\\")

    return lines


@pytest.fixture
def act() -> Callable[[Connection, str], None]:
    """Become a principal until the transaction ends: a user of the sample, anon, service_role or nobody (no claims)."""

    def become(connection: Connection, principal: str) -> None:
        role = principal if principal in {"anon", "service_role"} else "authenticated"
        claims = {"role": role}
        if principal in USERS:
            claims |= {"sub": USERS[principal], "email": f"{principal}@example.com"}
        connection.execute("select set_config('role', %s, true)", [role])
        connection.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])

    return become
