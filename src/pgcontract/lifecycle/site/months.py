"""The runs of a contract, month by month: a page of an old month never changes, whatever comes after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pgcontract.lifecycle.history.story import Story
    from pgcontract.lifecycle.site.model import Run

MOST = 500
"""How many runs stand on one page."""


@dataclass(frozen=True, slots=True)
class Month:
    """A page of runs.

    Attributes:
        title: Such as `November 2026`, with a number where a month has several pages.
        file: The page's file.
        runs: The newest first.
    """

    title: str
    file: str
    runs: tuple[Run, ...]


def months(runs: Sequence[Run]) -> list[Month]:
    """The pages for these runs, which come the oldest first; the newest page first."""
    pages: list[Month] = []
    for month, inside in groupby(runs, key=lambda run: f"{run.at:%Y-%m}"):
        every = tuple(inside)
        for number, begin in enumerate(range(0, len(every), MOST), 1):
            title = f"{every[0].at:%B %Y}" + (f", part {number}" if len(every) > MOST else "")
            ending = f"-{number}" if number > 1 else ""
            pages.append(Month(title, f"runs-{month}{ending}.html", every[begin : begin + MOST][::-1]))
    return pages[::-1]


@dataclass(frozen=True, slots=True)
class Changes:
    """What came and went, by the moment at which the run began that told.

    Attributes:
        new: How many failures were not there before.
        fixed: How many were there before.
    """

    new: Mapping[datetime, int]
    fixed: Mapping[datetime, int]


def changes(story: Story) -> Changes:
    """What each run of a story told that was other than before."""
    every = (*story.failing, *story.untold, *story.over)
    return Changes(
        Counter(one.since for one in every if not one.or_before),
        Counter(one.ended for one in story.over if one.ended is not None and one.how == "gone"),
    )
