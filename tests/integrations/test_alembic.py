"""An upgrade that breaks the contract is not committed."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from pgcontract import ColumnType, Suite, TableExists
from pgcontract.integrations.alembic import UpgradeRefusedError, verify_after_upgrade

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SYNC = """
from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(context.config.attributes["url"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, **context.config.attributes["options"])
    with context.begin_transaction():
        context.run_migrations()
"""
ASYNC = """
import asyncio

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine


def run(connection):
    context.configure(connection=connection, **context.config.attributes["options"])
    with context.begin_transaction():
        context.run_migrations()


async def main():
    async with create_async_engine(context.config.attributes["url"], poolclass=pool.NullPool).connect() as connection:
        await connection.run_sync(run)


asyncio.run(main())
"""
OFFLINE = """
from alembic import context

context.configure(url="postgresql://", **context.config.attributes["options"])
context.run_migrations()
"""
REVISION = """
from alembic import op

revision, down_revision, depends_on = {name!r}, {down!r}, {needs!r}


def upgrade():
    op.execute("create table {name} (id int)")


def downgrade():
    op.execute("drop table {name}")
"""
HOLDS = Suite("notes", [ColumnType("two", "id", "integer")])
BROKEN = Suite("notes", [TableExists("one"), ColumnType("two", "id", "bigint")])


@pytest.fixture
def alembic(tmp_path: Path, database: str) -> Callable[..., Config]:
    """A project of the revisions one and two, with a hook."""

    def made(contract: Any, env: str = SYNC, branch: bool = False, **options: Any) -> Config:  # noqa: FBT001, FBT002
        versions = tmp_path / "versions"
        versions.mkdir(exist_ok=True)
        (tmp_path / "env.py").write_text(env, encoding="utf-8")
        downs: dict[str, str | None] = {"one": None, "two": "one", **({"side": None} if branch else {})}
        for name, down in downs.items():
            needs = "two" if name == "side" else None
            text = REVISION.format(name=name, down=down, needs=needs)
            (versions / f"{name}.py").write_text(text, encoding="utf-8")
        config = Config(attributes={"url": database.replace("postgresql:", "postgresql+psycopg:")})
        config.set_main_option("script_location", str(tmp_path))
        config.attributes["options"] = {"on_version_apply": verify_after_upgrade(contract), **options}
        return config

    return made


def there(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("select relname from pg_class where relname in ('one', 'two', 'side') order by 1")
        return [name for (name,) in found]


@pytest.mark.parametrize("env", [SYNC, ASYNC], ids=["sync", "async"])
def test_what_breaks_the_contract_is_rolled_back(
    alembic: Callable[..., Config], database: str, env: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "alembic.pgcontract")
    with pytest.raises(UpgradeRefusedError) as refused:
        command.upgrade(alembic(BROKEN, env), "head")
    summary = "contract 'notes' does not hold after the upgrade, whose transaction is rolled back"
    assert str(refused.value) == f"{summary}: type of public.two.id is integer, not bigint"
    assert isinstance(refused.value, CommandError), "Alembic shows it in a line"
    assert refused.value.report is not None
    assert [each.subject for each in refused.value.report.having("failed")] == ["public.two.id"]
    assert there(database) == []
    command.upgrade(alembic(HOLDS, env), "head")
    assert there(database) == ["one", "two"]
    broken, holds = [each for each in caplog.records if each.name == "alembic.pgcontract"]
    assert "expected: bigint" in broken.message
    assert holds.message == "contract 'notes' holds: 1 passed"


def test_only_the_end_of_an_upgrade_is_verified(alembic: Callable[..., Config], database: str) -> None:
    command.upgrade(alembic(BROKEN), "one")
    assert there(database) == ["one"]
    command.downgrade(alembic(BROKEN), "base")
    command.stamp(alembic(BROKEN), "two")
    command.current(alembic(BROKEN))
    command.stamp(alembic(BROKEN), "base")
    command.upgrade(alembic(BROKEN, OFFLINE), "head", sql=True)
    assert there(database) == []


def test_with_a_transaction_for_each_the_last_is_rolled_back(alembic: Callable[..., Config], database: str) -> None:
    with pytest.raises(UpgradeRefusedError):
        command.upgrade(alembic(BROKEN, transaction_per_migration=True), "head")
    assert there(database) == ["one"]


def test_the_end_is_that_of_all_branches(alembic: Callable[..., Config], database: str) -> None:
    command.upgrade(alembic(BROKEN, branch=True), "two")
    with pytest.raises(UpgradeRefusedError):
        command.upgrade(alembic(BROKEN, branch=True), "heads")
    assert there(database) == ["one", "two"]


def test_a_contract_is_read_when_it_is_needed(alembic: Callable[..., Config], database: str, tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    command.upgrade(alembic(contract), "one")
    with pytest.raises(UpgradeRefusedError, match=r"cannot be verified: .*contract\.yaml"):
        command.upgrade(alembic(str(contract)), "head")
    contract.write_text(HOLDS.to_yaml(), encoding="utf-8")
    command.upgrade(alembic(contract), "head")
    command.downgrade(alembic(contract), "base")
    with pytest.raises(UpgradeRefusedError, match="is integer, not bigint"):
        command.upgrade(alembic(lambda: BROKEN), "head")
    assert there(database) == []


def test_another_driver_is_refused_at_the_first_migration() -> None:
    """By its first migration, not the last: its transaction is still to be rolled back."""
    theirs = type("Connection", (), {"__module__": "asyncpg.connection"})()
    pooled = SimpleNamespace(connection=SimpleNamespace(driver_connection=theirs))
    ctx: Any = SimpleNamespace(as_sql=False, connection=pooled)
    step: Any = SimpleNamespace(is_stamp=False, is_upgrade=True)
    with pytest.raises(UpgradeRefusedError, match=r"run by asyncpg: give Alembic a URL that begins with postgresql\+"):
        verify_after_upgrade(HOLDS)(ctx=ctx, step=step, heads=set())
