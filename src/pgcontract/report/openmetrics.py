"""The report as OpenMetrics text, which node_exporter's textfile collector and Prometheus itself read.

Counts only: a metric for each expectation would make a time series for each. The labels are the suite's and the
database's names, the statuses and the severities, so their number does not grow with the contract.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from pgcontract.report.problems import one_line
from pgcontract.verdict import STATUSES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.verdict import Report

_LONGEST_LABEL = 200


def render(report: Report) -> str:
    """The report as gauges, ending with ``# EOF``."""
    return "\n".join(_lines(report)) + "\n# EOF\n"


def _lines(report: Report) -> Iterator[str]:
    own = {"suite": report.suite, "database": report.database.name}
    yield from _metric("pgcontract_contract_holds", "Whether the contract holds: 1, or else 0.")
    yield _sample("pgcontract_contract_holds", own, int(report.passed))
    counts = Counter((outcome.status, outcome.severity) for outcome in report.outcomes)
    yield from _metric("pgcontract_outcomes", "How many expectations have which verdict.")
    for status in STATUSES:
        for severity in get_args(Severity):
            labels = own | {"status": status, "severity": severity}
            yield _sample("pgcontract_outcomes", labels, counts[status, severity])
    yield from _metric("pgcontract_ignored", "How many expectations are skipped because a failure is ignored.")
    yield _sample("pgcontract_ignored", own, sum(bool(outcome.ignored) for outcome in report.having("skipped")))
    yield from _metric("pgcontract_run_duration_seconds", "How long the run took.", "seconds")
    yield _sample("pgcontract_run_duration_seconds", own, report.duration_ms / 1000)
    yield from _metric("pgcontract_run_started_timestamp_seconds", "When the run began.", "seconds")
    yield _sample("pgcontract_run_started_timestamp_seconds", own, report.started_at.timestamp())


def _metric(name: str, help_: str, unit: str | None = None) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    if unit is not None:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {help_}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    said = ",".join(f'{label}="{_value(text)}"' for label, text in labels.items())
    return f"{name}{{{said}}} {value}"


def _value(text: str) -> str:
    return one_line(text, _LONGEST_LABEL).replace("\\", "\\\\").replace('"', '\\"')
