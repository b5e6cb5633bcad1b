"""The report as annotations of GitHub Actions: workflow commands, each of which puts a problem where it is written.

GitHub shows ten of each kind for a step, and drops the rest without a word: so the worst come first, no more than ten
of a kind are written, and the last notice says how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pgcontract.report.document import LEVELS, arrange, summary_line
from pgcontract.report.problems import about_finding, one_line, problems, sentence, shortened
from pgcontract.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pgcontract.report.document import Level
    from pgcontract.report.problems import Problem
    from pgcontract.verdict import Report

Command = Literal["error", "warning", "notice"]

_COMMANDS: dict[Level, Command] = {"broken": "error", "errored": "error", "warning": "warning", "info": "notice"}
_ROOM: dict[Command, int] = {"error": 10, "warning": 10, "notice": 9}
"""How many GitHub shows; one notice is the summary."""
_LONGEST = 2_000
_LONGEST_TITLE = 250


def render(report: Report) -> str:
    """The report as workflow commands, a line each, the summary last."""
    found = sorted(problems(report), key=lambda problem: LEVELS.index(problem.level))
    lines: list[str] = []
    left = dict(_ROOM)
    for problem in found:
        command = _COMMANDS[problem.level]
        left[command] -= 1
        if left[command] >= 0:
            lines.append(_annotation(command, problem, report.started_at))
    over = [f"{counted(-room, command)} more" for command, room in left.items() if room < 0]
    said = summary_line(arrange(report))
    summary = f"{said}; not shown: {', '.join(over)}" if over else said
    return "\n".join([*lines, workflow_command("notice", {"title": "pgcontract"}, one_line(summary))]) + "\n"


def _annotation(command: Command, problem: Problem, started: datetime) -> str:
    place = problem.outcome.location
    where = {} if place is None else {"file": place.file, "line": str(place.line), "col": str(place.column)}
    title = f"{problem.outcome.kind}: {sentence(problem.outcome)}"
    lines = [problem.message]
    if problem.finding is not None:
        said = about_finding(problem.finding, started)
        lines += [f"{label}:\n{text}" if label == "examples" else f"{label}: {text}" for label, text in said]
    if problem.outcome.because:
        lines.append(f"because: {one_line(problem.outcome.because)}")
    return workflow_command(
        command, where | {"title": one_line(title, _LONGEST_TITLE)}, shortened("\n".join(lines), _LONGEST)
    )


def workflow_command(name: Command, properties: Mapping[str, str], message: str) -> str:
    """A workflow command, in one line, whatever the message and the properties hold."""
    said = ",".join(f"{key}={_property(one_line(value))}" for key, value in properties.items())
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    """As the runner's own toolkit escapes a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
