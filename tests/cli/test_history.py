"""`--history` keeps runs and takes nothing from a verdict; `pgcontract history` shows what the runs tell."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.lifecycle.history.document import SCHEMA
from pgcontract.lifecycle.history.folder import Folder
from pgcontract.verdict import Database, Finding, Outcome, Report

Run = Any
Change = Callable[[str, str], None]

VERIFY = ("verify", "contract.yaml", "--db")
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def run_of(hour: float, *failing: str, suite: str = "shop", errored: bool = False) -> Report:
    found = {
        what: Finding(f"{what} is <wrong> | \x1b[1mhere", "right", object=what, fingerprint=what * 16)
        for what in failing
    }
    checks = sorted({"a", "b", "c", *failing})
    outcomes = [
        Outcome(
            "Check", what, "failed" if what in found else "passed", findings=(found[what],) if what in found else ()
        )
        for what in checks
    ]
    outcomes += [Outcome("Probe", "d", "errored", reason="too slow")] if errored else []
    return Report(suite, Database("app", "18.6", "db"), START + timedelta(hours=hour), 5.0, tuple(outcomes))


@pytest.fixture
def runs(here: Path) -> Path:
    """A folder in which a fails from the second run on, b was mended, and c flaps."""
    store = Folder(here / "runs")
    rows = [("b", "c"), ("a", "b"), ("a", "c"), ("a",), ("a", "c")]
    for number, failing in enumerate(rows):
        store.add(run_of(number * 10, *failing))
    store.add(run_of(1, "a", suite="other", errored=True))
    return here / "runs"


def test_runs_are_kept_and_say_since_when(run: Run, url: str, change: Change, here: Path) -> None:
    assert run(*VERIFY, url, "--history", "runs").status == 0
    change(url, "alter table users alter id type text")
    ended = run(*VERIFY, url, "--history", "runs", "-o", "report.html")
    assert (ended.status, ended.err) == (1, "")
    assert "    since    new in this run\n" in ended.out
    ended = run(*VERIFY, url, "--history", "runs", "-o", "report.html", "--format", "json")
    document = json.loads(ended.out)
    assert [run["passed"] for run in document["past"]] == [True, False]
    since = document["outcomes"][1]["findings"][0]["since"]
    assert (since["runs"], since["or_before"]) == (2, False)
    assert re.search(r"<b>Since</b> \S+ \S+ UTC, \d+ s, 2 runs", (here / "report.html").read_text())
    assert len(list((here / "runs").iterdir())) == 3
    ended = run("history", "runs")
    assert (ended.status, ended.err) == (0, "")
    assert "3 runs" in ended.out.splitlines()[0]
    assert "✓✗✗" in ended.out.splitlines()[1]
    assert ended.out.splitlines()[3] == "Failing (1)"


def test_the_settings_say_where_and_how_many(run: Run, url: str, here: Path) -> None:
    (here / "pgcontract.toml").write_text('history = "kept"\nhistory_keep = "2"\n')
    (here / "deep").mkdir()
    for _ in range(4):
        assert run(*VERIFY, url, "--quiet").status == 0
    assert len(list((here / "kept").iterdir())) == 2
    assert "2 runs" in run("history").out


def test_smoke_and_advise_keep_theirs_apart(run: Run, url: str) -> None:
    for command in (("smoke", "contract.yaml"), ("smoke",), ("advise", "--only", "ForeignKeysIndexed")):
        assert run(*command, "--db", url, "--history", "runs", "--quiet").status == 0
    histories = json.loads(run("history", "runs", "--format", "json").out)["histories"]
    assert [one["suite"] for one in histories] == ["advice", "shop (smoke)", "smoke"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/none", "cannot reach the database on 127.0.0.1"),
        ("runs", "runs cannot be written: "),
    ],
)
def test_a_history_that_fails_costs_no_verdict(
    run: Run, url: str, change: Change, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    ended = run(*VERIFY, url, "--history", place)
    assert ended.status == 0
    assert "shop holds" in ended.out
    assert "this run is not in the history: " in ended.err
    assert said in ended.err
    assert "s3cret" not in ended.err
    change(url, "drop table users")
    ended = run(*VERIFY, url, "--history", place, "--format", "json")
    assert ended.status == 1
    assert json.loads(ended.out)["passed"] is False
    assert "s3cret" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--history", "contract.yaml"), "contract.yaml is no place for a history: it is a file"),
        (("--history", "mysql://x"), "mysql:// is no place for a history"),
        (("--history", "runs", "--history-keep", "0"), "'0' is neither a number of runs nor an age"),
        (("--history-keep", "5"), "--history-keep needs --history DIR, or a URL"),
    ],
)
def test_what_can_be_no_history_is_said_before_the_run(run: Run, arguments: tuple[str, ...], line: str) -> None:
    ended = run(*VERIFY, "postgresql://localhost:1/nothing", *arguments)
    assert (ended.status, ended.lines[0]) == (2, f"pgcontract: {line}")


def test_it_shows_what_fails_what_is_over_and_what_flaps(run: Run, runs: Path) -> None:  # noqa: ARG001
    ended = run("history", "runs", "--suite", "shop")
    assert ended.out.splitlines() == [
        "shop on app (db): 5 runs, 2026-11-20 08:00 UTC to 2026-11-22 00:00 UTC; the last is broken (1 new)",
        "  ✗✗✗✗✗",
        "",
        "Failing (2)",
        "  ✗ c is <wrong> | \\x1b[1mhere  Check  cccccccccccccccc",
        "    new in the last run, for the 3rd time",
        "  ✗ a is <wrong> | \\x1b[1mhere  Check  aaaaaaaaaaaaaaaa",
        "    since 2026-11-20 18:00 UTC, 1 day 6 h, 4 runs",
        "",
        "Over (3)",
        "  ✓ c is <wrong> | \\x1b[1mhere  Check  cccccccccccccccc",
        "    fixed 2026-11-21 14:00 UTC, after 10 h, 1 run, for the 2nd time",
        "  ✓ b is <wrong> | \\x1b[1mhere  Check  bbbbbbbbbbbbbbbb",
        "    fixed 2026-11-21 04:00 UTC, after at least 20 h, 2 runs",
        "  ✓ c is <wrong> | \\x1b[1mhere  Check  cccccccccccccccc",
        "    fixed 2026-11-20 18:00 UTC, after at least 10 h, 1 run",
        "",
        "Flapping",
        "  ~ Check c: 4 changes in 5 runs, does not hold now",
    ]


def test_json_is_as_its_schema_says(run: Run, runs: Path) -> None:
    (runs / "x.json").write_text("damaged")
    ended = run("history", "runs", "--format", "json", "-o", "h.json", "-o", "h.md", "--format", "terminal")
    assert ended.status == 0
    assert ended.lines == ["left out: x.json: not a report: no JSON at line 1, column 1: expecting value"]
    document = json.loads(Path("h.json").read_text())
    VALIDATOR.validate(document)
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    other, shop = document["histories"]
    assert [one["errored"] for one in other["failing"]] == [False, True]
    assert [(one["subject"], one["new"], one["times"]) for one in shop["failing"]] == [("c", True, 3), ("a", False, 1)]
    assert [one["took_seconds"] for one in shop["over"]] == [36_000, 72_000, 36_000]
    assert shop["flapping"][0]["changes"] == 4
    assert document["left_out"] == [{"name": "x.json", "reason": ended.lines[0].partition("json: ")[2]}]


def test_markdown_shows_names_and_does_nothing_else(run: Run, runs: Path) -> None:  # noqa: ARG001
    text = run("history", "runs", "--format", "markdown", "--suite", "sh*").out
    assert text.startswith("## shop on app\n\n❌ shop on app (db): 5 runs")
    row = "| a is &#60;wrong&#62; &#124; &#92;x1b&#91;1mhere | Check | since 2026-11-20 18:00 UTC, 1 day 6 h, 4 runs | "
    assert row in text


@pytest.mark.parametrize(
    ("arguments", "points"),
    [
        ((), 5),
        (("--last", "2"), 2),
        (("--since", "2026-11-21"), 3),
        (("--since", "2026-11-21T14:00"), 2),
        (("--since", "2026-11-21T15:00+01:00"), 2),
        (("--since", "99999d"), 5),
        (("--database", "ap?"), 5),
    ],
)
def test_a_part_of_it(run: Run, runs: Path, arguments: tuple[str, ...], points: int) -> None:  # noqa: ARG001
    (shop,) = json.loads(run("history", "runs", "--suite", "shop", "--format", "json", *arguments).out)["histories"]
    assert len(shop["runs"]) == points


def test_old_runs_are_deleted_when_asked_and_the_others_shown(run: Run, runs: Path) -> None:
    ended = run("history", "runs", "--keep", "2")
    assert (ended.status, ended.lines) == (0, ["runs: 3 runs deleted"])
    assert len(list(runs.iterdir())) == 3
    assert "shop on app (db): 2 runs" in ended.out


@pytest.mark.parametrize(
    ("arguments", "status", "line"),
    [
        (("none",), 2, "there is no folder none"),
        (("empty",), 2, "empty has no run"),
        (("runs", "--suite", "nope"), 2, "runs has no run that fits"),
        (("runs", "--since", "soon"), 2, "--since 'soon' is no moment"),
        (("runs", "--format", "html"), 2, "no format is called 'html'; known are terminal, json, markdown"),
        (("runs", "-o", "x.html"), 2, "x.html: which format? Its suffix is none of .json, .md"),
        (("runs", "--keep", "2", "--suite", "shop"), 2, "--keep is for all suites and databases"),
        (("runs", "--keep", "all"), 2, "'all' is neither a number of runs nor an age"),
        (("postgresql://ann:s3cret@127.0.0.1:1/x",), 3, "cannot reach the database on 127.0.0.1"),
        ((), 2, "no history was named"),
    ],
)
def test_what_cannot_be_shown(
    run: Run, runs: Path, here: Path, arguments: tuple[str, ...], status: int, line: str
) -> None:
    (here / "empty").mkdir()
    ended = run("history", *arguments)
    assert (ended.status, ended.out) == (status, "")
    assert line in ended.lines[0]
    assert "s3cret" not in ended.err
    assert len(list(runs.iterdir())) == 6


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "history.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_shows_what_happens(run: Run, clone: Callable[[str | None], str], change: Change, here: Path) -> None:
    (here / "contract.yaml").write_text(fences("yaml")[0])
    before, after = fences("sql")[:2]
    url = clone(None)
    for command in fences("sh")[0].splitlines():
        words = shlex.split(command.removeprefix("pgcontract "))
        change(url, f"drop table if exists invoices; {after if 'after.sql' in words else before}")
        at = words.index("--setup")
        words[words.index("embedded")] = url
        assert run(*words[:at], *words[at + 2 :]).status == (0 if "after.sql" in words else 1)
    store, moved = Folder(here / "runs"), Folder(here / "moved")
    moments = [START, START.replace(hour=8, day=21), START.replace(hour=10, day=22)]
    for one, moment in zip(list(store.runs()), moments, strict=True):
        assert isinstance(one, Report)
        moved.add(replace(one, started_at=moment, database=replace(one.database, name="postgres", host="/tmp")))  # noqa: S108
    (here / "runs").rename(here / "past")
    (here / "moved").rename(here / "runs")
    command, _, shown = fences("console")[0].removeprefix("$ pgcontract ").partition("\n")
    assert run(*shlex.split(command)).out == shown
