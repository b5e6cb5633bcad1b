"""What the findings of a kind say is looked at with its cases: so each case of this folder must be proven so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = sorted(path for path in HERE.glob("test_*.py") if "\nCASES" in path.read_text("utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_cases_are_proven_with_their_findings(path: Path) -> None:
    """By the fixture, which looks at the findings; what is imported of that name does not."""
    module = ast.parse(path.read_text("utf-8"))
    tests = [each for each in module.body if isinstance(each, ast.FunctionDef)]
    assert any("prove" in {argument.arg for argument in test.args.args} for test in tests), "take the fixture prove"
    imported = [name.name for each in module.body if isinstance(each, ast.ImportFrom) for name in each.names]
    assert "prove" not in imported, "the fixture prove is to be taken, not the function"
