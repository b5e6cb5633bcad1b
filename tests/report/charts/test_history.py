"""The strip of the last runs, and since when it is as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pgcontract.report.charts.history import TALL, history
from pgcontract.report.json import load
from pgcontract.report.json import render as to_json
from pgcontract.verdict import Past, Status

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
SUMMARIES: dict[str, tuple[bool, dict[Status, int]]] = {
    "P": (True, {"passed": 9, "failed": 0, "errored": 0, "skipped": 0}),
    "W": (True, {"passed": 8, "failed": 1, "errored": 0, "skipped": 0}),
    "F": (False, {"passed": 5, "failed": 4, "errored": 0, "skipped": 0}),
    "E": (False, {"passed": 8, "failed": 0, "errored": 1, "skipped": 0}),
    "S": (True, {"passed": 0, "failed": 0, "errored": 0, "skipped": 9}),
}


def runs(letters: str) -> tuple[Past, ...]:
    """Runs an hour apart, the last of them an hour ago."""
    return tuple(
        Past(NOW - timedelta(hours=len(letters) - place), *SUMMARIES[letter], 1_500.0)
        for place, letter in enumerate(letters)
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("PPP", "P", "It holds since 2026-11-22 22:00 UTC or before: 3 h, 4 runs."),
        ("FPP", "P", "It holds since 2026-11-22 23:00 UTC: 2 h, 3 runs."),
        ("PFE", "F", "It does not hold since 2026-11-22 23:00 UTC: 2 h, 3 runs."),
        ("FWS", "P", "It holds since 2026-11-22 23:00 UTC: 2 h, 3 runs."),
        ("PPF", "P", "New in this run: it holds. It did not hold in the run before, 2026-11-23 00:00 UTC."),
        ("P", "F", "New in this run: it does not hold. It held in the run before, 2026-11-23 00:00 UTC."),
        ("F", "F", "It does not hold since 2026-11-23 00:00 UTC or before: 1 h, 2 runs."),
    ],
)
def test_since_when_in_words(made: Any, before: str, now: str, said: str) -> None:
    found = history(made({"public.a": now}, past=runs(before)))
    assert found is not None
    assert found.said == said


def test_a_bar_a_run_as_high_as_much_failed(made: Any, drawn: Any) -> None:
    report = made({"public.a": "PF"}, past=runs("PWFES"))
    found = history(report)
    assert found is not None
    assert [run.level for run in found.runs] == ["passed", "warning", "broken", "errored", "skipped", "broken"]
    assert [run.current for run in found.runs] == [False] * 5 + [True]
    heights = [run.height for run in found.runs]
    assert heights[2] == TALL
    assert heights[0] == heights[4] < heights[1] == heights[3] == heights[5] < TALL
    page = drawn(load(to_json(report)))
    bars = page.having("run")
    assert [bar["class"].split()[1] for bar in bars] == [run.level for run in found.runs]
    assert bars[2]["title"] == "2026-11-22 22:00 UTC: does not hold, 4 failed"
    assert bars[-1]["title"] == "2026-11-23 01:00 UTC: does not hold, 1 failed (this run)"
    assert sum(each["tag"] == "time" and each["datetime"].startswith("2026") for each in page.elements) >= len(bars)


def test_without_a_history_there_is_no_strip(made: Any, drawn: Any) -> None:
    report = made({"public.a": "P"})
    assert history(report) is None
    assert "history" not in drawn(report).ids


def test_runs_of_which_nothing_was_checked(made: Any) -> None:
    found = history(replace(made({}), past=runs("S")))
    assert found is not None
    assert [run.level for run in found.runs] == ["skipped", "skipped"]
