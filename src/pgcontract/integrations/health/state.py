"""How a backend is: its database, what the contract requires of that, and its services."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pgcontract.errors import PgContractError
from pgcontract.run.asynchronous import verify_async
from pgcontract.run.target import APPLICATION, conninfo, unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgcontract.contract.suite import Suite
    from pgcontract.integrations.health.services import Check
    from pgcontract.run.probe import Probes
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
        told: dict[str, object] = {"status": self.status, "response_time_ms": self.response_time_ms, **self.details}
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
    """

    at: datetime
    database: Answer
    report: Report | None
    error: str | None
    services: Mapping[str, Answer]

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
        return _told([outcome for outcome in self._outcomes() if outcome.kind in PARTS[name]], self.report)

    def _contract(self) -> dict[str, object]:
        if self.report is None:
            return {"status": "unknown", "error": self.error or self.database.error}
        others = {kind for kinds in PARTS.values() for kind in kinds}
        told = _told([outcome for outcome in self._outcomes() if outcome.kind not in others], self.report)
        return {"suite": self.report.suite, **told, "duration_ms": self.report.duration_ms}

    def _outcomes(self) -> Sequence[Outcome]:
        return () if self.report is None else self.report.outcomes


def _told(outcomes: Sequence[Outcome], report: Report | None) -> dict[str, object]:
    """Of some outcomes, how many are as required, and what is wrong with the others."""
    if report is None:
        return {"status": "unknown"}
    wrong = [outcome for outcome in outcomes if outcome.breaks or outcome.status == "errored"]
    problems = [
        {"subject": outcome.subject, "problem": finding.message} for outcome in wrong for finding in outcome.findings
    ] + [{"subject": outcome.subject, "problem": f"{outcome.reason}"} for outcome in wrong if not outcome.findings]
    counts = Counter(outcome.status for outcome in outcomes)
    told = {"required": len(outcomes), "passed": counts["passed"], "skipped": counts["skipped"]}
    return {"status": "failed" if wrong else "ok", **told, "problems": problems}


@dataclass(frozen=True)
class Assessment:
    """What is asked.

    Attributes:
        suite: What the database should be.
        db: Its URL.
        services: What else is needed, by name.
        probes: What probes may do; see `verify`.
        timeout: Seconds that the database, and each service, may take.
    """

    suite: Suite
    db: str
    services: Mapping[str, Check]
    probes: Probes
    timeout: float

    async def make(self) -> State:
        """Ask everything at once. It never raises what a thing that is asked raises: that one is down."""
        at = datetime.now(UTC)
        async with asyncio.TaskGroup() as group:
            database = group.create_task(self._database())
            services = {name: group.create_task(self._service(check)) for name, check in self.services.items()}
        return State(at, *database.result(), {name: task.result() for name, task in services.items()})

    async def _service(self, check: Check) -> Answer:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                details = await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the service is down
            return Answer("down", _since(began), _why(error, self.timeout))
        return Answer("up", _since(began), details=details or {})

    async def _database(self) -> tuple[Answer, Report | None, str | None]:
        began, up = time.perf_counter(), None
        try:
            async with asyncio.timeout(self.timeout), await self._connection() as connection:
                version = connection.info.parameter_status("server_version")
                up = Answer("up", _since(began), details={"version": version})
                return up, await verify_async(self.suite, connection, probes=self.probes), None
        except (PgContractError, psycopg.Error, TimeoutError) as error:
            why = _why(error, self.timeout)
            return (Answer("down", _since(began), why), None, None) if up is None else (up, None, why)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        text = conninfo(self.db)
        try:
            connection = await psycopg.AsyncConnection.connect(
                text, autocommit=True, fallback_application_name=APPLICATION
            )
            await connection.execute("select 1")
        except psycopg.Error as error:
            raise unreachable(error, conninfo_to_dict(text)) from None
        return connection


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)


def _why(error: BaseException, timeout: float) -> str:
    """What is told of an error to those who may know; those of other people's libraries may quote an address."""
    if isinstance(error, TimeoutError):
        return f"no answer in {timeout:g} s"
    if isinstance(error, PgContractError | psycopg.Error):
        return str(error).strip().splitlines()[0]
    return f"{type(error).__name__}: {error}" if isinstance(error, ConnectionError) else type(error).__name__
