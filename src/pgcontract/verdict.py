"""Verdicts as plain data: what a check found, what became of an expectation, and the report of a whole run."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.errors import PgContractError
from pgcontract.formats import named, save
from pgcontract.making import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime

Status = Literal["passed", "failed", "errored", "skipped"]
"""What became of an expectation. `errored` means that it could not be checked, and never counts as a pass."""

Severity = Literal["error", "warning", "info"]
"""How much a failure matters; it belongs to the expectation in its suite. Only `error` breaks a contract."""

Hazard = Literal["none", "data loss", "renames", "rewrites the table", "blocks writes", "changes access"]
"""What a repair may cost; `renames`: it takes one thing for another one under a new name."""

STATUSES: tuple[Status, ...] = ("passed", "failed", "errored", "skipped")

IGNORE = "Ignore"
"""The kind of the outcomes that speak of an ignore which matched nothing, rather than of the database."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One SQL statement, idempotent, that would mend a finding, and what running it may cost."""

    sql: str
    hazard: Hazard = "none"


@dataclass(frozen=True, slots=True)
class Since:
    """A finding is there since the run that began `at` (aware), in so many `runs`; or before, where no run tells."""

    at: datetime
    runs: int
    or_before: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the database is not what the contract says.

    Attributes:
        message: Lower case, names the object, no period at the end.
        expected: What the contract says, as text; None where there is no such side.
        observed: What the database has, as text; None where there is nothing.
        object: The canonical name of the object that is wrong; the outcome's subject when None.
        hint: A sentence that says what to look at or what was perhaps meant.
        repair: SQL that would mend it, in order; empty where none can be derived.
        fingerprint: 16 hexadecimal digits that stay the same from run to run; the runner fills it in where the
            check did not, which must where several properties of one object may all be expected to be the same.
        since: Since when it is there, where a history is kept that tells.
    """

    message: str
    expected: str | None = None
    observed: str | None = None
    object: str | None = None
    hint: str | None = None
    repair: tuple[Repair, ...] = ()
    fingerprint: str = ""
    since: Since | None = None

    def identified(self, kind: str, subject: str) -> Finding:
        """The finding with its object and fingerprint filled in.

        What was observed is left out of the fingerprint: a problem is the same problem while it gets worse.
        """
        target = self.object or subject
        said = self.expected if self.expected is not None else self.message
        return replace(self, object=target, fingerprint=self.fingerprint or fingerprint(kind, subject, target, said))


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that does not count for now, and what the ignore says that put it aside.

    Attributes:
        message: The finding's.
        object: The finding's.
        fingerprint: The finding's.
        because: Why it is ignored.
        until: The last day on which it is, in UTC; None for ever.
    """

    message: str
    object: str | None
    fingerprint: str
    because: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a contract says something: its `file`, from the working folder if in there, `line` and `column` from 1."""

    file: str
    line: int = 1
    column: int = 1


def fingerprint(*parts: str) -> str:
    """16 hexadecimal digits that are the same for the same parts."""
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:16]


class _Later:
    """Where an outcome keeps how its words are made, until somebody wants one of them."""

    __slots__ = ("_later",)
    _later: tuple[Callable[..., Outcome], tuple[Any, ...]] | None


@dataclass(frozen=True, slots=True)
class Outcome(_Later):
    """What became of one expectation.

    Attributes:
        kind: The expectation's class name.
        subject: The canonical name of what it speaks of.
        status: The verdict.
        severity: How much a failure matters.
        sentence: What the expectation says, in words.
        expectation: Its fields, as JSON would hold them.
        relation: The canonical name of the relation it belongs to, or None.
        findings: What was found; at least one when failed, none when passed.
        reason: Why it was skipped or errored; of one that passed, what tells how much that says (`in a sample of …`).
        because: Why the contract's author wants it.
        tags: The tags that the contract gives it.
        duration_ms: How long the check took, in milliseconds.
        traceback: Where an expectation's own code failed.
        implied: It is not in the suite, but something in the suite needs it, and it failed.
        ignored: The findings that were put aside, which are not among the others; when it was skipped for want of
            something whose failure is ignored, that one's.
        location: Where the contract says it; None where no file does, or where it passed and nobody asks.
    """

    kind: str
    subject: str
    status: Status
    severity: Severity = "error"
    sentence: str = ""
    expectation: Mapping[str, Any] = field(default_factory=dict)
    relation: str | None = None
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    because: str | None = None
    tags: tuple[str, ...] = ()
    duration_ms: float = 0.0
    traceback: str | None = None
    implied: bool = False
    ignored: tuple[Ignored, ...] = ()
    location: Location | None = None

    @classmethod
    def holding(cls, describe: Callable[..., Outcome], *about: Any) -> Outcome:
        """A passed outcome that is otherwise as `describe(*about)` makes it, which is called when any of it is wanted.

        Most outcomes pass, and of most of those nobody asks more than that.
        """
        opened: Any = _Open()
        opened.status = "passed"
        opened._later = describe, about  # noqa: SLF001 - it is to be one of these
        opened.__class__ = cls
        outcome: Outcome = opened
        return outcome

    if not TYPE_CHECKING:  # a type checker would take every name for an attribute

        def __getattr__(self, name: str) -> Any:
            if name not in _FIELDS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            if self._later is not None:
                describe, about = self._later
                described = describe(*about)
                for each in _FIELDS - {"status"}:
                    object.__setattr__(self, each, getattr(described, each))
                object.__setattr__(self, "_later", None)
            return object.__getattribute__(self, name)

    @property
    def breaks(self) -> bool:
        """Whether this outcome breaks the contract."""
        return self.status == "failed" and self.severity == "error"


_FIELDS = frozenset(each.name for each in fields(Outcome))
_Open = opened(Outcome)


@dataclass(frozen=True, slots=True)
class Database:
    """Which database was looked at: its name, the server's version and host. Never a password."""

    name: str
    version: str
    host: str


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
    """

    suite: str
    database: Database
    started_at: datetime
    duration_ms: float
    outcomes: tuple[Outcome, ...]

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
        if self.passed:
            return
        lines = [
            f"{outcome.kind} {outcome.subject}: {outcome.reason or '; '.join(f.message for f in outcome.findings)}"
            for outcome in self.outcomes
            if outcome.breaks or outcome.status == "errored"
        ]
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


def _strictly(outcome: Outcome) -> Outcome:
    if outcome.kind == IGNORE:
        return replace(outcome, severity="error")
    if outcome.status != "skipped" or outcome.ignored:
        return outcome
    finding = Finding(f"was not checked: {outcome.reason}").identified(outcome.kind, outcome.subject)
    return replace(outcome, status="failed", findings=(finding,))
