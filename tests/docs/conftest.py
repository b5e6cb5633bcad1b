"""A page of the documentation, followed word for word: its files are written, its commands run, in their order."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"(?:(?P<said>(?:[^\n]+\n)+)\n)?(?P<more><!-- appended -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
# What is not the same from run to run.
VARIES = re.compile(r"in \d+(\.\d+)? m?s\b| +\d+(\.\d+)? m?s$|\d{14}(?=_\w+\.sql)|(?<=PostgreSQL )[\d.]+", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A command of a page, and what it shows below it."""

    command: str
    shown: str

    def arguments(self, url: str) -> list[str]:
        """The command's words; instead of a private server's, a database of the one that is there."""
        program, *arguments = shlex.split(self.command.replace("--db embedded", f"--db {url}"))
        assert program == "pgcontract"
        return arguments


def steps(page: str) -> Iterator[Step]:
    """The commands of a page, in order; before each, the files that are shown above it are written into this folder."""
    text = (ROOT / page).read_text("utf-8")
    for found in FENCE.finditer(text):
        if found["language"] == "console":
            for block in re.split(r"^\$ ", found["text"], flags=re.MULTILINE)[1:]:
                command, _, shown = block.partition("\n")
                yield Step(command, shown)
        elif found["more"]:
            with Path("contract.yaml").open("a", encoding="utf-8") as contract:
                contract.write(found["text"])
        elif names := re.findall(r"`([\w./-]+\.(?:sql|ya?ml|toml))`", found["said"] or ""):
            Path(names[-1]).parent.mkdir(parents=True, exist_ok=True)
            Path(names[-1]).write_text(found["text"], "utf-8")


@pytest.fixture
def follow(
    clone: Callable[[str | None], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command_line: Callable[..., Any],
) -> Callable[[str], int]:
    """Follow a page, prove that each of its commands prints what it shows, and return how many there were."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("DATABASE_URL", "SUPABASE_DB_URL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def ran(step: Step) -> str:
        url = clone(None)
        ended = command_line(*step.arguments(url))
        assert ended.status in {0, 1}, ended.err
        out: str = ended.out
        return out.replace(f" on {conninfo_to_dict(url)['dbname']} (", " on postgres (")

    def followed(page: str) -> int:
        count = 0
        for count, step in enumerate(steps(page), 1):  # noqa: B007 - what it was last
            assert VARIES.sub("…", ran(step)) == VARIES.sub("…", step.shown), step.command
        return count

    return followed
