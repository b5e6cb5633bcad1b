"""What a site is made from: each contract with its runs, in brief, and its last report."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pgcontract.lifecycle.history.story import Key, Story
    from pgcontract.report.document import Level, Verdict
    from pgcontract.verdict import Past, Report

State = Literal["holds", "broken", "unsure", "empty", "unrun"]
"""What is known of a contract: what its last run said, or that it has none."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run in brief.

    Attributes:
        name: Its own among the runs of its contract, and safe as a file's name.
        verdict: What it said of the contract.
        levels: How many outcomes had each level; those that had none are left out.
        past: The rest, as a report tells of runs before it.
        version: The server's.
    """

    name: str
    verdict: Verdict
    levels: Mapping[Level, int]
    past: Past
    version: str

    @property
    def at(self) -> datetime:
        """When it began (aware, UTC)."""
        return self.past.at

    @property
    def checked(self) -> int:
        """How many expectations it had."""
        return sum(self.levels.values())


@dataclass(frozen=True)
class Contract:
    """A suite on a database, or a suite that has no run yet.

    Attributes:
        key: Which; database and host are empty where there is no run.
        place: Its folder in the site, with `/` between.
        report: The last run's; of a contract without one, a report of what it would check, all of it skipped.
        story: What the runs tell together; None where there is no run.
        runs: The oldest first.
        paged: The names of the runs that have a page of their own.
    """

    key: Key
    place: str
    report: Report
    story: Story | None = None
    runs: tuple[Run, ...] = ()
    paged: set[str] = field(default_factory=set)

    @property
    def state(self) -> State:
        """What is known of it."""
        return self.runs[-1].verdict if self.runs else "unrun"

    @cached_property
    def alike(self) -> tuple[Run, ...]:
        """The last runs that all said the same, the oldest first."""
        number = next(
            (place for place, run in enumerate(reversed(self.runs)) if run.verdict != self.state), len(self.runs)
        )
        return self.runs[len(self.runs) - number :]

    @property
    def name(self) -> str:
        """What it is called: the suite, and on which database."""
        if not self.runs:
            return self.key.suite
        where = f"{self.key.database} ({self.key.host})" if self.key.host else self.key.database
        return f"{self.key.suite} on {where}"
