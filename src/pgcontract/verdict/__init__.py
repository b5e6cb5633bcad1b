"""Verdicts as plain data: what a check found, what became of an expectation, and the report of a whole run."""

from pgcontract.verdict.finding import Examples, Finding, Hazard, Ignored, Location, Repair, Since, fingerprint
from pgcontract.verdict.outcome import IGNORE, STATUSES, Outcome, Severity, Status
from pgcontract.verdict.report import MOST_PAST, ContractBrokenError, Database, Past, Report

__all__ = [
    "IGNORE",
    "MOST_PAST",
    "STATUSES",
    "ContractBrokenError",
    "Database",
    "Examples",
    "Finding",
    "Hazard",
    "Ignored",
    "Location",
    "Outcome",
    "Past",
    "Repair",
    "Report",
    "Severity",
    "Since",
    "Status",
    "fingerprint",
]
