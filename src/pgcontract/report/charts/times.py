"""Where the time went: the slowest expectations and tables, as bars."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.report.charts.relations import standing
from pgcontract.report.marking import Segment
from pgcontract.report.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.report.document import Document, Group, Level
    from pgcontract.report.marking import Segments
    from pgcontract.verdict import Outcome

    _Timed: TypeAlias = tuple[Segments, str, Level, float]

MOST = 8
"""How many bars of each sort there are."""

_WORTH = 1.0  # milliseconds; what took less is nothing to look at
_ROUND = 10.0  # milliseconds; of more, tenths say nothing
_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """What took time.

    Attributes:
        title: Its name.
        anchor: Where it is in the page.
        level: What became of it.
        took: How long it took, in words.
        share: How long its bar is, in thousandths of the longest.
    """

    title: Segments
    anchor: str
    level: Level
    took: str
    share: int


@dataclass(frozen=True, slots=True)
class Times:
    """The slowest, the slowest first.

    Attributes:
        expectations: The expectations.
        tables: The tables, and the kinds of what belongs to none.
        said: How much of the run's time they explain, in a sentence.
    """

    expectations: tuple[Bar, ...]
    tables: tuple[Bar, ...]
    said: str


def times(document: Document) -> Times | None:
    """Where a run's time went; None where nothing took long enough to be looked at."""
    entries = nlargest(MOST, document.entries, key=lambda entry: entry.outcome.duration_ms)
    groups = nlargest(MOST, document.groups, key=lambda group: group.duration_ms)
    if not entries or entries[0].outcome.duration_ms < _WORTH:
        return None
    checks: list[_Timed] = [
        (_title(entry.outcome), entry.anchor, entry.level, entry.outcome.duration_ms) for entry in entries
    ]
    tables: list[_Timed] = [
        ((Segment(group.title, changed=group.by == "relation"),), group.anchor, _level(group), group.duration_ms)
        for group in groups
    ]
    return Times(tuple(_bars(checks)), tuple(_bars(tables)), _said(document))


def _title(outcome: Outcome) -> Segments:
    """Its kind and subject: in the sentence, which may be long, they would be anywhere."""
    return Segment(f"{outcome.kind} "), Segment(outcome.subject, changed=True)


def _took(milliseconds: float) -> str:
    return f"{milliseconds:,.0f} ms" if milliseconds >= _ROUND else f"{milliseconds:,.1f} ms"


def _level(group: Group) -> Level:
    counts: Counter[Level] = Counter(entry.level for entry in group.entries)
    return standing(counts)


def _bars(timed: Sequence[_Timed]) -> Iterator[Bar]:
    longest = timed[0][3]
    for title, anchor, level, took in timed:
        if took >= _WORTH / 10:
            yield Bar(title, anchor, level, _took(took), max(round(_WHOLE * took / longest), 4))


def _said(document: Document) -> str:
    checks = sum(entry.outcome.duration_ms for entry in document.entries)
    whole = document.report.duration_ms
    if checks > whole:  # it was put together from several runs
        return f"The checks took {duration(checks)}."
    return (
        f"The checks took {duration(checks)} of the run's {duration(whole)}; "
        "the rest went into what they share: connecting, reading the catalogs, scanning or making rows."
    )
