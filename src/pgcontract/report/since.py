"""Since when a finding is there, in words."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from pgcontract.report.text import counted, elapsed

if TYPE_CHECKING:
    from datetime import datetime

    from pgcontract.verdict import Finding, Outcome


def moment(at: datetime) -> str:
    """A moment as people read it, in UTC: ``2026-11-20 08:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def since_words(finding: Finding, now: datetime) -> str | None:
    """Since when the finding is there, as told in a run that began `now`; None where no history tells.

    Such as ``2026-11-20 08:00 UTC, 2 days 3 h, 5 runs``, or ``new in this run``.
    """
    since = finding.since
    if since is None or (since.or_before and since.runs == 1):
        return None
    if since.runs == 1:
        return "new in this run"
    before = " or before" if since.or_before else ""
    return f"{moment(since.at)}{before}, {elapsed((now - since.at).total_seconds())}, {counted(since.runs, 'run')}"


def age(outcome: Outcome, now: datetime) -> str | None:
    """How long the first of an outcome's findings is there, in few words; None where no history tells.

    Such as ``for 2 days 3 h``, or ``new in this run``.
    """
    since = outcome.findings[0].since if outcome.findings else None
    if since is None or (since.or_before and since.runs == 1):
        return None
    if since.runs == 1:
        return "new in this run"
    return f"for {elapsed((now - since.at).total_seconds())}{' or more' if since.or_before else ''}"
