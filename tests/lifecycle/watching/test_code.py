"""A contract in Python is read anew, with what it imports from beside it; what is installed stays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pgcontract.contract.load import load
from pgcontract.errors import ContractError
from pgcontract.lifecycle.watching import Code

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """
import json, rich
from dataclasses import dataclass
from pgcontract import CatalogExpectation, Relation, Suite, TableExists
from s13_wanted import TABLE


class Watched(CatalogExpectation):
    "<table> is watched."

    table: Relation

    def check(self, catalog):
        yield from ()


suite = Suite("s", [TableExists(TABLE), Watched(TABLE)])
""".replace("s13_wanted", "wanted_by_a_watched_contract")
HELPER = "wanted_by_a_watched_contract.py"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "watched_contract.py").write_text(CONTRACT)
    (tmp_path / HELPER).write_text("TABLE = 'users'")
    return tmp_path


@pytest.mark.parametrize("source", ["watched_contract.py", "watched_contract:suite", "watched_contract.py:suite"])
def test_what_it_imports_is_watched_and_read_anew(here: Path, source: str) -> None:
    code = Code(source)
    assert [one.subject for one in load(source)] == ["public.users", "public.users"]
    assert sorted(map(str, code.files())) == sorted(["watched_contract.py", HELPER])
    rich = sys.modules["rich"]
    (here / HELPER).write_text("TABLE = 'teams'")
    code.forget()
    assert [one.subject for one in load(source)] == ["public.teams", "public.teams"]
    assert sys.modules["rich"] is rich
    code.forget()


def test_a_module_that_does_not_import_is_watched_all_the_same(here: Path) -> None:
    (here / HELPER).write_text("TABLE = ")
    code = Code("watched_contract:suite")
    with pytest.raises(ContractError):
        load("watched_contract:suite")
    assert here / HELPER in {path.resolve() for path in code.files()}


@pytest.mark.parametrize(
    ("source", "watched"),
    [
        ("contract.yaml", {"contract.yaml"}),
        ("nowhere/contract.json", {"nowhere/contract.json"}),
        (
            "folder",
            {"folder/contract.yaml", "folder/contract.yml", "folder/contract.json", "folder/contract.py"},
        ),
    ],
)
def test_which_files_a_contract_is(here: Path, source: str, watched: set[str]) -> None:
    (here / "folder").mkdir()
    assert {str(path) for path in Code(source).files()} == watched
