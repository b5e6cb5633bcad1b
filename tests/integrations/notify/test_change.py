"""What a run changed is told beside those before it, as far back as it takes; each target hears what it asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pgcontract.integrations.notify import MOST_RUNS, Compared, Target
from pgcontract.verdict import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.integrations.notify import Change

Made = Callable[..., Report]


def change(made: Made, *runs: dict[str, str], known: bool = True, **asked: object) -> Change:
    """What the last run changed."""
    reports = [made(number, **letters) for number, letters in enumerate(runs)]
    before = reversed(reports[:-1]) if known else None
    return Compared(reports[-1], before).change(Target("https://x", **asked))  # type: ignore[arg-type]


def names(change: Change) -> tuple[str, str, str, str]:
    """The event, and which are new, which are not, and which are over."""
    new = "".join(one.subject for one in change.troubles if one.new)
    old = "".join(one.subject for one in change.troubles if one.new is False)
    return change.event, new, old, "".join(one.subject for one in change.over)


CASES = {
    "the first run that is kept": (({"a": "F"},), ("broken", "a", "", "")),
    "nothing was and is wrong": (({"a": "P"}, {"a": "P"}), ("holds", "", "", "")),
    "newly broken": (({"a": "P"}, {"a": "F"}), ("broken", "a", "", "")),
    "broken for some time": (({"a": "P"}, {"a": "F"}, {"a": "F"}), ("still_broken", "", "a", "")),
    "one more": (({"a": "F", "b": "P"}, {"a": "F", "b": "F"}), ("broken", "b", "a", "")),
    "one less": (({"a": "F", "b": "F"}, {"a": "F", "b": "P"}), ("fixed", "", "a", "b")),
    "another one": (({"a": "F", "b": "P"}, {"a": "P", "b": "F"}), ("broken", "b", "", "a")),
    "all of it": (({"a": "F", "b": "F"}, {"a": "P", "b": "P"}), ("recovered", "", "", "ab")),
    "told once only": (({"a": "F"}, {"a": "P"}, {"a": "P"}), ("holds", "", "", "")),
    "a run between that did not look": (({"a": "F"}, {"b": "P"}, {"a": "P"}), ("recovered", "", "", "a")),
    "a run between that skipped it": (({"a": "F"}, {"a": "S"}, {"a": "F"}), ("still_broken", "", "a", "")),
    "could not be checked": (({"a": "P"}, {"a": "E"}), ("broken", "a", "", "")),
    "can be checked again": (({"a": "E"}, {"a": "P"}), ("recovered", "", "", "a")),
    "skipped now": (({"a": "F"}, {"a": "S"}), ("holds", "", "", "")),
    "a warning is none": (({"a": "P"}, {"a": "W"}), ("holds", "", "", "")),
}


@pytest.mark.parametrize(("runs", "expected"), CASES.values(), ids=CASES)
def test_a_run_is_told_beside_those_before_it(made: Made, runs: tuple[dict[str, str], ...], expected: object) -> None:
    assert names(change(made, *runs)) == expected


def test_without_a_history_nothing_is_new_or_old(made: Made) -> None:
    told = change(made, {"a": "F", "b": "P"}, known=False)
    assert names(told) == ("broken", "", "", "")
    assert [(one.subject, one.new, one.since, one.runs) for one in told.troubles] == [("a", None, None, None)]


def test_since_when_and_how_often(made: Made) -> None:
    told = change(made, {"a": "P"}, {"a": "F"}, {"a": "S"}, {"a": "F", "b": "P"})
    (one,) = told.troubles
    assert (one.since, one.runs, one.or_before) == (made(1).started_at, 2, False)
    assert change(made, {"a": "F"}, {"a": "S"}).untold == 1


def test_severity_and_tags_narrow_what_counts(made: Made) -> None:
    runs = ({"a": "P", "b": "Pt"}, {"a": "W", "b": "Ft"})
    assert names(change(made, *runs))[1] == "b"
    assert names(change(made, *runs, severity="warning"))[1] == "ba"  # the severest first
    assert names(change(made, *runs, severity="warning", tags=("t",)))[1] == "b"
    assert change(made, *runs, tags=("u",)).event == "holds"
    assert names(change(made, *reversed(runs), tags=("t",))) == ("recovered", "", "", "b")


def test_a_missing_table_belongs_to_whose_tags_need_it(made: Made) -> None:
    runs = ({"a": "Pt"}, {"a": "Nt", "m": "M"})
    assert names(change(made, *runs, tags=("t",)))[1] == "m"
    assert change(made, *runs, tags=("u",)).event == "holds"


EVENTS: dict[str, tuple[dict[str, str], ...]] = {
    "broken": ({"a": "P"}, {"a": "F"}),
    "still_broken": ({"a": "F"}, {"a": "F"}),
    "fixed": ({"a": "F", "b": "F"}, {"a": "F", "b": "P"}),
    "recovered": ({"a": "F"}, {"a": "P"}),
    "holds": ({"a": "P"}, {"a": "P"}),
}


@pytest.mark.parametrize(
    ("on", "events"),
    [
        ("failure", {"broken", "still_broken", "fixed"}),
        ("recovery", {"recovered"}),
        ("change", {"broken", "fixed", "recovered"}),
        ("always", set(EVENTS)),
    ],
)
def test_who_asked_for_it_hears_of_it(made: Made, on: str, events: set[str]) -> None:
    assert {event for event, runs in EVENTS.items() if change(made, *runs).wanted(on)} == events  # type: ignore[arg-type]


def test_no_more_runs_are_read_than_it_takes(made: Made) -> None:
    read = []

    def before(letters: dict[str, str]) -> Iterator[Report]:
        for hour in range(99, 0, -1):
            read.append(hour)
            yield made(hour, **letters)

    Compared(made(100, a="F", b="P"), before({"a": "P", "b": "P"}))
    assert len(read) == 1
    read.clear()
    Compared(made(100, a="F", b="P"), before({"a": "P"}))  # b is new in the contract
    assert len(read) == MOST_RUNS


def test_runs_of_another_database_are_not_compared_with(made: Made) -> None:
    told = Compared(made(1, a="F"), [made(0, suite="other", a="F")]).change(Target("https://x"))
    assert names(told) == ("broken", "a", "", "")
