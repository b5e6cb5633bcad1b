"""`pgcontract site`: what it writes, what it says, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.lifecycle.history.folder import Folder
from pgcontract.verdict import Database, Outcome, Report

if TYPE_CHECKING:
    from pathlib import Path

Run = Any


@pytest.fixture
def runs(here: Path) -> Folder:
    """A history of two runs."""
    folder = Folder(here / "runs")
    for day, suite in ((1, "shop"), (2, "billing")):
        outcome = Outcome("TableExists", "public.users", "passed", sentence="The table public.users exists")
        database = Database("app", "18.6", "")
        folder.add(Report(suite, database, datetime(2026, 11, day, tzinfo=UTC), 5.0, (outcome,)))
    return folder


@pytest.mark.usefixtures("runs")
def test_the_site_is_written_and_said_in_a_line(here: Path, run: Run) -> None:
    ended = run("site", "--history", "runs")
    assert (ended.status, ended.out) == (0, "")
    assert ended.lines == ["public/index.html: 2 contracts, 2 runs; pages: 9 written, 0 unchanged"]
    assert (here / "public" / "shop" / "app" / "promises.html").is_file()
    ended = run("site", "--history", "runs", "-o", "public", "--suite", "bill*")
    assert ended.lines == ["public/index.html: 1 contract, 1 run; pages: 1 written, 4 unchanged, 4 removed"]
    assert not (here / "public" / "shop").exists()


@pytest.mark.usefixtures("runs")
def test_the_history_may_stand_in_the_settings(here: Path, run: Run) -> None:
    (here / "pgcontract.toml").write_text('history = "runs"\n')
    assert run("site").status == 0


def test_a_contract_without_a_run_needs_no_history(here: Path, run: Run) -> None:
    ended = run("site", "contract.yaml")
    assert ended.lines == ["public/index.html: 1 contract, 0 runs; pages: 3 written, 0 unchanged"]
    assert (here / "public" / "shop" / "no-run~" / "promises.html").is_file()


@pytest.mark.usefixtures("runs")
def test_what_is_no_run_is_named(here: Path, run: Run) -> None:
    (here / "runs" / "note.json").write_text("{}")
    ended = run("site", "--history", "runs")
    assert ended.status == 0
    assert ended.lines[0].startswith("left out: note.json: not a report")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no history was named"),
        (["--history", "nowhere"], "there is no folder nowhere"),
        (["--history", "redis://x"], "redis:// is no place for a history"),
        (["--history", "runs", "--suite", "other"], "runs has no run that fits"),
        (["--history", "runs", "--since", "yesterday"], "--since 'yesterday' is no moment"),
        (["--history", "runs", "--output", "contract.yaml"], "contract.yaml is no place for a site: it is a file"),
        (["--history", "runs", "--output", "contract.yaml/site"], "cannot be made: contract.yaml is a file"),
        (["--history", "runs", "--output", "."], "holds contract.yaml, and no site of pgcontract"),
        (["--history", "runs", "nothing.yaml"], "there is no contract 'nothing.yaml'"),
        (["--history", "runs", "--reports", "0"], "greater than or equal to 1"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_what_cannot_be_written_is_said_before_anything_is(
    here: Path, run: Run, arguments: list[str], said: str
) -> None:
    ended = run("site", *arguments)
    assert ended.status == 2
    assert said in " ".join(ended.err.split())
    assert not (here / "public").exists()
