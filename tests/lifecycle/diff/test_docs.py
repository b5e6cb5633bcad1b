"""The programs in docs/diff.md run, and its words are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from pgcontract.difference import GRADES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "diff.md").read_text("utf-8")


def test_its_programs_run(
    clone: Callable[[str | None], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    urls = {f"postgresql://localhost/{name}": clone(None) for name in ("before", "after")}
    with psycopg.connect(urls["postgresql://localhost/after"], autocommit=True) as connection:
        connection.execute("create table users (id uuid primary key)")
    for program in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        for written, url in [*urls.items(), ("postgresql://localhost/app", urls["postgresql://localhost/after"])]:
            program = program.replace(written, url)  # noqa: PLW2901 - one after the other
        exec(compile(program, "docs", "exec"), {"__name__": "docs"})  # noqa: S102 - our own text
    assert (tmp_path / "production.json").read_text("utf-8").startswith('{\n "format": "pgcontract.catalog/1"')
    assert capsys.readouterr().out == "safe public.users existence None table, 1 column\n"


def test_every_grade_is_explained() -> None:
    assert re.findall(r"^\| `([a-z ]+)` \|", PAGE.split("## Grades")[1].split("\n## ")[0], re.MULTILINE) == [
        *reversed(GRADES[2:]), *GRADES[1::-1]
    ]  # fmt: skip
