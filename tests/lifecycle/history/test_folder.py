"""A history in a folder: whole files whose names sort by time, whoever writes beside us, and whatever lies there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pgcontract.errors import ContractError, PgContractError
from pgcontract.lifecycle.history import Keep, opened
from pgcontract.lifecycle.history.folder import Folder
from pgcontract.lifecycle.history.keeping import keep
from pgcontract.lifecycle.history.past import brief
from pgcontract.lifecycle.history.story import Left
from pgcontract.report.json import load, render
from pgcontract.verdict import Database, Report

if TYPE_CHECKING:
    from pathlib import Path

Made = Callable[..., Report]


def times(runs: object) -> list[int]:
    return [run.started_at.hour for run in runs if isinstance(run, Report)]  # type: ignore[attr-defined]


def test_what_is_kept_comes_back_the_oldest_first(made: Made, tmp_path: Path) -> None:
    store = opened(str(tmp_path / "deep" / "runs"))
    for hour in (2, 0, 1):
        store.add(made(hour, a="F"))
    assert list(store.runs()) == [made(hour, a="F") for hour in (0, 1, 2)]
    assert list(store.before(made(9, a="P"))) == [made(hour, a="F") for hour in (2, 1, 0)]
    names = sorted(path.name for path in (tmp_path / "deep" / "runs").iterdir())
    assert names[0].startswith("20260101T080000000000Z-shop-app-")
    assert list(store.runs(last=2)) == [made(hour, a="F") for hour in (1, 2)]


def test_runs_that_began_at_once_do_not_meet(made: Made, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Folder(tmp_path).add(made(0, a="F")), range(40)))
    assert list(Folder(tmp_path).runs()) == [made(0, a="F")] * 40
    assert len(list(tmp_path.iterdir())) == 40


def test_of_other_suites_and_databases_nothing_is_read(made: Made, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    store.add(made(0, a="F", suite="../../other"))
    store.add(made(0, a="F", database=Database("app", "18.6", "elsewhere")))
    store.add(made(0, a="F"))
    for path in tmp_path.glob("*other*"):
        path.write_text("damaged")
    assert list(store.before(made(1, a="P"))) == [made(0, a="F")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("README.md", b"hello", "not a report: no JSON"),
        ("x.json", b"", "not a report: no JSON"),
        ("x.json", b"\xff\xfe", "not a report: it is no text in UTF-8"),
        ("x.json", b'{"format": "pgcontract.leaks/1"}', "the format 'pgcontract.leaks/1'"),
        ("20260101T090000000000Z-shop-app-12345678-12345678.json", b"{", "not a report: no JSON"),
    ],
)
def test_what_is_no_run_is_named_and_left_out(
    made: Made, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    store = Folder(tmp_path)
    store.add(made(0, a="F"))
    (tmp_path / name).write_bytes(content)
    (tmp_path / ".hidden").write_text("no matter")
    (tmp_path / "folder.json").mkdir()
    left = [run for run in store.runs() if isinstance(run, Left)]
    assert times(store.runs()) == [8]
    assert [one.name for one in left] == [name]
    assert left[0].reason.startswith(reason) or reason in left[0].reason


def test_a_report_of_another_name_counts_at_its_time(made: Made, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    for hour in (0, 2):
        store.add(made(hour, a="F"))
    (tmp_path / "from-the-build.json").write_text(render(made(1, a="F")))
    assert times(store.runs()) == [8, 9, 10]
    assert times(store.before(made(3, a="F"))) == [10, 9, 8]
    assert store.prune(Keep(newest=1)) == 1
    assert times(store.runs()) == [9, 10]  # what somebody else put there stays


def test_old_runs_go_of_each_suite_for_itself(made: Made, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    for hour in range(4):
        store.add(made(hour, a="P"))
        store.add(made(hour, a="P", suite="other"))
    assert store.prune(Keep(newest=4)) == 0
    assert store.prune(Keep(newest=3), key=None) == 2
    (tmp_path / "x.json").write_text("damaged")
    now = datetime.now(UTC)
    store.add(replace(made(0, a="P"), started_at=now - timedelta(days=1, hours=1)))
    store.add(replace(made(0, a="P"), started_at=now - timedelta(hours=23)))
    assert store.prune(Keep(age=timedelta(days=1))) == 7
    assert len(times(store.runs())) == 1
    assert (tmp_path / "x.json").exists()


def test_what_a_killed_run_left_goes_when_it_is_old(made: Made, tmp_path: Path) -> None:
    old, young = tmp_path / ".a.json.part", tmp_path / ".b.json.part"
    for part in (old, young):
        part.write_text("{")
    os.utime(old, (0, time.time() - 100_000))
    Folder(tmp_path).add(made(0, a="P"))
    Folder(tmp_path).prune(Keep(newest=9))
    assert not old.exists()
    assert young.exists()
    assert times(Folder(tmp_path).runs()) == [8]


def test_a_file_is_no_folder(made: Made, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(ContractError, match="is no place for a history: it is a file"):
        opened(str(tmp_path / "runs"))
    with pytest.raises(PgContractError, match=r"runs/deep cannot be written: Not a directory"):
        Folder(tmp_path / "runs" / "deep").add(made(0, a="P"))
    with pytest.raises(ContractError, match="there is no folder"):
        list(Folder(tmp_path / "none").runs())
    assert list(Folder(tmp_path / "none").before(made(0, a="P"))) == []


def test_a_write_that_fails_leaves_nothing(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PgContractError, match="cannot be written: No space left on device"):
        Folder(tmp_path).add(made(0, a="P"))
    assert list(tmp_path.iterdir()) == []


def test_the_runs_before_one_are_told_by_their_heads(made: Made, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    assert list(store.past(made(0, a="P"))) == []
    for hour, letter in enumerate("PFEP"):
        store.add(made(hour, a=letter))
    store.add(made(1, suite="other", a="P"))
    (tmp_path / "compact.json").write_text(json.dumps(json.loads(render(made(2.5, a="F")))))
    (tmp_path / "20260101T083000000000Z-shop-app-12345678-12345678.json").write_text("{")
    told = list(store.past(made(3, a="P")))  # what began later, or with it, is not before it
    assert told == [brief(made(hour, a=letter)) for hour, letter in ((2.5, "F"), (2, "E"), (1, "F"), (0, "P"))]
    assert [run.passed for run in told] == [False, False, False, True]
    for path in tmp_path.glob("2026*"):
        if "12345678" not in path.name:
            text = path.read_text()
            path.write_text(text[: text.index('"outcomes"') + 13] + " and never read")
    assert list(store.past(made(3, a="P"))) == told


def test_a_report_tells_of_thirty_runs_at_most(made: Made, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    said: list[str] = []
    reports = [keep(store, made(hour, a="F" if hour == 31 else "P"), said.append) for hour in range(33)]
    assert [len(report.past) for report in reports] == [*range(31), 30, 30]
    assert reports[-1].past == tuple(map(brief, reports[2:32]))
    assert reports[-1].past[-1].summary == {"passed": 0, "failed": 1, "errored": 0, "skipped": 0}
    assert load(render(reports[-1])) == reports[-1]
    assert said == []


@pytest.mark.parametrize("text", ["", "0", "0d", "-1", "many", "3w", "1.5d", "\uff19d"])
def test_what_does_not_say_what_stays(text: str) -> None:
    with pytest.raises(ContractError, match="neither a number of runs nor an age"):
        Keep.parsed(text)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite:///x", "https://example.com/runs"])
def test_another_scheme_is_refused(url: str) -> None:
    with pytest.raises(ContractError, match="is no place for a history"):
        opened(url)
