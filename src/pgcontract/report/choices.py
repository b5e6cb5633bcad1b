"""What a reader can choose among: the severities, kinds and tags of a report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from pgcontract.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.report.document import Document

_MOST = 500


def choices(document: Document) -> dict[str, Sequence[tuple[str, int]]]:
    """What there is of each, with how many outcomes have it: severities the worst first, the others in order."""
    outcomes = document.report.outcomes
    severities = Counter(outcome.severity for outcome in outcomes)
    kinds = Counter(outcome.kind for outcome in outcomes)
    tags = Counter(tag for outcome in outcomes for tag in dict.fromkeys(outcome.tags))
    return {
        "severity": [(each, severities[each]) for each in get_args(Severity) if severities[each]],
        "kind": _frequent(kinds),
        "tag": _frequent(tags),
    }


def _frequent(counts: Counter[str]) -> Sequence[tuple[str, int]]:
    """In alphabetical order; of very many the most frequent, for the others can be searched for."""
    return sorted(counts.most_common(_MOST))
