"""A run's findings dated by the runs before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.lifecycle.history.told import Told
from pgcontract.verdict import Since

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.lifecycle.history.told import Found
    from pgcontract.verdict import Outcome, Report


def dated(report: Report, before: Iterable[Report]) -> Report:
    """The report with since when each of its findings is there.

    The last run that tells of a finding decides, and carries itself since when that is; so only as many are read as
    it takes until each finding is told of, most often one, and none where nothing failed.

    Args:
        report: The run's.
        before: The runs before it of the same suite and database, the newest first, read when they are wanted.
    """
    open_ = {print_: found for print_, found in Told(report).found.items() if not found.errored}
    since: dict[str, Since] = {}
    earlier = iter(before)
    while open_ and (run := next(earlier, None)) is not None:
        told = Told(run)
        for print_, found in list(open_.items()):
            if (answer := _told_by(told, found, report)) is not None:
                since[print_] = answer
                del open_[print_]
    unknown = Since(report.started_at, 1, or_before=True)
    return replace(report, outcomes=tuple(_dated(outcome, since, unknown) for outcome in report.outcomes))


def _told_by(told: Told, found: Found, report: Report) -> Since | None:
    answer = told.answer(found)
    if answer == "there":
        then = told.found[found.fingerprint].since or Since(told.at, 1, or_before=True)
        return replace(then, runs=then.runs + 1)
    return None if answer in {"unknown", "restated"} else Since(report.started_at, 1)


def _dated(outcome: Outcome, since: dict[str, Since], unknown: Since) -> Outcome:
    """The outcome itself where it has no finding: to replace it would make its words."""
    if outcome.status != "failed":
        return outcome
    findings = (replace(one, since=since.get(one.fingerprint, unknown)) for one in outcome.findings)
    return replace(outcome, findings=tuple(findings))
