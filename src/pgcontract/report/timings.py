"""What was tried and how long it took, a line each, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.report.document import level
from pgcontract.report.lines import timed, write
from pgcontract.report.text import duration, line

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.verdict import Outcome, Report

_SIGNS = {"passed": ("✓", "+"), "skipped": ("-", "-"), "errored": ("!", "!"), "failed": ("✗", "x")}
_STYLES = {"passed": "green", "skipped": "dim", "errored": "bold magenta", "failed": "bold red"}
_MILLISECONDS = 1000
_NOISE = 0.05


def show_timings(report: Report, console: Console) -> None:
    """Write a line for each outcome, by relation: whether it works, what was tried, and how long it took."""
    groups: dict[str | None, list[Outcome]] = {}
    for outcome in report.outcomes:
        groups.setdefault(outcome.relation, []).append(outcome)
    for relation in sorted(groups, key=lambda name: name is None):
        write(console, Text(line(relation or "functions and others"), style="bold"))
        for outcome in groups[relation]:
            show_timing(outcome, console)
    write(console, Text())


def show_timing(outcome: Outcome, console: Console) -> None:
    """Write one outcome: a sign, the sentence, whole, and how long it took."""
    rich, plain = _SIGNS[outcome.status]
    style = "yellow" if level(outcome) == "warning" else _STYLES[outcome.status]
    sign = Text.assemble("  ", (f"{plain if console.options.ascii_only else rich} ", style))
    sentence = Text(line(outcome.sentence or f"{outcome.kind} {outcome.subject}"))
    timed(console, sign, sentence, _took(outcome))


def _took(outcome: Outcome) -> str:
    """Milliseconds, so that one sees what is slower than what; seconds where there are many."""
    if outcome.status == "skipped":
        return "skipped"
    if outcome.duration_ms >= _MILLISECONDS:
        return duration(outcome.duration_ms)
    return "<0.1 ms" if outcome.duration_ms < _NOISE else f"{outcome.duration_ms:,.1f} ms"
