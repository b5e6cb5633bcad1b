"""What one run tells of each thing that was checked, by names that stay the same from run to run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pgcontract.contract.expectation import COMMON
from pgcontract.verdict import IGNORE, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pgcontract.verdict import Outcome, Report, Severity, Since

# Most runs have the outcomes of the run before: what was worked out for those is remembered.
_KNOWN: dict[tuple[str, str, str], str] = {}
_MOST_KNOWN = 100_000
_as_json = json.JSONEncoder(sort_keys=True, default=str).encode  # `dumps` would make one for each outcome
Answer = Literal["there", "gone", "ignored", "restated", "unknown"]
"""What a run tells of a finding: it is there; it is not; it is put aside; its expectation says something else now; or
nothing, for it was skipped, could not be checked, or was not part of the run."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, or what could not be checked, in one run.

    Attributes:
        fingerprint: The finding's; of what could not be checked, one of its own.
        outcome: The identity of the outcome that it belongs to.
        kind: The outcome's.
        subject: The outcome's.
        object: The canonical name of what is wrong.
        message: What is wrong, in words.
        severity: The outcome's.
        errored: Whether it could not be checked.
        needing: None for an outcome that stands in every report. Else the outcomes that were skipped for want of it:
            once it is mended, only what becomes of them tells.
        since: Since when it is there, where the run itself says so.
    """

    fingerprint: str
    outcome: str
    kind: str
    subject: str
    object: str
    message: str
    severity: Severity
    errored: bool
    needing: frozenset[str] | None
    since: Since | None


class Told:
    """What one run tells.

    Attributes:
        report: The run's.
        at: When it began.
        verdicts: Of each outcome that was judged or could not be, by its identity, whether it holds.
        judged: The outcomes that were judged.
        found: What failed or could not be checked, by fingerprint.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.at: datetime = report.started_at
        self.verdicts: dict[str, bool] = {}
        self.found: dict[str, Found] = {}
        self._aside: set[str] = set()
        self.judged: set[str] = set()
        self._skipped: dict[str, str] = {}
        self._spoken: set[tuple[str, str]] = set()
        for outcome in report.outcomes:
            self._place(outcome, identity(outcome))
        for outcome in report.having("failed", "errored"):
            for found in self._found(outcome, identity(outcome)):
                self.found[found.fingerprint] = found

    def _place(self, outcome: Outcome, name: str) -> None:
        self._spoken.add((outcome.kind, outcome.subject))
        self._aside.update(one.fingerprint for one in outcome.ignored)
        if outcome.status == "skipped":
            self._skipped[name] = outcome.reason or ""
            return
        if outcome.status != "errored":
            self.judged.add(name)
        self.verdicts[name] = self.verdicts.get(name, True) and outcome.status == "passed"

    def _found(self, outcome: Outcome, name: str) -> Iterator[Found]:
        errored = outcome.status == "errored"
        needing = frozenset(self._wanting(outcome)) if outcome.implied or outcome.kind == IGNORE else None

        def found(print_: str, object_: str | None, message: str, since: Since | None = None) -> Found:
            about = (outcome.kind, outcome.subject, object_ or outcome.subject)
            return Found(print_, name, *about, message, outcome.severity, errored, needing, since)

        if errored:
            yield found(fingerprint("errored", name), None, outcome.reason or "could not be checked")
        else:
            yield from (found(one.fingerprint, one.object, one.message, one.since) for one in outcome.findings)

    def _wanting(self, outcome: Outcome) -> Iterable[str]:
        """What was skipped for want of what the outcome says."""
        words = "|".join(re.escape(words) for words in (outcome.subject, outcome.sentence) if words)
        named = re.compile(rf"(?<![\w.])(?:{words})(?![\w.])")
        return (name for name, reason in self._skipped.items() if named.search(reason))

    def answer(self, found: Found) -> Answer:
        """What this run tells of what another one found."""
        if found.fingerprint in self.found:
            return "there"
        if found.fingerprint in self._aside:
            return "ignored"
        if found.outcome in self.judged:
            return "gone"
        if found.outcome in self.verdicts or found.outcome in self._skipped:
            return "unknown"
        if found.needing is not None:
            return "gone" if not found.needing or found.needing & self.judged else "unknown"
        return "restated" if (found.kind, found.subject) in self._spoken else "unknown"


def identity(outcome: Outcome) -> str:
    """What names an outcome from run to run: what its expectation says, and not how much that matters."""
    key = (outcome.kind, outcome.subject, repr(outcome.expectation))
    known = _KNOWN.get(key)
    if known is None:
        said = {name: value for name, value in outcome.expectation.items() if name not in COMMON}
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[key] = fingerprint(outcome.kind, outcome.subject, _as_json(said))
    return known
