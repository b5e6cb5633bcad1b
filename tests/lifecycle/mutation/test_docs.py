"""docs/mutation.md lists the kinds that there are, and its program runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from pgcontract.lifecycle.mutation import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "mutation.md").read_text("utf-8")


def test_every_kind_is_listed_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", PAGE.partition("## The kinds")[2], re.MULTILINE)
    assert rows == [(kind.name, kind.noun, kind.says) for kind in KINDS.values()]
    assert len(rows) >= 60


def test_every_kind_is_said_once_and_without_a_period() -> None:
    said = [kind.says for kind in KINDS.values()]
    assert len(said) == len(set(said))
    assert not [words for words in said if words.endswith(".")]


def test_its_program_runs(clone: Callable[[str | None], str], capsys: pytest.CaptureFixture[str]) -> None:
    url = clone(None)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table invoices (id uuid primary key, amount numeric(12,2) not null)")
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    program = program.replace("postgresql://localhost/app", url)
    exec(compile(program, "docs", "exec"), {"__name__": "docs"})  # noqa: S102 - our own text
    assert re.fullmatch(r"\d+ of \d+\n", capsys.readouterr().out)
