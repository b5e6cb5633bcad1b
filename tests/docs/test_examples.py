"""The examples in the README and the documentation are run: they say what happens, or they do not stand there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.contract.load import loads
from pgcontract.supabase import PLATFORM_SQL

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DURATION = re.compile(r"in \d+(\.\d+)? m?s\b")


def fences(page: Path, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def blocks(language: str, needle: str) -> list[object]:
    return [
        pytest.param(block, id=f"{page.relative_to(ROOT)}:{number}")
        for page in PAGES
        for number, block in enumerate(fences(page, language), 1)
        if needle in block
    ]


def test_the_first_minute_prints_what_the_readme_shows(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("contract.yaml", "schema.sql"):
        content = re.search(rf"`{name}`:\n\n```\w+\n(.*?)```", readme, re.DOTALL)
        assert content, f"the README shows no {name}"
        (tmp_path / name).write_text(content.group(1), encoding="utf-8")
    (transcript,) = [block for block in fences(ROOT / "README.md", "console") if "pgcontract verify" in block]
    command, _, shown = transcript.removeprefix("$ ").partition("\n")
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "80", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert DURATION.sub("in 1 ms", done.stdout) == DURATION.sub("in 1 ms", shown)
    assert "<!doctype html>" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", blocks("yaml", "suite:"))
def test_a_contract_in_the_docs_is_a_contract(text: str) -> None:
    assert len(loads(text)) > 0


@pytest.mark.parametrize("program", blocks("python", "postgresql://localhost/billing"))
def test_a_program_in_the_docs_runs(
    program: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(PLATFORM_SQL.encode())
        connection.execute("create table invoices (id uuid primary key, amount numeric(12,2) not null)")
    exec(compile(program.replace("postgresql://localhost/billing", database), "docs", "exec"), {"__name__": "docs"})  # noqa: S102 - our own text
    (page,) = tmp_path.glob("*.html")
    assert "<!doctype html>" in page.read_text(encoding="utf-8")
