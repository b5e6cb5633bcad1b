"""The command line in this process, and a database for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = ("DATABASE_URL", "SUPABASE_DB_URL", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSERVICE")

CONTRACT = """\
suite: shop
expectations:
  - TableExists: users
  - ColumnType: {table: users, column: id, type: uuid, tags: [keys]}
"""


Run = Callable[..., Any]  # how it ended: `Ended` of tests/conftest.py


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a contract and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in (*ENVIRONMENT, "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    return tmp_path


@pytest.fixture
def run(here: Path, command_line: Run) -> Run:  # noqa: ARG001
    """`run("verify", "contract.yaml")`, in `here`."""
    return command_line


@pytest.fixture(scope="module")
def shop(make_template: Callable[[Callable[[str], object]], str]) -> str:
    """A template database in which the contract holds."""

    def made(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table users (id uuid primary key)")

    return make_template(made)


@pytest.fixture
def url(clone: Callable[[str | None], str], shop: str) -> str:
    """A database in which the contract holds."""
    return clone(shop)


@pytest.fixture
def change() -> Callable[[str, str], None]:
    """Run SQL on a database."""

    def changed(url: str, sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())

    return changed
