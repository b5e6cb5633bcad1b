"""Programs of the documentation that no other test runs: they are run, and do what the page says of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import Suite, verify
from pgcontract.contract.load import loads
from pgcontract.lifecycle.history import opened

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONTRACT = "suite: billing\ntables:\n  invoices: {columns: {amount: 'numeric(12,2)'}}\n"


def writes_a_contract(names: dict[str, Any], url: str) -> None:
    assert verify(loads(names["contract_of"](url)), url).passed


def proposes(names: dict[str, Any], url: str) -> None:
    assert loads(names["proposals_of"](url)).name


def mends(names: dict[str, Any], url: str) -> None:
    assert "alter column amount type numeric(12,2)" in names["script"](names["plan"], title="billing")
    assert verify(Suite.load("contract.yaml"), url).passed


def builds(names: dict[str, Any], url: str) -> None:
    assert names["built"].contracts == 1
    assert Path("public/index.html").exists()
    assert url


def says_the_same(names: dict[str, Any], url: str) -> None:
    assert loads(names["suite"].to_yaml(short=True)) == names["suite"]
    assert url


@pytest.mark.parametrize(
    ("page", "then"),
    [
        ("contracts.md", says_the_same),
        ("inventory.md", writes_a_contract),
        ("profile.md", proposes),
        ("reconcile.md", mends),
        ("site.md", builds),
    ],
)
def test_it_does_what_the_page_says(
    page: str,
    then: Callable[[dict[str, Any], str], None],
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contract.yaml").write_text(CONTRACT, "utf-8")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table invoices (id int primary key, amount numeric(10,2))")
    if then is builds:
        opened("runs").add(verify(Suite.load("contract.yaml"), database))
    (program,) = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {"__name__": "docs"}
    exec(compile(program.replace("postgresql://…", database), "docs", "exec"), names)  # noqa: S102 - our own text
    then(names, database)
