"""What would mend all that failed, gathered as one script."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgcontract.records import dataclass
from pgcontract.report.document import repair_script
from pgcontract.report.problems import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.report.document import Entry
    from pgcontract.verdict import Finding, Hazard

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Mending:
    """The repairs of a report's findings.

    Attributes:
        script: All as SQL, each behind a comment that says what it mends; what two findings ask for stands once.
        hazards: How many repairs have each hazard, `none` left out.
        findings: How many findings they mend.
        unmended: How many findings of those that failed have no repair.
        left_out: How many repairs stand no longer in the script, because it would be too long.
    """

    script: str
    hazards: Mapping[Hazard, int]
    findings: int
    unmended: int
    left_out: int = 0


def gathered(entries: Iterable[Entry]) -> Mending:
    """The repairs of all that failed, in the order in which a contract states things: a table before its columns.

    What is implied goes first, for something else needs it. That is an order to read, not always one to run:
    `pgcontract.repair` finds that from a catalog, which a saved report has not.
    """
    failed = [entry for entry in entries if entry.outcome.status == "failed"]
    found = [(entry, finding) for entry in failed for finding in entry.outcome.findings]
    having: dict[str, tuple[Entry, Finding]] = {}
    for entry, finding in found:
        if finding.repair:
            having.setdefault(repair_script(finding), (entry, finding))
    first = sorted(having.items(), key=lambda item: not item[1][0].outcome.implied)
    pieces = list(_within(f"-- {one_line(finding.message)}\n{script}" for script, (_, finding) in first))
    hazards: Counter[Hazard] = Counter(hazard for _, finding in having.values() for hazard in _hazards(finding))
    mended = sum(bool(finding.repair) for _, finding in found)
    return Mending(
        script="\n\n".join(pieces),
        hazards=dict(hazards.most_common()),
        findings=mended,
        unmended=len(found) - mended,
        left_out=len(having) - len(pieces),
    )


def _hazards(finding: Finding) -> Iterable[Hazard]:
    """What its repairs may cost, each once."""
    return dict.fromkeys(repair.hazard for repair in finding.repair if repair.hazard != "none")


def _within(pieces: Iterable[str]) -> Iterator[str]:
    """So many of them, whole, as a reader would copy at once; the first one always."""
    length = 0
    for piece in pieces:
        if length and length + len(piece) > _LONGEST:
            return
        length += len(piece)
        yield piece
