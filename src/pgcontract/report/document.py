"""What every format shows: a report's outcomes arranged for a reader, without a word about how they look."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pgcontract.records import dataclass
from pgcontract.report.anchors import By, group_anchor, outcome_anchor
from pgcontract.report.marking import Segments, compare, whole
from pgcontract.report.text import counted, duration
from pgcontract.report.titles import sentence
from pgcontract.verdict import IGNORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgcontract.verdict import Finding, Outcome, Report, Status

Level = Literal["broken", "errored", "warning", "info", "skipped", "ignored", "passed"]
"""Status and severity in one word, which is what a reader looks for; `ignored` is skipped by an ignore's leave."""

LEVELS: tuple[Level, ...] = ("broken", "errored", "warning", "info", "skipped", "ignored", "passed")
"""The worst first."""

Verdict = Literal["holds", "broken", "unsure", "empty"]
"""What a run says of the contract: `unsure` when something errored, `empty` when nothing was checked at all."""

VERDICTS: Mapping[Verdict, str] = {
    "holds": "holds",
    "broken": "is broken",
    "unsure": "could not be checked in full",
    "empty": "was not checked",
}

WORST_FIRST: tuple[Status, ...] = ("failed", "errored", "skipped", "passed")
"""The statuses in the order in which a reader wants them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a finding expected and what it observed, each None where the finding has no such side."""

    expected: Segments | None
    observed: Segments | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome and its place in the document.

    Attributes:
        outcome: The outcome.
        anchor: A name that is its own in the document and stays the same from run to run, whatever the verdict.
        level: How much it matters.
        title: What the expectation says; the segments that are `changed` name its subject or relation.
    """

    outcome: Outcome
    anchor: str
    level: Level
    title: Segments

    @property
    def troubled(self) -> bool:
        """Whether it is to be shown in full: it failed, or could not be checked."""
        return self.outcome.status in {"failed", "errored"}


@dataclass(frozen=True, slots=True)
class Group:
    """The outcomes of one relation or, for those that belong to none, of one kind; the worst first.

    Attributes:
        title: The relation's canonical name, or the kind.
        by: Which of the two the title is.
        entries: In the suite's order but for the worse standing before the better.
        counts: How many entries have each level, the worst first.
    """

    title: str
    by: By
    entries: tuple[Entry, ...]
    counts: Mapping[Level, int]

    @property
    def anchor(self) -> str:
        """A name that is the group's own in the document, and the same in every report."""
        return group_anchor(self.by, self.title)

    @property
    def level(self) -> Level:
        """The worst level among the entries."""
        return self.entries[0].level

    @property
    def duration_ms(self) -> float:
        """How long the group's checks took together, in milliseconds."""
        return sum(entry.outcome.duration_ms for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Document:
    """A report as every format shows it.

    Attributes:
        report: The report itself.
        verdict: What it says of the contract.
        entries: All outcomes, in the order of the report.
        groups: The same: relations before kinds, in both the groups with failures first.
        troubles: What failed or could not be checked, the worst first.
        levels: How many outcomes have each level.
        skips: Why outcomes were skipped, and how many for each reason, the most frequent first.
        ignored: What was skipped because its failure is ignored, or that of what it requires, by what the ignores
            say; what ends first comes first, and what has no end last.
    """

    report: Report
    verdict: Verdict
    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]
    troubles: tuple[Entry, ...]
    levels: Mapping[Level, int]
    skips: tuple[tuple[str, int], ...]
    ignored: tuple[tuple[str, tuple[Entry, ...]], ...]


def arrange(report: Report) -> Document:
    """The report as a document."""
    entries = tuple(_entries(report.outcomes))
    levels = Counter(entry.level for entry in entries)
    return Document(
        report=report,
        verdict=verdict_of(report),
        entries=entries,
        groups=tuple(sorted(_groups(entries), key=lambda group: (group.by == "kind", _badness(group.level)))),
        troubles=tuple(entry for entry in _worst_first(entries) if entry.troubled),
        levels={level: levels[level] for level in LEVELS},
        skips=tuple(_reasons(entries).most_common()),
        ignored=tuple(_ignored(entries)),
    )


