"""What a saved report must look like, key by key.

The records are the format's own: a change of `pgcontract.verdict` does not change by itself what can be read back.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from pgcontract import verdict
from pgcontract.making import maker
from pgcontract.verdict import Hazard, Severity, Status

FORMAT: Literal["pgcontract.report/1"] = "pgcontract.report/1"


class _Record(BaseModel):
    """An object that has each of its keys and no other, with values of just that type."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class SavedRepair(_Record):
    """A repair."""

    sql: str
    hazard: Hazard


class SavedSince(_Record):
    """Since when a finding is there."""

    at: AwareDatetime
    runs: int
    or_before: bool

    def restored(self) -> verdict.Since:
        """What was saved."""
        return verdict.Since(**dict(self))


class SavedExamples(_Record):
    """Some of the rows that a finding is about."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    masked: bool

    @model_validator(mode="after")
    def _even(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not as many values as there are columns")
        return self

    def restored(self) -> verdict.Examples:
        """What was saved."""
        return verdict.Examples(**dict(self))


class SavedFinding(_Record):
    """A finding; what was saved without a history does not say since when, and once none had examples."""

    message: str
    expected: str | None
    observed: str | None
    object: str | None
    hint: str | None
    fingerprint: str
    repair: tuple[SavedRepair, ...]
    since: SavedSince | None = None
    examples: SavedExamples | None = None

    def restored(self) -> verdict.Finding:
        """The finding that was saved."""
        plain: dict[str, Any] = dict(self)
        plain["repair"] = tuple(verdict.Repair(repair.sql, repair.hazard) for repair in self.repair)
        plain["since"] = None if self.since is None else self.since.restored()
        plain["examples"] = None if self.examples is None else self.examples.restored()
        return verdict.Finding(**plain)


class SavedIgnored(_Record):
    """A finding that was put aside."""

    message: str
    object: str | None
    fingerprint: str
    because: str
    until: date | None

    def restored(self) -> verdict.Ignored:
        """The finding that was put aside when it was saved."""
        return verdict.Ignored(**dict(self))


class SavedLocation(_Record):
    """Where a contract file says something."""

    file: str
    line: int
    column: int

    def restored(self) -> verdict.Location:
        """What was saved."""
        return verdict.Location(**dict(self))


class SavedOutcome(_Record):
    """An outcome; what was saved before anything could be ignored or located says nothing of it."""

    kind: str
    subject: str
    status: Status
    severity: Severity
    sentence: str
    expectation: dict[str, Any]
    relation: str | None
    findings: tuple[SavedFinding, ...]
    reason: str | None
    because: str | None
    tags: tuple[str, ...]
    duration_ms: float
    traceback: str | None
    implied: bool
    ignored: tuple[SavedIgnored, ...] = ()
    location: SavedLocation | None = None

    def restored(self) -> verdict.Outcome:
        """The outcome that was saved."""
        plain = dict(vars(self))
        plain["findings"] = tuple(finding.restored() for finding in self.findings) if self.findings else ()
        plain["ignored"] = tuple(one.restored() for one in self.ignored) if self.ignored else ()
        plain["location"] = None if self.location is None else self.location.restored()
        return _outcome(**plain)


_outcome = maker(verdict.Outcome)


class SavedDatabase(_Record):
    """A database."""

    name: str
    version: str
    host: str


class SavedPast(_Record):
    """A run before this one."""

    at: AwareDatetime
    passed: bool
    summary: dict[Status, int]
    duration_ms: float

    def restored(self) -> verdict.Past:
        """The run as it was told."""
        summary: dict[Status, int] = {status: self.summary.get(status, 0) for status in verdict.STATUSES}
        return verdict.Past(self.at, self.passed, summary, self.duration_ms)


class SavedReport(_Record):
    """The whole document; what was saved without a history tells of no run before it."""

    format: Literal["pgcontract.report/1"]
    suite: str
    passed: bool
    database: SavedDatabase
    started_at: AwareDatetime
    duration_ms: float
    summary: dict[Status, int]
    outcomes: tuple[SavedOutcome, ...]
    past: tuple[SavedPast, ...] = ()

    def restored(self) -> verdict.Report:
        """The report; its verdict and summary follow from its outcomes, so they are left behind."""
        return verdict.Report(
            suite=self.suite,
            database=verdict.Database(self.database.name, self.database.version, self.database.host),
            started_at=self.started_at,
            duration_ms=self.duration_ms,
            outcomes=tuple(outcome.restored() for outcome in self.outcomes),
            past=tuple(run.restored() for run in self.past),
        )
