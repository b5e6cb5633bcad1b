"""The last runs side by side, and since when it is as it is. Lengths are in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Literal

from pgcontract.report.since import moment
from pgcontract.report.text import counted, duration, elapsed
from pgcontract.verdict import MOST_PAST, Past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.report.document import Level
    from pgcontract.verdict import Report

STEP = 18
"""From one bar to the next."""
WIDE = 12
"""How wide a bar is."""
TALL = 44
"""How high the highest bar is."""

_LEAST, _LOW = 5, 9  # how high the bar is of a run in which nothing failed, and of one in which something did

Standing = Literal["holds", "does not hold"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run, as a bar.

    Attributes:
        past: The run.
        level: What became of it, in one word: `warning` where it holds though something failed.
        x: Where the bar begins.
        height: How high it is.
        current: Whether it is the one that the report is of.
    """

    past: Past
    level: Level
    x: int
    height: int
    current: bool

    @property
    def at(self) -> str:
        """When it began."""
        return moment(self.past.at)

    @property
    def said(self) -> str:
        """What became of it, in words: ``holds, 2 failed``."""
        counts = self.past.summary
        parts = [f"{counts[status]:,} {status}" for status in ("failed", "errored", "skipped") if counts[status]]
        return ", ".join([_standing(self.past.passed), *parts])

    @property
    def took(self) -> str:
        """How long it took."""
        return duration(self.past.duration_ms)


@dataclass(frozen=True, slots=True)
class History:
    """The runs, the oldest first; the last is the report's own.

    Attributes:
        runs: The runs.
        width: How wide the bars are together.
        said: Since when it holds or does not, in words.
    """

    runs: tuple[Run, ...]
    width: int
    said: str


def history(report: Report) -> History | None:
    """The runs before the report's, and its own; None where no history tells of any before it."""
    if not report.past:
        return None
    runs = [*report.past[-MOST_PAST:], Past(report.started_at, report.passed, report.summary, report.duration_ms)]
    most = max(map(_troubles, runs))
    bars = tuple(
        Run(run, _level(run), place * STEP, _height(_troubles(run), most), place == len(runs) - 1)
        for place, run in enumerate(runs)
    )
    return History(bars, STEP * len(runs) - (STEP - WIDE), _said(runs))


def _troubles(run: Past) -> int:
    return run.summary["failed"] + run.summary["errored"]


def _height(troubles: int, most: int) -> int:
    """By the square root: beside a run in which all failed, one and ten can be told apart."""
    return _LOW + round((TALL - _LOW) * sqrt(troubles / most)) if troubles else _LEAST


def _level(run: Past) -> Level:
    if not run.passed:
        return "broken" if run.summary["failed"] else "errored"
    if run.summary["failed"]:
        return "warning"
    return "passed" if run.summary["passed"] else "skipped"


def _standing(passed: bool) -> Standing:  # noqa: FBT001 - the only one
    return "holds" if passed else "does not hold"


def _said(runs: Sequence[Past]) -> str:
    """Since when the last of the runs is as it is: ``It holds since 2026-11-20 08:00 UTC: 2 days 3 h, 5 runs.``."""
    now = runs[-1]
    before = [place for place, run in enumerate(runs) if run.passed != now.passed]
    first = before[-1] + 1 if before else 0
    number = len(runs) - first
    if before and number == 1:
        other = runs[-2]
        broke = "It held" if other.passed else "It did not hold"
        return f"New in this run: it {_standing(now.passed)}. {broke} in the run before, {moment(other.at)}."
    or_before = "" if before else " or before"
    lasting = elapsed((now.at - runs[first].at).total_seconds())
    since = f"{moment(runs[first].at)}{or_before}"
    return f"It {_standing(now.passed)} since {since}: {lasting}, {counted(number, 'run')}."
