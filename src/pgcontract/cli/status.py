"""What the exit status says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgcontract.verdict import Report

HOLDS = 0
BROKEN = 1
UNUSABLE = 2
UNCHECKED = 3
INTERRUPTED = 130
UNREAD = 141
"""Nobody reads standard output any more: what a shell says of a program that SIGPIPE ended."""


def status_of(report: Report) -> int:
    """Broken before unchecked: what is known to be wrong is not made better by what is not known."""
    if any(outcome.breaks for outcome in report.outcomes):
        return BROKEN
    return UNCHECKED if any(report.having("errored")) else HOLDS
