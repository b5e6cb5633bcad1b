"""The house's own rules, where no linter has them."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "pgcontract"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def too_long(module: Path) -> list[str]:
    """What in the module is longer than the house has it, with its length."""
    text = module.read_text("utf-8")
    lines = len(text.splitlines())
    if lines <= LONGEST_FUNCTION:
        return []
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    long = [f"{relative(module)}::{name}: {length} lines" for name, length in lengths if length > LONGEST_FUNCTION]
    return [f"{relative(module)}: {lines} lines, perhaps of two nouns", *long] if lines > LONGEST_MODULE else long


def test_modules_and_functions_stay_short() -> None:
    assert len(MODULES) > 500
    found = [each for module in MODULES for each in too_long(module)]
    assert not found, "\n".join(found)


def published_files() -> list[Path]:
    """What is in version control; where there is no git, what an archive of it unpacks to."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "examples", "tools")
        return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_somebodys_machine() -> None:
    personal = re.compile(r"/(?:home|Users)/\w+|/root/\.|[A-Z]:\\Users\\")
    found = [
        f"{relative(path)}: {match.group()}"
        for path in published_files()
        if path.resolve() != Path(__file__).resolve()
        for match in personal.finditer(path.read_text("utf-8", errors="ignore"))
    ]
    assert not found
