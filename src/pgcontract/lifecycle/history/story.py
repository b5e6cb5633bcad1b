"""What the runs of one suite on one database tell together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pgcontract.lifecycle.history.told import Found

End = Literal["gone", "ignored", "restated"]
"""How a failure ended: it was not there any more, it was put aside by an ignore, or the contract says otherwise now."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which runs belong together: those of a suite on a database, on a host (empty for a local socket)."""

    suite: str
    database: str
    host: str


@dataclass(slots=True)
class Episode:
    """One finding from the run that found it first to the one that found it no more.

    Attributes:
        found: As the last run that found it told.
        since: When the first run that found it began (aware).
        or_before: Whether no earlier run tells that it was not there.
        runs: In how many runs it was found.
        seen: When the last run that found it began.
        ended: When the first run that told it was over began; None while none has.
        how: How it ended; None while it has not.
        times: How often it had come by then, this time among them.
    """

    found: Found
    since: datetime
    or_before: bool
    runs: int
    seen: datetime
    ended: datetime | None = None
    how: End | None = None
    times: int = 1

    @property
    def took(self) -> timedelta | None:
        """From the first run that found it to the first that did not; at least that, if it is `or_before`."""
        return None if self.ended is None else self.ended - self.since


@dataclass(frozen=True, slots=True)
class Flap:
    """A check whose verdict changes often.

    Attributes:
        kind: The expectation's.
        subject: What it speaks of.
        changes: How often the verdict changed.
        runs: In how many runs; those that did not judge it do not count.
        holds: What the last of these said.
    """

    kind: str
    subject: str
    changes: int
    runs: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One run in a word."""

    at: datetime
    passed: bool
    broken: int
    errored: int


@dataclass(frozen=True, slots=True)
class Story:
    """The runs of one suite on one database.

    Attributes:
        key: Which.
        version: The server's, in the last run.
        points: The runs, the oldest first.
        failing: What the last run found, the newest first.
        untold: What was found before, and of which the last run tells nothing, the last seen first.
        over: What ended, the last ended first.
        flapping: What changes often, the most often first.
    """

    key: Key
    version: str
    points: tuple[Point, ...]
    failing: tuple[Episode, ...]
    untold: tuple[Episode, ...]
    over: tuple[Episode, ...]
    flapping: tuple[Flap, ...]

    @property
    def last(self) -> Point:
        """The last run."""
        return self.points[-1]

    @property
    def new(self) -> tuple[Episode, ...]:
        """What the last run found first, and the one before had not."""
        return tuple(one for one in self.failing if one.since == self.last.at and not one.or_before)

    @property
    def mended(self) -> tuple[Episode, ...]:
        """What the last run found over."""
        return tuple(one for one in self.over if one.ended == self.last.at)


@dataclass(frozen=True, slots=True)
class Left:
    """What is in a history and is no run, and why it is left out."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Histories:
    """All that a folder or a table tells.

    Attributes:
        source: Where it is; no password.
        stories: By suite, database and host.
        left: What was left out.
    """

    source: str
    stories: tuple[Story, ...]
    left: tuple[Left, ...]
