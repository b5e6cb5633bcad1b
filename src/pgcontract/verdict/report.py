"""The verdicts of a whole run."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.errors import PgContractError
from pgcontract.formats import named, save
from pgcontract.records import dataclass
from pgcontract.verdict.finding import Finding
from pgcontract.verdict.outcome import IGNORE, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pgcontract.verdict.outcome import Outcome, Status

MOST_PAST = 30
"""How many runs before it a report tells of."""


@dataclass(frozen=True, slots=True)
class Database:
    """Which database was looked at: its name, the server's version and host. Never a password."""

    name: str
    version: str
    host: str


@dataclass(frozen=True, slots=True)
class Past:
    """A run before this one, in brief.

    Attributes:
        at: When it began (aware).
        passed: Whether the contract held.
        summary: How many outcomes had each status; every status is there.
        duration_ms: How long it took, in milliseconds.
    """

    at: datetime
    passed: bool
    summary: Mapping[Status, int]
    duration_ms: float


class ContractBrokenError(PgContractError):
    """The contract does not hold; raised by `Report.raise_for_failures`."""


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts of one run.

    Attributes:
        suite: The suite's name.
        database: Which database was looked at.
        started_at: When the run began (aware, UTC).
        duration_ms: How long it took, in milliseconds.
        outcomes: One for each expectation of the suite, in the suite's order, and then the implied ones.
        past: The last runs before this one, the oldest first, at most `MOST_PAST`; none where no history tells.
    """

    suite: str
    database: Database
    started_at: datetime
    duration_ms: float
    outcomes: tuple[Outcome, ...]
    past: tuple[Past, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the contract holds: nothing of severity `error` failed, and everything could be checked."""
        return not any(outcome.breaks or outcome.status == "errored" for outcome in self.outcomes)

    @property
    def summary(self) -> dict[Status, int]:
        """How many outcomes have each status; every status is there."""
        counts = Counter(outcome.status for outcome in self.outcomes)
        return {status: counts[status] for status in STATUSES}

    def having(self, *statuses: Status) -> Iterator[Outcome]:
        """The outcomes that have one of the statuses."""
        return (outcome for outcome in self.outcomes if outcome.status in statuses)

    def strict(self) -> Report:
        """The same report with every skipped outcome, and every ignore that matches nothing, counted as failed.

        What is ignored stays so: it was checked, and somebody said why and for how long it may stand.
        """
        return replace(self, outcomes=tuple(_strictly(outcome) for outcome in self.outcomes))

    def raise_for_failures(self) -> None:
        """Do nothing if the contract holds.

        Raises:
            ContractBrokenError: It does not; the message names each outcome that broke or could not be checked.
        """
        __tracebackhide__ = True  # pytest then shows whoever called this
        if self.passed:
            return
        wrong = (outcome for outcome in self.outcomes if outcome.breaks or outcome.status == "errored")
        lines = [line for outcome in wrong for line in _said(outcome)]
        raise ContractBrokenError(
            f"contract {self.suite!r} does not hold on {self.database.name}:\n  " + "\n  ".join(lines)
        )

    def save(self, path: str | Path) -> Path:
        """Write the report in the format that the file's suffix names, and give the path back.

        These are `.html`, `.json`, `.xml` (JUnit), `.sarif`, `.tap`, `.md`, `.csv`, `.prom`, and what packages add.

        Raises:
            PgContractError: No format has that suffix, or its renderer fails.
        """
        return save(self, Path(path))

    def render(self, format: str) -> str:  # noqa: A002 - the word of --format
        """The report as text in a format that the entry point group `pgcontract.reports` knows.

        Raises:
            PgContractError: No format has that name, or its renderer fails.
        """
        return named(format).render(self)


def _said(outcome: Outcome) -> Iterator[str]:
    """What is wrong, what was expected and observed, and where the contract says so, as lines."""
    name, place = f"{outcome.kind} {outcome.subject}", outcome.location
    if outcome.reason is not None or not outcome.findings:
        yield f"{name}: {outcome.reason or 'does not hold'}"
    for finding in outcome.findings:
        yield f"{name}: {finding.message}"
        for label, text in (("expected", finding.expected), ("observed", finding.observed), ("hint", finding.hint)):
            if text is not None:
                yield f"  {label}: {text}".replace("\n", "\n    ")
    if place is not None:
        yield f"  at: {place.file}:{place.line}:{place.column}"


def _strictly(outcome: Outcome) -> Outcome:
    if outcome.kind == IGNORE:
        return replace(outcome, severity="error")
    if outcome.status != "skipped" or outcome.ignored:
        return outcome
    finding = Finding(f"was not checked: {outcome.reason}").identified(outcome.kind, outcome.subject)
    return replace(outcome, status="failed", findings=(finding,))
