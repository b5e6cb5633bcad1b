"""What the pages of a site say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report import document
from pgcontract.report.document import VERDICTS
from pgcontract.report.since import moment
from pgcontract.report.text import counted, elapsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.lifecycle.history.story import Flap
    from pgcontract.lifecycle.site.model import Contract, Run
    from pgcontract.report.document import Level

STATES: dict[str, str] = {**{str(verdict): said for verdict, said in VERDICTS.items()}, "unrun": "has no run yet"}
"""What is said of a contract."""

LEVELS: dict[str, str] = {
    **{str(level): level for level in document.LEVELS},
    "broken": "failed",
    "warning": "failed, a warning",
    "info": "failed, a notice",
}
"""What became of a promise."""

NOUNS: dict[str, str] = {
    "broken": "broken",
    "unsure": "not checked in full",
    "empty": "not checked",
    "holds": "holding",
    "unrun": "without a run",
}
"""What is said of many."""


def since(contract: Contract) -> str:
    """Since when a contract is as its last run found it, such as ``since 2026-11-20 08:00 UTC, 3 days, 5 runs``."""
    alike = contract.alike
    if not alike:
        return "it has no run yet"
    if len(contract.runs) == 1:
        return f"in its one run, {moment(alike[0].at)}"
    if len(alike) == 1:
        return f"since the last run, {moment(alike[0].at)}"
    before = " or before" if len(alike) == len(contract.runs) else ""
    lasted = elapsed((alike[-1].at - alike[0].at).total_seconds())
    return f"since {moment(alike[0].at)}{before}, {lasted}, {counted(len(alike), 'run')}"


def trouble(run: Run) -> str:
    """What was not as it should be in a run, such as ``2 failed, 1 errored``; empty where all was."""
    levels: Mapping[Level, int] = run.levels
    said = {
        "failed": levels.get("broken", 0),
        "errored": levels.get("errored", 0),
    }
    parts = [f"{number:,} {word}" for word, number in said.items() if number]
    parts += [counted(number, "warning")] if (number := levels.get("warning", 0)) else []
    parts += [counted(number, "notice")] if (number := levels.get("info", 0)) else []
    return ", ".join(parts)


def flapping(flap: Flap) -> str:
    """How often a check's verdict changed, such as ``5 changes in 12 runs, holds now``."""
    now = "holds now" if flap.holds else "does not hold now"
    return f"{flap.changes} changes in {counted(flap.runs, 'run')}, {now}"
