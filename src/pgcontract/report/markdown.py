"""The report as Markdown: a comment on a pull request, or the summary of a step of GitHub Actions.

The verdict comes first, then each problem, folded, the worst first; then what was skipped or ignored, and why. GitHub
refuses a comment of more than 65,536 characters, so a report never has more than `LONGEST`: a problem that has no room
in full is named, and what has no room at all is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.document import VERDICTS, arrange, tally
from pgcontract.report.examples import cell
from pgcontract.report.picture import escapes
from pgcontract.report.problems import about_finding, about_outcome, sentence, shortened
from pgcontract.report.text import counted, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pgcontract.report.document import Document, Entry, Level, Verdict
    from pgcontract.verdict import Examples, Report

LONGEST = 65_000

_VERDICTS: dict[Verdict, str] = {"holds": "✅", "broken": "❌", "unsure": "⚠️", "empty": "⚪"}
_SIGNS: dict[Level, str] = {"broken": "❌", "errored": "⚠️", "warning": "🔶", "info": "🔹"}
_NAMED = 300
_VALUE = 2_000
_CELL = 200
_REASONS = 8


def render(report: Report) -> str:
    """The report as Markdown, ending with a newline."""
    document = arrange(report)
    head, tail = _head(document), "\n".join(_tail(document))
    room = LONGEST - len(head) - len(tail) - _NAMED
    parts = [head, *_within(document.troubles, report.started_at, room), tail]
    return "\n".join(part for part in parts if part)


def _head(document: Document) -> str:
    report = document.report
    database = f"{_code(report.database.name)} (PostgreSQL {_text(report.database.version)})"
    return (
        f"## {_VERDICTS[document.verdict]} Contract {_code(report.suite)} {VERDICTS[document.verdict]}\n\n"
        f"**{tally(document.levels)}** on {database} in {duration(report.duration_ms)}\n"
    )


def _within(entries: Sequence[Entry], started: datetime, room: int) -> Iterator[str]:
    """The entries in full while there is room, then by name, and how many were left out."""
    in_full = named = 0
    for entry in entries:
        short = f"- {_title(entry)}\n"
        full = _folded(entry, started)
        if named == 0 and len(full) < room:
            in_full, room, part = in_full + 1, room - len(full) - 1, full
        elif len(short) < room:
            named, room, part = named + 1, room - len(short) - 1, short
        else:
            break
        yield part
    cut = [f"{named:,} of them by name only"] if named else []
    if rest := len(entries) - in_full - named:
        cut.append(f"{rest:,} more not at all")
    if cut:
        yield f"_{counted(len(entries), 'problem')}, {' and '.join(cut)}: a comment has no room for more._\n"


def _folded(entry: Entry, started: datetime) -> str:
    outcome = entry.outcome
    lines = [f"<details>\n<summary>{_title(entry)}</summary>\n"]
    if outcome.status == "errored":
        lines.append(f"could not be checked: {_text(outcome.reason or 'no reason given', _VALUE)}\n")
    about: list[tuple[str, str]] = []
    rows: list[str] = []
    for finding in outcome.findings:
        lines += [*_said(about), *rows, f"{_text(finding.message, _VALUE)}\n"]
        about = [(label, text) for label, text in about_finding(finding, started) if label != "examples"]
        rows = list(_rows(finding.examples))
    about += about_outcome(outcome)  # in one table with the last finding, which mostly is the only one
    if place := outcome.location:
        about.append(("in", f"{place.file}:{place.line}"))
    return "\n".join([*lines, *_said(about), *rows, "</details>\n"])


def _rows(examples: Examples | None) -> Iterator[str]:
    """A table of its own of the rows that are wrong."""
    if examples is None or not examples.rows:
        return
    yield f"| {' | '.join(map(_code, examples.columns))} |\n|{'---|' * len(examples.columns)}"
    for row in examples.rows:
        yield f"| {' | '.join('NULL' if value is None else _code(cell(value)) for value in row)} |"
    yield ""


def _said(said: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A table of what fits into a cell, and below it the rest as blocks."""
    cells = [(label, text) for label, text in said if _fits(label, text)]
    if cells:
        yield "| | |\n|---|---|"
        yield from (f"| {label} | {_cell(label, text)} |" for label, text in cells)
        yield ""
    for label, text in said:
        if not _fits(label, text):
            yield f"{label}:\n"
            yield f"{escapes.block(shortened(text, _VALUE), 'sql' if label == 'repair' else 'text')}\n"


def _fits(label: str, text: str) -> bool:
    return label not in {"repair", "traceback"} and "\n" not in text and len(text) <= _CELL


def _cell(label: str, text: str) -> str:
    return _code(text) if label in {"expected", "observed", "in"} else _text(text)


def _tail(document: Document) -> Iterator[str]:
    """Why something was skipped or ignored, a line for each of the first reasons."""
    skipped = [f"{_text(reason)} ({number:,})" for reason, number in document.skips]
    ignored = [f"{_text(reason)} ({len(entries):,})" for reason, entries in document.ignored]
    yield from _reasons(f"{document.levels['skipped']:,} skipped", skipped)
    yield from _reasons(f"{document.levels['ignored']:,} ignored", ignored)


def _reasons(title: str, reasons: Sequence[str]) -> Iterator[str]:
    if not reasons:
        return
    yield f"<details>\n<summary>{title}</summary>\n"
    yield from (f"- {reason}" for reason in reasons[:_REASONS])
    if len(reasons) > _REASONS:
        yield f"- and {counted(len(reasons) - _REASONS, 'other reason')}"
    yield "\n</details>\n"


def _title(entry: Entry) -> str:
    outcome = entry.outcome
    return f"{_SIGNS[entry.level]} {_text(sentence(outcome), _NAMED)} ({_text(outcome.kind)})"


def _text(said: str, longest: int = _CELL) -> str:
    return escapes.unheard(shortened(said, longest))


def _code(said: str) -> str:
    return escapes.code(shortened(said, _CELL))
