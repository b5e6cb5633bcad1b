"""Expectations are added to a contract file, and not a character that its author wrote is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pgcontract import ColumnExists, PolicyPresent, TableExists
from pgcontract.contract.adding import add, file_of
from pgcontract.contract.load import load
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

NEW = TableExists("public.users")
ODD = PolicyPresent('public."a: b"', "it's #1", using="((a = 'x: [y]'::text) AND true)")

# The file as it was, the line that comes in, and what it stands behind; None for refused.
CASES = {
    "a list at the end": (
        "suite: s\nexpectations:\n- TableExists: a\n",
        "- TableExists: users\n",
        "- TableExists: a\n",
    ),
    "a list set in, with comments": (
        "# top\nsuite: s\nexpectations:\n  # one\n  - TableExists: a  # why\n\n# the end\n",
        "  - TableExists: users\n",
        "a  # why\n",
    ),
    "a list before another key": (
        "suite: s\nexpectations:\n  - TableExists:\n      table: a\n\n# next\nignore: []\n",
        "  - TableExists: users\n",
        "      table: a\n",
    ),
    "an item of several lines": (
        "suite: s\nexpectations:\n  - TableExists:\n      table: a\n      because: |\n        a\n        b\n",
        "  - TableExists: users\n",
        "        b\n",
    ),
    "no end of the last line": (
        "suite: s\nexpectations:\n- TableExists: a",
        "\n- TableExists: users\n",
        "TableExists: a",
    ),
    "no list": ("suite: s\ntables: {a: {}}\n", "\nexpectations:\n  - TableExists: users\n", "tables: {a: {}}\n"),
    "an empty list": ("suite: s\nexpectations: []\n", "{TableExists: users}", "expectations: ["),
    "a list in brackets": (
        "suite: s\nexpectations: [{TableExists: a}]\n",
        ", {TableExists: users}",
        "expectations: [{TableExists: a}",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_yaml(tmp_path: Path, name: str) -> None:
    before, line, behind = CASES[name]
    path = tmp_path / "contract.yaml"
    path.write_text(before)
    suite = load(path)
    assert add(path, [NEW]) == 1
    assert path.read_text() == before.replace(behind, behind + line, 1)
    assert set(load(path)) == {*suite, NEW}
    assert add(path, [NEW, NEW]) == 0


@pytest.mark.parametrize(
    "before",
    [
        '{"suite": "s", "expectations": [{"TableExists": "a"}]}\n',
        '{\n  "suite": "s",\n  "expectations": [\n    {"TableExists": "a"}\n  ]\n}\n',
        '{"expectations": [], "suite": "s"}',
        '{\n  "suite": "s"\n}\n',
    ],
)
def test_json(tmp_path: Path, before: str) -> None:
    path = tmp_path / "contract.json"
    path.write_text(before)
    suite = load(path)
    assert add(path, [NEW, ODD]) == 2
    assert set(load(path)) == {*suite, NEW, ODD}
    assert load(path).name == "s"
    after = path.read_text()
    for piece in re.split(r"[\[\]{}\n]+", before):
        assert piece.rstrip(", ") in after


def test_whatever_it_says_it_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text("suite: s\nschema: app\nexpectations:\n  - TableExists: a\n")
    assert add(path, [ODD, ColumnExists("app.users", 'x"y'), ColumnExists("public.users", "a\nb")]) == 3
    assert {ODD, ColumnExists("app.users", 'x"y'), ColumnExists("public.users", "a\nb")} < set(load(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("contract.yaml", "{suite: s, expectations: [{TableExists: a}]}\n"),
        ("contract.yaml", "suite: s\nexpectations: &all\n- TableExists: a\n---\n"),
    ],
)
def test_what_nothing_can_be_added_to_is_left_alone(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ContractError):
        add(path, [NEW])
    assert path.read_text() == content


def test_only_files_that_hold_data_can_be_added_to(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_text("suite: s\n")
    (tmp_path / "contract.py").write_text("")
    assert file_of(tmp_path) == tmp_path / "contract.yaml"
    for source in (tmp_path / "contract.py", "package:suite", tmp_path / "absent.yaml"):
        with pytest.raises(ContractError, match="can be added to"):
            file_of(source)
