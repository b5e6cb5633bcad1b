"""The report in the Test Anything Protocol, version 13: a test point for each expectation.

Parsers of version 14 read it, too; Perl's `prove`, which runs pgTAP's tests, refuses what calls itself 14 (3.44).
What is wrong stands below its point as a block of YAML. A warning or a notice does not break a contract, which TAP says
by ``TODO``: a point that fails and does not count. What was skipped or ignored is ``ok`` with ``SKIP`` and the reason.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pgcontract.report.document import level
from pgcontract.report.problems import about_finding, about_outcome, one_line, sentence, skip_reason, whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pgcontract.report.document import Level
    from pgcontract.verdict import Outcome, Report

_TODO: dict[Level, str] = {"warning": "a warning", "info": "a notice"}


def render(report: Report) -> str:
    """The report as TAP, ending with a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "TAP version 13"
    yield f"1..{len(report.outcomes)}"
    for number, outcome in enumerate(report.outcomes, 1):
        yield _point(number, outcome)
        if outcome.status in {"failed", "errored"}:
            yield "  ---"
            yield from (f"  {each}" for each in _diagnostics(outcome, report.started_at))
            yield "  ..."


def _point(number: int, outcome: Outcome) -> str:
    result = "not ok" if outcome.status in {"failed", "errored"} else "ok"
    point = f"{result} {number} - {_escaped(f'{one_line(outcome.kind)}: {sentence(outcome)}')}"
    if outcome.status == "skipped":
        return f"{point} # SKIP {_escaped(skip_reason(outcome))}"
    todo = _TODO.get(level(outcome))
    return f"{point} # TODO {todo}" if todo else point


def _escaped(text: str) -> str:
    r"""Text in which nothing begins a directive.

    Version 14 writes `#` as `\#`, which parsers of version 13 take for a directive all the same: so it is no sign here.
    """
    return text.replace("#", r"\x23").replace("\\", r"\\")


def _diagnostics(outcome: Outcome, started: datetime) -> Iterator[str]:
    yield f"kind: {_scalar(outcome.kind)}"
    yield f"subject: {_scalar(outcome.subject)}"
    yield f"severity: {outcome.severity}"
    if outcome.location is not None:
        place = outcome.location
        yield f"at: {_scalar(f'{place.file}:{place.line}:{place.column}')}"
    if outcome.reason:
        yield f"reason: {_scalar(outcome.reason)}"
    for label, text in about_outcome(outcome):
        yield f"{label}: {_scalar(text)}"
    yield "findings:" if outcome.findings else "findings: []"
    for finding in outcome.findings:
        yield f"  - message: {_scalar(finding.message)}"
        yield f"    fingerprint: {_scalar(finding.fingerprint)}"
        for label, text in about_finding(finding, started):
            yield f"    {label}: {_scalar(text)}"


def _scalar(text: str) -> str:
    """A text in YAML's double quotes, which mean the same in JSON once nothing in it is a control character."""
    return json.dumps(whole_lines(text), ensure_ascii=False)
