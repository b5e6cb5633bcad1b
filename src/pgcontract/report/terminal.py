"""The report on a terminal: quiet about what holds, whole about what does not, and the verdict in the last line.

Whatever comes from a contract or a database becomes a `Text`, which rich does not read for markup, after `visible` or
`line`, so that no name can colour, move or hide anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.report.document import LEVELS, arrange, difference, repair_script, summary_line, tally
from pgcontract.report.lines import hanging, indented, labelled, last, marked, rows, write
from pgcontract.report.since import since_words
from pgcontract.report.text import counted, duration, line, visible
from pgcontract.report.timings import show_timing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console

    from pgcontract.report.document import Document, Entry, Group, Level, Verdict
    from pgcontract.verdict import Finding, Outcome, Report

_STYLES: dict[Level, str] = {
    "broken": "bold red",
    "errored": "bold magenta",
    "warning": "yellow",
    "info": "cyan",
    "skipped": "dim",
    "ignored": "dim",
    "passed": "green",
}
_VERDICT_STYLES: dict[Verdict, str] = {
    "holds": "bold green",
    "broken": "bold red",
    "unsure": "bold magenta",
    "empty": "bold yellow",
}
_SIGNS: dict[Level, tuple[str, str]] = {
    "broken": ("✗", "x"),
    "errored": ("!", "!"),
    "warning": ("▲", "^"),
    "info": ("•", "-"),
    "skipped": ("-", "-"),
    "ignored": ("~", "~"),
    "passed": ("✓", "+"),
}
_REASONS_SHOWN = 8
_IGNORED_SHOWN = 3


def show(report: Report, console: Console, *, verbose: bool = False, quiet: bool = False) -> None:
    """Write the report to the console.

    What failed or could not be checked comes last and whole, by relation, the worst next to the summary line; why
    something was skipped or ignored is said once for each reason, unless `quiet`. What passed is only counted;
    `verbose` adds a line for every outcome, with its time.
    """
    document = arrange(report)
    if verbose:
        for group in document.groups:
            _show_group(group, console)
        _gap(console, document.groups)
    if not quiet:
        _show_skips(document, console)
        _show_ignored(document, console, verbose=verbose)
    show_troubles(document.troubles, report.started_at, console)
    show_summary(document, console)


def show_troubles(troubles: Sequence[Entry], started: datetime, console: Console) -> None:
    """Write what failed or could not be checked, whole and by relation; the worst last.

    Args:
        troubles: The worst first.
        started: When the run began, from which it is told since when something fails.
        console: Where to.
    """
    for title, entries in _by_home(troubles):
        hanging(console, Text(), Text(line(title), style="bold underline"))
        for entry in entries:
            _show_entry(entry, started, console)


def show_summary(document: Document, console: Console) -> None:
    """Write the whole run in one line."""
    last(console, Text(line(summary_line(document)), style=_VERDICT_STYLES[document.verdict]))


def _gap(console: Console, after: tuple[object, ...]) -> None:
    if after:
        write(console, Text())


def _by_home(troubles: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Each relation, or kind where there is none, with its troubles; the worst last, among homes and within each."""
    homes: dict[str, list[Entry]] = {}
    for entry in troubles:
        homes.setdefault(entry.outcome.relation or entry.outcome.kind, []).append(entry)
    mildest_first = [(home, sorted(entries, key=_badness, reverse=True)) for home, entries in homes.items()]
    return sorted(mildest_first, key=lambda item: _badness(item[1][-1]), reverse=True)


def _badness(entry: Entry) -> int:
    """The lower, the worse."""
    return LEVELS.index(entry.level)


def sign(of: Level, console: Console) -> Text:
    """The sign of a level, and a blank."""
    rich, plain = _SIGNS[of]
    return Text(f"{plain if console.options.ascii_only else rich} ", _STYLES[of])


def _show_group(group: Group, console: Console) -> None:
    words = f"  {tally(group.counts)}, {duration(group.duration_ms)}"
    heading = Text.assemble((line(group.title), "bold"), (words, "dim"))
    hanging(console, sign(group.level, console), heading)
    for entry in group.entries:
        show_timing(entry.outcome, console)


def _show_skips(document: Document, console: Console) -> None:
    """Why something was skipped, a line for each of the most frequent reasons."""
    if not document.skips:
        return
    write(console, Text(f"{document.levels['skipped']:,} skipped", style="bold"))
    width = len(f"{document.skips[0][1]:,}")
    for reason, number in document.skips[:_REASONS_SHOWN]:
        hanging(console, Text(f"  {number:>{width},} ", "dim"), Text(line(reason)))
    if rest := document.skips[_REASONS_SHOWN:]:
        count = sum(number for _, number in rest)
        write(console, Text(f"  and {count:,} for {counted(len(rest), 'other reason')}", "dim"))
    _gap(console, document.skips)


def _show_ignored(document: Document, console: Console, *, verbose: bool) -> None:
    """Until when, why and what: of each reason the first few, or with `verbose` all."""
    if not document.ignored:
        return
    write(console, Text(f"{document.levels['ignored']:,} ignored", style="bold"))
    for reason, entries in document.ignored:
        hanging(console, Text("  "), Text(line(reason)))
        shown = entries if verbose else entries[:_IGNORED_SHOWN]
        for entry in shown:
            hanging(console, Text("    "), Text(line("".join(piece.text for piece in entry.title)), "dim"))
        if rest := len(entries) - len(shown):
            write(console, Text(f"    and {rest:,} more", "dim"))
    _gap(console, document.ignored)


def _show_entry(entry: Entry, started: datetime, console: Console) -> None:
    hanging(console, sign(entry.level, console), _heading(entry))
    outcome = entry.outcome
    if outcome.reason:
        labelled(console, "reason", Text(visible(outcome.reason)))
    for finding in outcome.findings:
        _show_finding(finding, started, console)
    if outcome.because:
        labelled(console, "because", Text(visible(outcome.because)))
    if outcome.traceback:
        write(console, indented(outcome.traceback.rstrip("\n"), 4, "dim"), unbroken=True)
    write(console, Text())


def _heading(entry: Entry) -> Text:
    sentence = line("".join(piece.text for piece in entry.title))
    return Text.assemble((sentence, "bold"), (f"  {line(_labels(entry.outcome))}", "dim"))


def _labels(outcome: Outcome) -> str:
    severity = () if outcome.severity == "error" else (outcome.severity,)
    implied = ("implied",) if outcome.implied else ()
    return ", ".join((outcome.kind, *severity, *implied, *outcome.tags))


def _show_finding(finding: Finding, started: datetime, console: Console) -> None:
    hanging(console, Text("  "), Text(visible(finding.message)))
    if words := since_words(finding, started):
        labelled(console, "since", Text(words))
    if both := difference(finding):
        labelled(console, "expected", marked(both.expected, "bold underline green"))
        labelled(console, "observed", marked(both.observed, "bold underline red"))
    if finding.examples is not None and finding.examples.rows:
        write(console, Text("    examples", "dim"))
        rows(console, finding.examples, 6)
    if finding.hint:
        sentence, _, script = finding.hint.partition("\n")
        labelled(console, "hint", Text(visible(sentence)))
        if script:  # a comment that is broken in two is no comment any more
            write(console, indented(script, 6), unbroken=True)
    if finding.repair:
        write(console, Text("    repair", "dim"))
        write(console, indented(repair_script(finding), 6), unbroken=True)
