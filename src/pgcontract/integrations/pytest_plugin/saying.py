"""What pytest says of outcomes: what is wrong, where the contract says so, and nothing of our code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.problems import explained, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pgcontract.verdict import Outcome


def said(outcomes: Iterable[Outcome], started: datetime) -> str:
    """What is wrong, in the words of the reports; the first line is the first finding's message."""
    return "\n".join(_said(outcome, started) for outcome in outcomes)


def _said(outcome: Outcome, started: datetime) -> str:
    place = outcome.location
    where = "" if place is None else f"\n  at: {one_line(place.file)}:{place.line}:{place.column}"
    return f"{explained(outcome, started)}{where}"
