"""Runs read one after another, the oldest first, and what they tell together."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pgcontract.lifecycle.history.story import Episode, Flap, Histories, Key, Left, Point, Story
from pgcontract.lifecycle.history.told import Answer, Found, Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.verdict import Report

WINDOW = 20
"""Of how many runs the changes are counted, the last that judged."""

OFTEN = 4
"""How many changes of verdict in that window are flapping: it broke, was mended, broke and was mended again."""


def key_of(report: Report) -> Key:
    """Which runs the report belongs to. A socket's directory is another for each private server: it does not count."""
    host = report.database.host
    return Key(report.suite, report.database.name, "" if host.startswith(("/", "@")) else host)


def follow(runs: Iterable[Report | Left], source: str) -> Histories:
    """What the runs tell of each suite and database.

    Args:
        runs: Those of one suite and database must come the oldest first; one is held at a time.
        source: Where they come from.
    """
    followers: dict[Key, _Follower] = {}
    left: list[Left] = []
    for run in runs:
        if isinstance(run, Left):
            left.append(run)
        else:
            followers.setdefault(key_of(run), _Follower()).take(run)
    keys = sorted(followers, key=lambda key: (key.suite, key.database, key.host))
    return Histories(source, tuple(followers[key].story(key) for key in keys), tuple(left))


@dataclass(slots=True)
class _Follower:
    """What is known after some runs."""

    points: list[Point] = field(default_factory=list)
    version: str = ""
    running: dict[str, Episode] = field(default_factory=dict)
    over: list[Episode] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)
    answered: dict[str, Answer] = field(default_factory=dict)
    verdicts: dict[str, deque[bool]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)

    def take(self, report: Report) -> None:
        told = Told(report)
        self._judge(told)
        for print_, episode in list(self.running.items()):
            self._go_on(print_, episode, told)
        for print_, found in told.found.items():
            if print_ not in self.running:
                self._begin(print_, found, told)
        self.judged.update(told.judged)
        counts = report.summary
        broken = sum(outcome.breaks for outcome in report.having("failed"))
        self.points.append(Point(told.at, report.passed, broken, counts["errored"]))
        self.version = report.database.version

    def _go_on(self, print_: str, episode: Episode, told: Told) -> None:
        self.answered[print_] = answer = told.answer(episode.found)
        if answer == "there":
            episode.found, episode.seen = told.found[print_], told.at
            episode.runs += 1
        elif answer != "unknown":
            episode.ended, episode.how = told.at, answer
            self.over.append(self.running.pop(print_))

    def _begin(self, print_: str, found: Found, told: Told) -> None:
        """What the run itself says of the time before counts: earlier runs may have been cleared away."""
        self.answered[print_] = "there"
        self.times[print_] = self.times.get(print_, 0) + 1
        known = self._known(found) or self.times[print_] > 1
        episode = Episode(found, told.at, not known, 1, told.at, times=self.times[print_])
        if found.since is not None and not known:
            episode.since, episode.or_before, episode.runs = found.since.at, found.since.or_before, found.since.runs
        self.running[print_] = episode

    def _known(self, found: Found) -> bool:
        """Whether an earlier run judged what it belongs to; what stands in a report only while it fails, any did."""
        return bool(self.points) if found.needing is not None else found.outcome in self.judged

    def _judge(self, told: Told) -> None:
        """Verdicts are remembered from the first time on that something did not hold."""
        for found in told.found.values():
            if found.outcome not in self.verdicts:
                self.verdicts[found.outcome] = deque([True] if self._known(found) else [], maxlen=WINDOW)
                self.names[found.outcome] = (found.kind, found.subject)
        mended = {one.found.outcome for one in self.running.values() if told.answer(one.found) == "gone"}
        for name, verdicts in self.verdicts.items():
            if name in told.verdicts or name in mended:
                verdicts.append(told.verdicts.get(name, True))

    def story(self, key: Key) -> Story:
        there = [one for print_, one in self.running.items() if self.answered[print_] == "there"]
        untold = [one for print_, one in self.running.items() if self.answered[print_] != "there"]
        return Story(
            key,
            self.version,
            tuple(self.points),
            failing=tuple(sorted(there, key=lambda one: one.since, reverse=True)),
            untold=tuple(sorted(untold, key=lambda one: one.seen, reverse=True)),
            over=tuple(sorted(self.over, key=lambda one: one.ended or one.seen, reverse=True)),
            flapping=tuple(sorted(self._flapping(), key=lambda flap: -flap.changes)),
        )

    def _flapping(self) -> Iterable[Flap]:
        for name, verdicts in self.verdicts.items():
            changes = sum(before != after for before, after in pairwise(verdicts))
            if changes >= OFTEN:
                yield Flap(*self.names[name], changes, len(verdicts), verdicts[-1])
