"""What one target is told of one run, before it takes a form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.integrations.notify.change import Change, Trouble
from pgcontract.report.document import level, tally
from pgcontract.report.text import counted
from pgcontract.verdict import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pgcontract.isolation.model import Search
    from pgcontract.report.document import Level
    from pgcontract.verdict import Database, Report

LEAKS = "leaks"
"""What a search for leaks is called where there is no suite."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What one target is told of one run.

    Attributes:
        suite: The suite's name; `leaks` of a search for leaks.
        database: Which database was looked at.
        at: When the run began (aware).
        passed: Whether the contract holds; of a search for leaks, whether it found none and could tell.
        tally: How many outcomes there are of each sort, in words.
        change: What is wrong, and what is not any more.
        link: Where people read the whole report.
        ran: The run itself.
    """

    suite: str
    database: Database
    at: datetime
    passed: bool
    tally: str
    change: Change
    link: str | None
    ran: Report | Search


def of_report(report: Report, change: Change, link: str | None) -> Notification:
    """What is told of a report."""
    counts: Counter[Level] = Counter(level(outcome) for outcome in report.outcomes)
    return Notification(
        report.suite, report.database, report.started_at, report.passed, tally(counts), change, link, report
    )


def of_search(search: Search, database: Database, at: datetime, link: str | None) -> Notification:
    """What is told of a search for leaks. No history is kept of these: what is there may be old or new."""
    troubles = tuple(_leaks(search))
    said = f"{counted(len(search.leaks), 'leak')}, {len(search.inconclusive):,} inconclusive"
    change = Change("broken" if troubles else "holds", troubles)
    return Notification(LEAKS, database, at, not troubles, said, change, link, search)


def _leaks(search: Search) -> Iterator[Trouble]:
    for leak in search.leaks:
        print_ = fingerprint("Leak", leak.relation, leak.command, leak.principal)
        yield Trouble(print_, "Leak", leak.relation, leak.relation, leak.sentence)
    if not search.leaks and not search.concluded:
        print_ = fingerprint("Leak", "inconclusive")
        yield Trouble(print_, "Leak", LEAKS, LEAKS, "nothing could be concluded", errored=True)
