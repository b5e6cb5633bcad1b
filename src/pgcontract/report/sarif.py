"""The report as SARIF 2.1.0, the format of static analysis that code scanning reads.

A kind of expectation is a rule, a finding a result at the line of the contract that says so, with the database's object
as logical location. What is ignored is a suppressed result. What errored is a result, too: were it left out, code
scanning would close the alert of what failed before. What passed or was skipped is counted only.
"""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from pgcontract._version import __version__
from pgcontract.report.problems import (
    about_finding,
    about_outcome,
    one_line,
    path_of,
    problems,
    sentence,
    skip_reason,
    whole_lines,
)
from pgcontract.report.rules import rules
from pgcontract.verdict import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pgcontract.report.document import Level
    from pgcontract.report.problems import Problem
    from pgcontract.verdict import Ignored, Outcome, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: dict[Level, Literal["error", "warning", "note"]] = {
    "broken": "error",
    "errored": "error",
    "warning": "warning",
    "info": "note",
}
_SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}
_LONGEST = 1_000
_SHOWN = ("expected", "observed", "examples", "hint", "repair", "since", "because", "traceback")


def render(report: Report) -> str:
    """The report as a SARIF log of one run, ending with a newline."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    told = [outcome for outcome in report.outcomes if outcome.status in {"failed", "errored"} or outcome.ignored]
    kinds = {one_line(outcome.kind): None for outcome in told}
    places = {kind: place for place, kind in enumerate(kinds)}
    return {
        "tool": {"driver": {"name": "pgcontract", "semanticVersion": __version__, "rules": rules(kinds)}},
        "automationDetails": {"id": f"pgcontract/{quote(one_line(report.suite, _LONGEST), safe='')}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": list(_results(report, places)),
        "properties": {
            "suite": one_line(report.suite),
            "database": one_line(report.database.name),
            "server version": one_line(report.database.version),
            "host": one_line(report.database.host),
            "outcomes": dict(report.summary),
        },
    }


def _invocation(report: Report) -> dict[str, Any]:
    """When it ran, and what could not be checked."""
    errored = list(report.having("errored"))
    return {
        "executionSuccessful": not errored,
        "startTimeUtc": _utc(report.started_at),
        "endTimeUtc": _utc(_end(report)),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": f"{sentence(each)}: {skip_reason(each)}"}} for each in errored
        ],
    }


def _end(report: Report) -> datetime:
    try:
        return report.started_at + timedelta(milliseconds=report.duration_ms)
    except OverflowError:  # the last year there is
        return report.started_at


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _results(report: Report, places: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for problem in problems(report):
        yield _result(problem, report, places)
    for outcome in report.outcomes:
        for number, one in enumerate(outcome.ignored):
            yield _suppressed(one, number, outcome, report, places)


def _result(problem: Problem, report: Report, places: Mapping[str, int]) -> dict[str, Any]:
    finding, outcome = problem.finding, problem.outcome
    said = dict(about_finding(finding, report.started_at)) if finding is not None else {}
    said |= dict(about_outcome(outcome))
    target = (finding.object if finding is not None else None) or outcome.subject
    return _bare(outcome, target, places, report) | {
        "level": _LEVELS[problem.level],
        "message": {"text": whole_lines(_message(problem, said), _LONGEST)},
        "partialFingerprints": _fingerprints(problem.fingerprint),
        "properties": _properties(outcome) | {key: said[key] for key in _SHOWN if key in said},
    }


def _message(problem: Problem, said: Mapping[str, str]) -> str:
    """The sentence that does not hold, what is wrong, and what to look at; the first line is the alert's title."""
    lines = [sentence(problem.outcome), problem.message]
    lines += [f"{label}: {said[label]}" for label in ("expected", "observed", "hint", "because") if label in said]
    lines += [f"examples:\n{said['examples']}"] if "examples" in said else []
    return "\n".join(lines)


def _suppressed(
    one: Ignored, number: int, outcome: Outcome, report: Report, places: Mapping[str, int]
) -> dict[str, Any]:
    until = f" (until {one.until})" if one.until is not None else ""
    justification = one_line(f"{one.because}{until}")
    own = fingerprint(outcome.kind, outcome.subject, one.fingerprint, str(number))
    return _bare(outcome, one.object or outcome.subject, places, report) | {
        "level": _SEVERITIES[outcome.severity],
        "message": {"text": whole_lines(f"{sentence(outcome)}\n{one.message}", _LONGEST)},
        "partialFingerprints": _fingerprints(one.fingerprint or own),
        "suppressions": [{"kind": "external", "status": "accepted", "justification": justification}],
        "properties": _properties(outcome),
    }


def _bare(outcome: Outcome, target: str, places: Mapping[str, int], report: Report) -> dict[str, Any]:
    """What all results have: the rule, the line of the contract, and the object of the database."""
    kind = one_line(outcome.kind)
    place = outcome.location
    region = {"startLine": 1} if place is None else {"startLine": place.line, "startColumn": place.column}
    logical = {"fullyQualifiedName": one_line(target, _LONGEST), "kind": "resource"}
    physical = {"artifactLocation": {"uri": _uri(path_of(outcome, target, report))}, "region": region}
    return {
        "ruleId": kind,
        "ruleIndex": places[kind],
        "locations": [{"physicalLocation": physical, "logicalLocations": [logical]}],
    }


def _fingerprints(own: str) -> dict[str, str]:
    """Ours, and under the name by which GitHub follows an alert, which else is made of the line's text."""
    shown = one_line(own)
    return {"pgcontract/v1": shown, "primaryLocationLineHash": f"{shown}:1"}


def _properties(outcome: Outcome) -> dict[str, Any]:
    tags = list(dict.fromkeys(one_line(tag, _LONGEST) for tag in outcome.tags))
    return ({"tags": tags} if tags else {}) | ({"implied": True} if outcome.implied else {})


def _uri(path: str) -> str:
    """A path as a reference: from the root of the sources, or of a file system."""
    encoded = quote(path.replace("\\", "/"), safe="/")
    return f"file://{encoded}" if encoded.startswith("/") else encoded
