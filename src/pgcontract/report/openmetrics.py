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
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.verdict import Report

_LONGEST_LABEL = 200


def render(report: Report) -> str:
    """The report as gauges, ending with ``# EOF``."""
    return "\n".join(_lines(report)) + "\n# EOF\n"


def gauge(
    name: str, help_: str, samples: Iterable[tuple[Mapping[str, str], float]], unit: str | None = None
) -> Iterator[str]:
    """The lines of one gauge.

    Args:
        name: Its name, which ends with the unit if there is one.
        help_: What it tells.
        samples: Labels and values.
        unit: In which the values are.
    """
    yield f"# TYPE {name} gauge"
    if unit is not None:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {help_}"
    for labels, value in samples:
        yield _sample(name, labels, value)


def _lines(report: Report) -> Iterator[str]:
    own = {"suite": report.suite, "database": report.database.name}
    yield from gauge(
        "pgcontract_contract_holds", "Whether the contract holds: 1, or else 0.", [(own, int(report.passed))]
    )
    counts = Counter((outcome.status, outcome.severity) for outcome in report.outcomes)
    verdicts = [
        (own | {"status": status, "severity": severity}, counts[status, severity])
        for status in STATUSES
        for severity in get_args(Severity)
    ]
    yield from gauge("pgcontract_outcomes", "How many expectations have which verdict.", verdicts)
    ignored = sum(bool(outcome.ignored) for outcome in report.having("skipped"))
    told = "How many expectations are skipped because a failure is ignored."
    yield from gauge("pgcontract_ignored", told, [(own, ignored)])
    lasted = [(own, report.duration_ms / 1000)]
    yield from gauge("pgcontract_run_duration_seconds", "How long the run took.", lasted, "seconds")
    began = [(own, report.started_at.timestamp())]
    yield from gauge("pgcontract_run_started_timestamp_seconds", "When the run began.", began, "seconds")


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    said = ",".join(f'{label}="{_value(text)}"' for label, text in labels.items())
    return f"{name}{{{said}}} {value}"


def _value(text: str) -> str:
    return one_line(text, _LONGEST_LABEL).replace("\\", "\\\\").replace('"', '\\"')
