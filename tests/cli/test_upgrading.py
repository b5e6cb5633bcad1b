"""`--alembic` is a private database with the project as the last item of its setup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgcontract.cli.upgrading import upgraded
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import Settings, settings

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Settings()
CONFIGURED = Settings(db="postgresql://localhost/app", setup=("supabase",))


@pytest.mark.parametrize(
    ("project", "db", "setup", "configured", "expected"),
    [
        ("alembic.ini", None, None, PLAIN, ("embedded", ("alembic:alembic.ini",))),
        ("app", "embedded", ["a.sql"], PLAIN, ("embedded", ("a.sql", "alembic:app"))),
        ("app", None, None, CONFIGURED, ("embedded", ("supabase", "alembic:app"))),
        ("app", None, ["a.sql"], CONFIGURED, ("embedded", ("a.sql", "alembic:app"))),
        (None, "embedded", ["a.sql"], PLAIN, ("embedded", ("a.sql",))),
        (None, None, None, CONFIGURED, ("postgresql://localhost/app", ("supabase",))),
    ],
)
def test_which_database_is_meant(
    project: str | None,
    db: str | None,
    setup: list[str] | None,
    configured: Settings,
    expected: tuple[str, tuple[str, ...]],
) -> None:
    assert upgraded(project, db, setup, configured) == expected


def test_another_database_is_not_upgraded() -> None:
    with pytest.raises(ContractError) as refused:
        upgraded("alembic.ini", "postgresql://production/app", None, PLAIN)
    assert refused.value.hint == "To upgrade that one first: --setup alembic:alembic.ini"


def test_a_project_of_the_configuration_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pgcontract.toml").write_text('setup = ["alembic:app/alembic.ini", "a.sql"]', encoding="utf-8")
    assert settings(tmp_path).setup == (f"alembic:{tmp_path}/app/alembic.ini", f"{tmp_path}/a.sql")
