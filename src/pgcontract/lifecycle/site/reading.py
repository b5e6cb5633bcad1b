"""A history read for a site: one run at a time, of which little is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from pgcontract.lifecycle.history.follow import follow, key_of
from pgcontract.lifecycle.history.story import Left
from pgcontract.lifecycle.site.model import Contract, Run
from pgcontract.lifecycle.site.names import place, stamp
from pgcontract.making import many
from pgcontract.report.document import level, verdict_of
from pgcontract.verdict import Past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.lifecycle.history.story import Key
    from pgcontract.report.document import Level
    from pgcontract.verdict import Report


def read(runs: Iterable[Report | Left], source: str) -> tuple[list[Contract], tuple[Left, ...]]:
    """The contracts of a history, by suite, database and host, and what was left out.

    Args:
        runs: Those of one suite and database the oldest first; of each, one report is held.
        source: Where they come from.
    """
    noted = _Noted()
    with many():  # nothing of a report refers to itself: what goes by is freed without being looked for
        histories = follow(noted.noting(runs), source)
    contracts = [
        Contract(story.key, place(story.key), noted.last[story.key], story, tuple(noted.runs[story.key]))
        for story in histories.stories
    ]
    return contracts, histories.left


def named(runs: Iterable[Report | Left]) -> Iterator[tuple[Key, str, Report]]:
    """The reports with their keys, and the names that `read` gives the same runs."""
    names = _Names()
    for run in runs:
        if not isinstance(run, Left):
            key = key_of(run)
            yield key, names.of(key, run), run


@dataclass(slots=True)
class _Names:
    """Names of runs; of two that began in the same microsecond the second has a number, too."""

    seen: Counter[tuple[Key, str]] = field(default_factory=Counter)

    def of(self, key: Key, report: Report) -> str:
        name = stamp(report.started_at.astimezone(UTC))
        self.seen[key, name] += 1
        number = self.seen[key, name]
        return name if number == 1 else f"{name}-{number}"


@dataclass(slots=True)
class _Noted:
    """What is kept of the runs that went by."""

    names: _Names = field(default_factory=_Names)
    runs: dict[Key, list[Run]] = field(default_factory=lambda: defaultdict(list))
    last: dict[Key, Report] = field(default_factory=dict)

    def noting(self, runs: Iterable[Report | Left]) -> Iterator[Report | Left]:
        for run in runs:
            if not isinstance(run, Left):
                key = key_of(run)
                self.runs[key].append(_brief(self.names.of(key, run), run))
                self.last[key] = run
            yield run


def _brief(name: str, report: Report) -> Run:
    past = Past(report.started_at.astimezone(UTC), report.passed, report.summary, report.duration_ms)
    levels: Counter[Level] = Counter()
    levels.update(map(level, report.outcomes))
    return Run(name, verdict_of(report), levels, past, report.database.version)
