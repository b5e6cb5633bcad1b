"""The page on behaviour: its contract holds on its schema, and breaks with it; its probe runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract import verify
from pgcontract.contract.load import loads
from pgcontract.contract.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "behaviour.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def desk(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as connection:
        for block in fences("sql"):
            connection.execute(block.encode())
    return database


@pytest.fixture(autouse=True)
def _without_its_roles(database: str) -> Iterator[None]:
    """Roles are the server's, not the database's: none must stay."""
    yield
    with psycopg.connect(database, autocommit=True) as connection:
        for role in ("desk_app", "desk_guest"):
            connection.execute(f"drop owned by {role}".encode())
            connection.execute(f"drop role {role}".encode())


def test_the_contract_says_what_the_page_says(desk: str) -> None:
    (text,) = fences("yaml")
    suite = loads(text)
    report = verify(suite, desk, probes="rollback")
    assert [outcome for outcome in report.outcomes if outcome.status != "passed"] == []
    named = re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE)
    assert {expectation.kind for expectation in suite} <= {*re.findall(r"`(\w+)`", PAGE)} & {*named, *_others(named)}
    assert suite.principals[0] == Principal("tenant 1", "desk_app", settings={"app.tenant_id": "1"})


def _others(named: list[str]) -> set[str]:
    return {"NotReadableBy", "WritableBy", "NotWritableBy"} if "ReadableBy" in named else set()


@pytest.mark.parametrize(
    ("broken", "kinds"),
    [
        (
            "create policy shared on tickets for select to desk_app using (true)",
            {"RlsIsolates", "ReadableBy", "TenantsDoNotInterfere"},
        ),
        ("alter table tickets disable trigger touch", {"TriggerFires"}),
        ("alter table tickets drop constraint tickets_title_check", {"ConstraintRefuses"}),
        ("grant update on tickets to desk_app", {"NotWritableBy"}),
        ("revoke delete on tickets from desk_app", {"CrudWorks"}),
    ],
)
def test_and_breaks_with_it(desk: str, broken: str, kinds: set[str]) -> None:
    (text,) = fences("yaml")
    with psycopg.connect(desk, autocommit=True) as connection:
        connection.execute(broken.encode())
    report = verify(loads(text), desk, probes="rollback")
    assert {outcome.kind for outcome in report.having("failed") if outcome.severity == "error"} == kinds


def test_the_probe_runs(desk: str) -> None:
    (program,) = fences("python")
    code = compile(program.replace("postgresql://localhost/desk", desk), "docs", "exec", dont_inherit=True)
    exec(code, {"__name__": "docs"})  # noqa: S102 - our own text
