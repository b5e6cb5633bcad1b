"""How a backend is: its database, what the contract requires of that, and its services."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pgcontract.verdict import Outcome, Report

Up = Literal["up", "down"]

PARTS: Mapping[str, tuple[str, ...]] = {
    "tables": ("TableExists", "TablesAre"),
    "functions": ("FunctionPresent", "FunctionCallable", "FunctionsAre"),
    "rls": ("RlsEnabled", "RlsForced", "RlsBlocksAnon", "RlsIsolates", "PolicyPresent", "PoliciesAre"),
}
"""The kinds of expectations that are told of under a name of their own; the others are told of as the contract."""


@dataclass(frozen=True)
class Answer:
    """How one thing answered.

    Attributes:
        status: `up`, or `down`.
        response_time_ms: How long that took, in milliseconds.
        error: Why it is down.
        details: What a check tells besides.
    """

    status: Up
    response_time_ms: float
    error: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    def json(self) -> dict[str, object]:
        """What is told of it."""
        own: dict[str, object] = {"status": self.status, "response_time_ms": self.response_time_ms}
        told = own | dict(self.details) | own
        return told if self.error is None else {**told, "error": self.error}


@dataclass(frozen=True)
class State:
    """How everything was at one moment.

    Attributes:
        at: When it was asked (aware, UTC).
        database: Whether the database answers.
        report: What the contract's run found; None where the database does not answer, or not in time.
        error: Why there is no report though the database answers.
        services: How each service answered, by name.
        probes: The kinds of expectations that act on the database. What comes of that may quote what stands in a row,
            so of them is told what the contract says.
    """

    at: datetime
    database: Answer
    report: Report | None
    error: str | None
    services: Mapping[str, Answer]
    probes: frozenset[str] = frozenset()

    @property
    def ready(self) -> bool:
        """Whether the backend can do its work: the database answers and is as it should be, and so do the services."""
        contract = self.report is not None and self.report.passed
        return contract and all(answer.status == "up" for answer in self.services.values())

    def json(self, age: float) -> dict[str, object]:
        """All of it, for those who may know.

        Args:
            age: How many seconds ago it was asked.
        """
        return {
            "status": "healthy" if self.ready else "unhealthy",
            "checked_at": self.at.isoformat(timespec="milliseconds"),
            "age_s": round(age, 1),
            "database": self.database.json(),
            **{name: self._part(name) for name in PARTS},
            "contract": self._contract(),
            "services": {name: answer.json() for name, answer in self.services.items()},
        }

    def _part(self, name: str) -> dict[str, object]:
        return self._told([outcome for outcome in self._outcomes() if outcome.kind in PARTS[name]])

    def _contract(self) -> dict[str, object]:
        if self.report is None:
            return {"status": "unknown", "error": self.error or self.database.error}
        others = {kind for kinds in PARTS.values() for kind in kinds}
        told = self._told([outcome for outcome in self._outcomes() if outcome.kind not in others])
        return {"suite": self.report.suite, **told, "duration_ms": self.report.duration_ms}

    def _outcomes(self) -> Sequence[Outcome]:
        return () if self.report is None else self.report.outcomes

    def _told(self, outcomes: Sequence[Outcome]) -> dict[str, object]:
        """Of some outcomes, how many are as required, and what is wrong with the others."""
        if self.report is None:
            return {"status": "unknown"}
        wrong = [outcome for outcome in outcomes if outcome.breaks or outcome.status == "errored"]
        problems = [{"subject": one.subject, "problem": problem} for one in wrong for problem in self._problems(one)]
        counts = Counter(outcome.status for outcome in outcomes)
        told = {"required": len(outcomes), "passed": counts["passed"], "skipped": counts["skipped"]}
        unproved = "skipped" if counts["skipped"] and not counts["passed"] else "ok"
        return {"status": "failed" if wrong else unproved, **told, "problems": problems}

    def _problems(self, outcome: Outcome) -> list[str]:
        if outcome.kind in self.probes:
            verdict = "does not hold" if outcome.findings else "could not be checked"
            return [f"{verdict}: {outcome.sentence}"]
        return [finding.message for finding in outcome.findings] or [f"{outcome.reason}"]
