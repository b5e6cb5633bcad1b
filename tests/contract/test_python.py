"""Contracts in Python: files, modules, folders, and what goes wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgcontract import Suite, TableExists
from pgcontract.contract.load import load
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = "from pgcontract import *\n"

# A file's text, and the message without the file's name.
BROKEN = {
    "raises": ("x = 1\nraise RuntimeError('boo\\nhoo')", ":2: RuntimeError: boo"),
    "raises in a function": ("def f():\n    1 / 0\n\n\nf()\n", ":2: ZeroDivisionError: division by zero"),
    "raises nothing to say": ("raise KeyError", ":1: KeyError"),
    "exits": ("import sys\nsys.exit(3)", ":2: SystemExit: 3"),
    "does not parse": ("x = 1\ny = (\n", ":2:5: '(' was never closed"),
    "imports what is not there": ("import nonexistent_zzz", ":1: No module named 'nonexistent_zzz'"),
    "holds no suite": ("x = 1", " should hold one Suite, best called `suite`; it holds none"),
    "holds two suites": (
        HEAD + "a = Suite('a')\nb = Suite('b')",
        " should hold one Suite, best called `suite`; it holds several (a, b)",
    ),
    "unknown field": (
        HEAD + "suite = Suite('s', [\n    TableExists('a', severty='error'),\n])",
        ":3: TableExists: unknown key 'severty'; known are table, severity, tags, because. Perhaps you meant severity.",
    ),
    "missing field": (HEAD + "e = ColumnExists('a')", ":2: ColumnExists: 'column' is missing"),
    "one argument too many": (
        HEAD + "e = TableExists('a', 'b')",
        ":2: TypeError: TableExists takes 1 positional arguments (table), not 2",
    ),
    "no expectation": (
        HEAD + "suite = Suite('s', ['users'])",
        ":2: TypeError: a suite is made of expectations, not of 'users'",
    ),
    "two problems": (
        HEAD + "e = table('a', columns={'b': {'typ': 'x'}}, severity='eror')",
        (
            ":2: TableForm: severity is 'eror', but must be 'error', 'warning' or 'info'. Perhaps you meant error.\n"
            ":2: TableForm: unknown key 'typ'; known are type, nullable, default, "
            "generated, identity, collation, storage, comment, unique, not_null, values, between, matches, length, "
            "json_schema, increasing, fresh, nulls, distinct, mean, stddev, sum, quantiles, refers_to, severity, tags, "
            "because. "
            "Perhaps you meant type."
        ),
    ),
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    before, path = set(sys.modules), list(sys.path)
    yield
    assert sys.path == path
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def message(source: str) -> str:
    with pytest.raises(ContractError) as caught:
        load(source)
    return str(caught.value) + (f" | {caught.value.hint}" if caught.value.hint else "")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(name: str) -> None:
    text, expected = BROKEN[name]
    Path("c.py").write_text(text)
    assert message("c.py") == "\n".join(f"c.py{line}" for line in expected.split("\n"))


def test_a_file_may_import_its_neighbours() -> None:
    Path("sub").mkdir()
    Path("sub/neighbour.py").write_text(HEAD + "mine = [TableExists('a')]\n")
    Path("sub/c.py").write_text(HEAD + "import neighbour\nthe_suite = Suite('s', neighbour.mine)\n")
    assert load("sub/c.py") == Suite("s", [TableExists("a")])


def test_a_neighbour_that_does_not_parse_is_named() -> None:
    Path("neighbour.py").write_text("a\nb = = c")
    Path("c.py").write_text("import neighbour")
    assert message("c.py") == f"{Path.cwd() / 'neighbour.py'}:2:5: invalid syntax"


def test_the_one_called_suite_is_taken() -> None:
    Path("c.py").write_text(HEAD + "other = Suite('other')\nsuite = Suite('this')\n")
    assert load("c.py").name == "this"


@pytest.mark.parametrize("source", ["good:mine", "good.py:mine", "good.py", "folder", Path("good.py")])
def test_what_can_be_named(source: str | Path) -> None:
    Path("good.py").write_text(HEAD + "mine = Suite('s')\n")
    Path("folder").mkdir()
    Path("folder/contract.yml").write_text("suite: s")
    assert load(source) == Suite("s")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("god:mine", "there is no module god | Perhaps you meant good."),
        ("good:min", "good:min is not a Suite | Perhaps you meant mine."),
        ("good:number", "good:number is not a Suite"),
        ("good:", "good: is not a Suite"),
        ("bad:mine", "{}/bad.py:1: ZeroDivisionError: division by zero"),
        ("goo.yaml", "there is no contract 'goo.yaml' | Perhaps you meant good.yaml."),
        ("nowhere/good.yaml", "there is no contract 'nowhere/good.yaml': there is no folder nowhere"),
        ("goo.py", "there is no contract 'goo.py' | Perhaps you meant good.py."),
        ("empty", "empty holds no contract | Name the file contract.yaml, or give the file itself."),
        (
            "good.txt",
            "good.txt: a contract is a .yaml, .json or .py file, a folder with contract.yaml, or module:attribute",
        ),
        (
            "postgresql://ann:s3cret@host/db",
            "postgresql://ann:***@host/db is no contract | If it is the database, give it with --db.",
        ),
        ("x" * 300 + ".yaml", "x" * 300 + ".yaml cannot be read: File name too long"),
    ],
)
def test_what_is_not_there(source: str, expected: str) -> None:
    Path("good.py").write_text(HEAD + "mine = Suite('s')\nnumber = 1\n")
    Path("bad.py").write_text("1 / 0")
    Path("good.yaml").touch()
    Path("good.txt").touch()
    Path("empty").mkdir()
    assert message(source) == expected.format(Path.cwd())


def test_a_file_loaded_twice_defines_its_expectations_once() -> None:
    text = (
        "from pgcontract import CatalogExpectation, Suite\n\n\n"
        "class Mine(CatalogExpectation):\n    def check(self, catalog):\n        yield from ()\n\n\n"
        "suite = Suite('s', [Mine()])\n"
    )
    Path("c.py").write_text(text)
    first, second = load("c.py"), load("c.py")
    assert first.expectations[0].kind == second.expectations[0].kind == "Mine"
    Path("c.yaml").write_text("suite: s\nexpectations: [Mine]")
    assert load("c.yaml").to_yaml() == second.to_yaml()
