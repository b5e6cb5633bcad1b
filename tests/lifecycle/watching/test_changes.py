from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from pgcontract.lifecycle.watching import Changes, changes
from pgcontract.lifecycle.watching.terminal import show
from pgcontract.report.document import Document, arrange
from pgcontract.verdict import Database, Finding, Outcome, Report

# An outcome in a word: its expectation, its status, and what was found.
OUTCOMES = {
    "a": Outcome("K", "a", "passed"),
    "a skipped": Outcome("K", "a", "skipped", reason="requires b"),
    "a warned": Outcome("K", "a", "failed", "warning", findings=(Finding("gone", fingerprint="1"),)),
    "a failed": Outcome("K", "a", "failed", findings=(Finding("gone", fingerprint="1"),)),
    "a failed worse": Outcome("K", "a", "failed", findings=(Finding("gone, all", fingerprint="1"),)),
    "a failed twice": Outcome(
        "K", "a", "failed", findings=(Finding("gone", fingerprint="1"), Finding("bad", fingerprint="2"))
    ),
    "a errored": Outcome("K", "a", "errored", reason="no"),
    "a errored for another reason": Outcome("K", "a", "errored", reason="never"),
    "b failed": Outcome("K", "b", "failed", findings=(Finding("gone", fingerprint="3"),)),
}
CASES: list[tuple[list[str], list[str], str]] = [
    (["a"], ["a"], ""),
    (["a"], ["a failed"], "broken a"),
    (["a"], ["a errored"], "broken a"),
    (["a"], ["a skipped"], ""),
    (["a failed"], ["a failed"], "still a"),
    (["a failed"], ["a failed worse"], "still a"),
    (["a failed"], ["a failed twice"], "broken a"),
    (["a failed twice"], ["a failed"], "still a"),
    (["a failed"], ["a warned"], "still a"),
    (["a warned"], ["a failed"], "broken a"),
    (["a failed"], ["a errored"], "broken a"),
    (["a errored"], ["a errored for another reason"], "broken a"),
    (["a failed"], ["a"], "fixed a"),
    (["a errored"], ["a"], "fixed a"),
    (["a failed"], ["a skipped"], "untold a"),
    (["a failed"], [], "gone a"),
    ([], ["a failed"], "broken a"),
    (["a failed", "b failed"], ["b failed", "a"], "still b, fixed a"),
    (["a failed"], ["b failed"], "broken b, gone a"),
]


def document(words: list[str]) -> Document:
    began = datetime(2026, 11, 1, tzinfo=UTC)
    return arrange(Report("s", Database("app", "18.6", ""), began, 1.0, tuple(OUTCOMES[word] for word in words)))


@pytest.mark.parametrize(("before", "now", "told"), CASES)
def test_what_changed(before: list[str], now: list[str], told: str) -> None:
    found = changes(document(before), document(now))
    groups = {name: getattr(found, name) for name in Changes.__slots__}
    said = [f"{name} {entry.outcome.subject}" for name, entries in groups.items() for entry in entries]
    assert ", ".join(said) == told
    assert found.any == bool([one for one in said if not one.startswith("still")])


def test_what_broke_comes_last_and_whole() -> None:
    before, now = document(["a failed", "b failed"]), document(["a failed twice", "b failed"])
    console = Console(file=StringIO(), width=60)
    with console.capture() as capture:
        show(changes(before, now), now, console)
    assert (
        capture.get()
        == """\
still
  ✗ K b

newly broken
K
✗ K a  K
  gone
  bad

contract s is broken on app (PostgreSQL 18.6): 2 failed in 1.0 ms
"""
    )
