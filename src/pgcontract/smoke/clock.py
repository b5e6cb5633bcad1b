"""One thing that is tried, and how long it took: the statement alone, not what leads to it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.synth import CannotSynthesise
from pgcontract.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract.contract.session import Session

_UNABLE = frozenset({"57014", "55P03", "40P01"})
"""A timeout, a lock, a deadlock: nothing is known then of what would have come of it."""


@dataclass(slots=True)
class Clock:
    """Runs statements of one trial, and adds up their time.

    Attributes:
        spent_ms: How long they took, in milliseconds.
    """

    session: Session
    spent_ms: float = field(default=0.0)

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement.

        Raises:
            Refused: Postgres refused it.
            CannotProbe: It must not be tried.
        """
        began = time.perf_counter()
        try:
            return self.session.rows(statement, parameters)
        finally:
            self.spent_ms += (time.perf_counter() - began) * 1000


def tried(
    session: Session, kind: str, subject: str, sentence: str, attempt: Callable[[Clock], Iterator[Finding]]
) -> Outcome:
    """What came of an attempt, which yields what is wrong.

    Args:
        session: Where it is made.
        kind: The word for what is tried: `RowCreated`.
        subject: The canonical name of what it is tried on.
        sentence: What should be, in words.
        attempt: Tries it by the clock that it is given.
    """
    clock = Clock(session)
    outcome = Outcome(kind, subject, "passed", sentence=sentence, relation=subject)
    try:
        findings = tuple(finding.identified(kind, subject) for finding in attempt(clock))
        outcome = replace(outcome, findings=findings, status="failed" if findings else "passed")
    except (CannotProbe, CannotSynthesise) as reason:
        outcome = replace(outcome, status="skipped", reason=str(reason))
    except Refused as refused:
        if refused.sqlstate in _UNABLE:
            outcome = replace(outcome, status="errored", reason=str(refused))
        else:
            found = Finding(f"it is refused: {refused}", "works", f"{refused.sqlstate}: {refused}")
            outcome = replace(outcome, status="failed", findings=(found.identified(kind, subject),))
    except psycopg.OperationalError as error:
        reason_ = f"the connection was lost: {str(error).strip().splitlines()[0]}"
        outcome = replace(outcome, status="errored", reason=reason_)
    return replace(outcome, duration_ms=round(clock.spent_ms, 3))
