"""What was tried and how long it took, a line each, for the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.report.document import level
from pgcontract.report.text import line

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.verdict import Outcome, Report

_SIGNS = {"passed": ("✓", "+"), "skipped": ("-", "-"), "errored": ("!", "!"), "failed": ("✗", "x")}
_STYLES = {"passed": "green", "skipped": "dim", "errored": "bold magenta", "failed": "bold red"}
_WIDTH = 12


def show_timings(report: Report, console: Console) -> None:
    """Write a line for each outcome: whether it works, what was tried, and its milliseconds."""
    for relation, group in groupby(report.outcomes, key=lambda outcome: outcome.relation):
        console.print(Text(line(relation or "functions and others"), style="bold"), highlight=False)
        for outcome in group:
            _show(outcome, console)
    console.print()


def _show(outcome: Outcome, console: Console) -> None:
    rich, plain = _SIGNS[outcome.status]
    style = "yellow" if level(outcome) == "warning" else _STYLES[outcome.status]
    took = f"{outcome.duration_ms:,.1f} ms" if outcome.status != "skipped" else "skipped"
    room = max(console.width - _WIDTH - 4, 20)
    text = Text(line(outcome.sentence or f"{outcome.kind} {outcome.subject}"))
    text.truncate(room, overflow="ellipsis", pad=True)
    sign = Text(f"{plain if console.options.ascii_only else rich} ", style)
    row = Text.assemble("  ", sign, text, Text(f"{took:>{_WIDTH - 1}}", "dim"))
    row.rstrip()
    console.print(row, highlight=False, soft_wrap=True)