def difference(finding: Finding) -> Difference | None:
    """What the finding sets side by side, with what differs marked; None when it sets nothing."""
    if finding.expected is not None and finding.observed is not None:
        return Difference(*compare(finding.expected, finding.observed))
    if finding.expected is not None:
        return Difference(whole(finding.expected), None)
    return Difference(None, whole(finding.observed)) if finding.observed is not None else None


def repair_script(finding: Finding) -> str:
    """The finding's repairs as SQL to paste, their hazards as comments; empty where there are none."""
    lines: list[str] = []
    for hazard, repairs in groupby(finding.repair, key=lambda repair: repair.hazard):
        lines += [f"-- {hazard}"] if hazard != "none" else []
        lines += [_terminated(repair.sql) for repair in repairs]
    return "\n".join(lines)


def summary_line(document: Document) -> str:
    """The whole run in one line, such as ``contract backend holds on app (PostgreSQL 18.6): 212 passed in 0.4 s``."""
    report = document.report
    database = f"{report.database.name} (PostgreSQL {report.database.version})"
    return (
        f"contract {report.suite} {VERDICTS[document.verdict]} on {database}: "
        f"{tally(document.levels)} in {duration(report.duration_ms)}"
    )


def tally(levels: Mapping[Level, int]) -> str:
    """The counts in words, the worst first and the skipped last: ``2 failed, 1 warning, 212 passed, 3 skipped``."""
    told: tuple[Level, ...] = ("broken", "errored", "warning", "info", "passed", "skipped", "ignored")
    return ", ".join(level_words(level, levels[level]) for level in told if levels[level]) or "no expectations"


def level_words(of: Level, number: int) -> str:
    """How many are of a level, in words: ``2 failed``, ``1 warning``, ``3 notices``."""
    nouns: dict[Level, str] = {"warning": "warning", "info": "notice"}
    return counted(number, nouns[of]) if of in nouns else f"{number:,} {'failed' if of == 'broken' else of}"


def level(outcome: Outcome) -> Level:
    """How much an outcome matters."""
    if outcome.status == "skipped" and outcome.ignored:
        return "ignored"
    if outcome.status != "failed":
        return outcome.status
    return "broken" if outcome.severity == "error" else outcome.severity


def verdict_of(report: Report) -> Verdict:
    """What a run says of the contract."""
    if any(outcome.breaks for outcome in report.outcomes):
        return "broken"
    if not report.passed:
        return "unsure"
    checked = (outcome for outcome in report.outcomes if outcome.status != "skipped" or outcome.ignored)
    return "holds" if any(outcome.kind != IGNORE for outcome in checked) else "empty"


def _reasons(entries: Iterable[Entry]) -> Counter[str]:
    return Counter(entry.outcome.reason or "no reason given" for entry in entries if entry.level == "skipped")


def _ignored(entries: Iterable[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    members: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.level == "ignored":
            for until, because in {(str(one.until or ""), one.because): None for one in entry.outcome.ignored}:
                members.setdefault((until, because), []).append(entry)
    for (until, because), inside in sorted(members.items(), key=lambda item: (not item[0][0], item[0])):
        yield f"until {until}: {because}" if until else f"with no end: {because}", tuple(inside)


def _entries(outcomes: Iterable[Outcome]) -> Iterator[Entry]:
    seen: Counter[str] = Counter()
    for outcome in outcomes:
        anchor = outcome_anchor(outcome)
        seen[anchor] += 1
        # The same expectation twice in a suite is allowed; an identifier twice in a page is not.
        own = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
        yield Entry(outcome, own, level(outcome), sentence(outcome))


def _groups(entries: Sequence[Entry]) -> Iterator[Group]:
    members: dict[tuple[By, str], list[Entry]] = {}
    for entry in entries:
        relation = entry.outcome.relation
        key: tuple[By, str] = ("kind", entry.outcome.kind) if relation is None else ("relation", relation)
        members.setdefault(key, []).append(entry)
    for (by, title), inside in members.items():
        counts = Counter(entry.level for entry in inside)
        yield Group(title, by, tuple(_worst_first(inside)), {level: counts[level] for level in LEVELS})


def _worst_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: _badness(entry.level))


def _badness(of: Level) -> int:
    return LEVELS.index(of)


def _terminated(sql: str) -> str:
    text = sql.rstrip()
    if text.endswith(";"):
        return text
    # A semicolon behind a comment would belong to the comment.
    return f"{text}\n;" if "--" in text.rpartition("\n")[2] else f"{text};"
