"""The report as a table for spreadsheets: a row for each finding, or for an outcome that has none.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets take for "this is
text" (OWASP, "CSV Injection"). Rows end as RFC 4180 wants them.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from pgcontract.report.document import level, repair_script
from pgcontract.report.examples import table
from pgcontract.report.problems import sentence, whole_lines
from pgcontract.report.since import since_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.verdict import Finding, Outcome, Report

COLUMNS = (
    "number", "status", "level", "severity", "kind", "subject", "relation", "sentence", "message", "object", "expected",
    "observed", "examples", "hint", "repair", "since", "fingerprint", "reason", "because", "tags", "duration_ms",
    "file", "line",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - Excel reads the wide ones too


def render(report: Report) -> str:
    """The report as CSV with a heading; `number` counts outcomes, so that findings of one outcome share it."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for number, outcome in enumerate(report.outcomes, 1):
        for finding in outcome.findings or (None,):
            writer.writerow([number, *_row(outcome, finding, report)])
    return stream.getvalue()


def _row(outcome: Outcome, finding: Finding | None, report: Report) -> Iterator[str | float | None]:
    place = outcome.location
    yield from map(_cell, (outcome.status, level(outcome), outcome.severity, outcome.kind, outcome.subject))
    yield from map(_cell, (outcome.relation, sentence(outcome)))
    if finding is None:
        yield from [None] * 9
    else:
        since = since_words(finding, report.started_at)
        yield from map(_cell, (finding.message, finding.object, finding.expected, finding.observed))
        yield from map(_cell, (table(finding.examples), finding.hint))
        yield from map(_cell, (repair_script(finding), since, finding.fingerprint))
    yield from map(_cell, (outcome.reason, outcome.because, ", ".join(outcome.tags)))
    yield outcome.duration_ms
    yield from (None, None) if place is None else (_cell(place.file), place.line)


def _cell(text: str | None) -> str | None:
    if text is None:
        return None
    shown = whole_lines(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown
