"""A baseline kept up with a run: what fails now goes in, what is no longer needed goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.ignore import Ignore
from pgcontract.records import dataclass
from pgcontract.verdict import IGNORE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pgcontract.verdict import Finding, Report


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What became of a baseline's ignores.

    Attributes:
        ignores: Those that it has now.
        added: How many are new.
        renewed: How many had expired, and got a new reason and a new last day.
        unused: How many were taken out because they matched nothing.
        expired: How many were taken out because their last day is over.
        doubtful: How many matched nothing and stay, because not all was checked that they may be meant for.
    """

    ignores: tuple[Ignore, ...]
    added: int = 0
    renewed: int = 0
    unused: int = 0
    expired: int = 0
    doubtful: int = 0

    @property
    def words(self) -> str:
        """What was done: `1 unused taken out, 2 expired taken out`."""
        parts = {
            "added": self.added,
            "renewed": self.renewed,
            "unused taken out": self.unused,
            "expired taken out": self.expired,
        }
        return ", ".join(f"{number:,} {what}" for what, number in parts.items() if number) or "nothing to do"


def updated(ignores: Sequence[Ignore], report: Report, *, because: str, until: date | None, today: date) -> Upkeep:
    """The ignores, and one more for each finding that stands; those that are there keep their reasons and days.

    Only an ignore of a fingerprint that has expired, and whose failure is there still, is replaced.
    """
    standing = dict.fromkeys(finding.fingerprint for finding in _standing(report))
    kept = tuple(one for one in ignores if not (one.fingerprint in standing and one.expired(today)))
    had = {one.fingerprint for one in kept}
    new = tuple(
        Ignore(fingerprint=fingerprint, because=because, until=until)
        for fingerprint in standing
        if fingerprint not in had
    )
    renewed = len(ignores) - len(kept)
    return Upkeep((*kept, *new), added=max(len(new) - renewed, 0), renewed=renewed)


def pruned(ignores: Sequence[Ignore], report: Report, *, today: date) -> Upkeep:
    """The ignores without those that have expired, and those of which the run is sure that they match nothing.

    Args:
        ignores: Those of the baseline.
        report: What was verified with them.
        today: The day, in UTC.
    """
    matchless = [outcome for outcome in report.outcomes if outcome.kind == IGNORE]
    unused = [outcome.expectation for outcome in matchless if outcome.reason is None]
    doubtful = [outcome.expectation for outcome in matchless if outcome.reason is not None]
    current = [one for one in ignores if not one.expired(today)]
    kept = tuple(one for one in current if one.content() not in unused)
    return Upkeep(
        kept,
        unused=len(current) - len(kept),
        expired=len(ignores) - len(current),
        doubtful=sum(one.content() in doubtful for one in kept),
    )


def notes(report: Report) -> dict[str, str]:
    """What each fingerprint in the report stands for."""
    ignored = {
        one.fingerprint: f"{outcome.kind}: {one.message}" for outcome in report.outcomes for one in outcome.ignored
    }
    failed = {
        finding.fingerprint: f"{outcome.kind}: {finding.message}"
        for outcome in report.outcomes
        if outcome.status == "failed" and outcome.kind != IGNORE
        for finding in outcome.findings
    }
    return ignored | failed


def _standing(report: Report) -> Iterator[Finding]:
    for outcome in report.having("failed"):
        if outcome.kind != IGNORE:
            yield from outcome.findings
