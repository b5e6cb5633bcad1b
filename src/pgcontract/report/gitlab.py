"""The report as GitLab's code quality report: what a merge request shows as new, or as mended.

GitLab tells problems apart by their fingerprints and shows them at lines of files. What stands in no file has the path
`postgresql/DATABASE/OBJECT`, since one is required.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.report.problems import one_line, path_of, problems, sentence

if TYPE_CHECKING:
    from pgcontract.report.document import Level
    from pgcontract.report.problems import Problem
    from pgcontract.verdict import Report

_SEVERITIES: dict[Level, str] = {"broken": "critical", "errored": "major", "warning": "minor", "info": "info"}
_LONGEST = 1_000


def render(report: Report) -> str:
    """The report as a JSON list of problems, ending with a newline."""
    return json.dumps([_issue(problem, report) for problem in problems(report)], ensure_ascii=False, indent=2) + "\n"


def _issue(problem: Problem, report: Report) -> dict[str, Any]:
    place = problem.outcome.location
    target = problem.finding.object if problem.finding is not None else None
    return {
        "description": one_line(f"{sentence(problem.outcome)}: {problem.message}", _LONGEST),
        "check_name": one_line(problem.outcome.kind),
        "fingerprint": one_line(problem.fingerprint),
        "severity": _SEVERITIES[problem.level],
        "location": {
            "path": path_of(problem.outcome, target, report),
            "lines": {"begin": 1 if place is None else place.line},
        },
    }
