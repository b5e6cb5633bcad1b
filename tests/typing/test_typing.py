"""The type checkers accept what is right and refuse what is wrong, line by line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = (str(HERE / "accepted.py"), str(HERE / "refused.py"))

pytest.importorskip("mypy", reason="mypy is in the dependency group lint")
pytest.importorskip("pyright", reason="pyright is in the dependency group lint")


def marked() -> list[int]:
    lines = (HERE / "refused.py").read_text("utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if "  # error: " in line]


def run(*command: str) -> str:
    environment = os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    ).stdout


Errors = list[tuple[str, int, str]]
"""The file's name, the line, and what the checker says."""


def by_mypy() -> Errors:
    output = run("mypy", "--strict", "--no-warn-unused-ignores", "--output", "json", *FILES)
    found: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [(Path(e["file"]).name, e["line"], e["message"]) for e in found if e["severity"] == "error"]


def by_pyright() -> Errors:
    with TemporaryDirectory() as folder:  # a project of its own, for ours leaves out what is wrong on purpose
        config = Path(folder, "pyrightconfig.json")
        config.write_text(json.dumps({"typeCheckingMode": "strict", "pythonVersion": "3.11"}))
        for file in FILES:
            shutil.copy(file, folder)
        output = run("pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(config))
    found = json.loads(output)["generalDiagnostics"]
    errors = [each for each in found if each["severity"] == "error"]
    return [(Path(e["file"]).name, e["range"]["start"]["line"] + 1, e["message"]) for e in errors]


@pytest.mark.parametrize("check", [by_mypy, by_pyright])
def test_checkers_agree_with_the_marks(check: Callable[[], Errors]) -> None:
    found = check()
    assert [error for error in found if error[0] != "refused.py"] == []
    assert sorted({line for _, line, _ in found}) == marked(), found


def test_the_wrong_uses_are_many() -> None:
    assert len(marked()) > 25
    assert not re.search(r"type: ignore|pyright: ignore", (HERE / "refused.py").read_text("utf-8"))
