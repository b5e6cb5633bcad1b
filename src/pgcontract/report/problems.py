"""What is wrong, one by one, for the formats whose readers are programs: code scanning, annotations, tables.

All of its text has passed `visible`, or `line` where it must stay in one line, and is cut where it is very long; the
JSON format alone keeps all of a text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgcontract.records import dataclass
from pgcontract.report.document import level, repair_script
from pgcontract.report.examples import table
from pgcontract.report.since import since_words
from pgcontract.report.text import line, visible
from pgcontract.verdict import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pgcontract.report.document import Level
    from pgcontract.verdict import Finding, Outcome, Report

LONGEST = 10_000
"""How many characters of one text are shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of an outcome that failed, or why an outcome could not be checked.

    Attributes:
        outcome: The outcome.
        level: How much it matters.
        message: What is wrong, in one line.
        finding: The finding, where there is one.
        fingerprint: Its own in the report, and the same from run to run.
    """

    outcome: Outcome
    level: Level
    message: str
    finding: Finding | None
    fingerprint: str


def problems(report: Report) -> Iterator[Problem]:
    """Every problem, in the order of the outcomes; at least one for each that failed or errored."""
    seen: Counter[str] = Counter()
    for outcome in report.outcomes:
        for message, finding in _of(outcome):
            known = finding.fingerprint if finding is not None else ""
            print_ = known or fingerprint(outcome.kind, outcome.subject, outcome.status)
            seen[print_] += 1
            own = print_ if seen[print_] == 1 else fingerprint(print_, str(seen[print_]))
            yield Problem(outcome, level(outcome), one_line(message), finding, own)


def sentence(outcome: Outcome) -> str:
    """What the expectation says, in one line."""
    return one_line(outcome.sentence or f"{outcome.kind} {outcome.subject}")


def skip_reason(outcome: Outcome) -> str:
    """Why it was skipped or ignored, in one line."""
    return one_line(outcome.reason or "no reason given")


def about_finding(finding: Finding, started: datetime) -> Iterator[tuple[str, str]]:
    """What is said of a finding beside its message, each with its label; a text may have several lines.

    Args:
        finding: The finding.
        started: When the run began.
    """
    script = repair_script(finding)
    said = (
        ("since", since_words(finding, started)),
        ("expected", finding.expected),
        ("observed", finding.observed),
        ("examples", table(finding.examples)),
        ("hint", finding.hint),
        ("repair", script or None),
    )
    return ((label, whole_lines(text)) for label, text in said if text is not None)


def about_outcome(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What is said of the outcome as such: why it is wanted, and where its own code failed."""
    said = (("because", outcome.because), ("traceback", outcome.traceback))
    return ((label, whole_lines(text.rstrip("\n"))) for label, text in said if text)


def explained(outcome: Outcome, started: datetime) -> str:
    """All that is known of what is wrong, as lines of plain text."""
    lines: list[str] = []
    for message, finding in _of(outcome):
        lines.append(one_line(message))
        lines += _indented(list(about_finding(finding, started)) if finding is not None else [])
    return "\n".join([*lines, *_indented(list(about_outcome(outcome)))])


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text in one line, harmless and not too long."""
    return line(shortened(text, longest))


def whole_lines(text: str, longest: int = LONGEST) -> str:
    """The text with its lines, harmless and not too long."""
    return visible(shortened(text, longest))


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text; of a very long one its beginning, and how much was left out.

    >>> shortened("x" * 12, 5)
    'xxxxx [… 7 characters left out]'
    """
    over = len(text) - longest
    return text if over <= 0 else f"{text[:longest]} [… {over:,} characters left out]"


def _of(outcome: Outcome) -> Iterator[tuple[str, Finding | None]]:
    if outcome.status == "errored":
        yield f"could not be checked: {outcome.reason or 'no reason given'}", None
    elif outcome.status != "failed":
        return
    elif not outcome.findings:
        yield outcome.reason or "does not hold", None
    for finding in outcome.findings:
        yield finding.message, finding


def _indented(said: Sequence[tuple[str, str]]) -> Iterator[str]:
    for label, text in said:
        first, *rest = text.split("\n")
        if not rest:
            yield f"  {label}: {first}"
        else:
            yield f"  {label}:"
            yield from (f"    {each}".rstrip() for each in (first, *rest))


def path_of(outcome: Outcome, target: str | None, report: Report) -> str:
    """The contract file that says it; of what stands in no file, `postgresql/DATABASE/OBJECT`.

    Those who show problems at files want one for each.

    Args:
        outcome: The outcome.
        target: The object that a finding is about.
        report: The report.
    """
    if outcome.location is not None:
        return one_line(outcome.location.file)
    return one_line(f"postgresql/{report.database.name}/{outcome.relation or target or outcome.subject}")
