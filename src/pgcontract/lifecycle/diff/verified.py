"""A contract against a catalog: what the contract says, and the database is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.contract.suite import Suite
from pgcontract.difference import EXISTENCE, Comparison, Difference
from pgcontract.lifecycle.diff.contracts import fits
from pgcontract.lifecycle.diff.grades.statements import WANTED, lost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.scope import Scope
    from pgcontract.lifecycle.sources import Source
    from pgcontract.verdict import Finding, Outcome, Report

_LANE = "catalog"
_WORD = re.compile(r"[A-Z][a-z]*")


def broken(left: Source, right: Source, scope: Scope) -> Comparison:
    """What a contract and a database do not have alike: the findings of its catalog lane.

    What acts or reads rows is not compared: it says nothing of what the database is.

    Raises:
        DatabaseError: The database can no longer be reached.
    """
    from pgcontract.run.runner import verify  # noqa: PLC0415 - the drivers are loaded when they are needed

    contract, database = (left, right) if left.suite is not None else (right, left)
    suite, target = contract.suite, database.url or database.catalog
    if suite is None or target is None:
        raise ValueError("one source is a contract, the other a database")
    report = verify(_compared(suite, scope), target, probes="off", timeouts=database.timeouts)
    found: dict[str, list[Difference]] = {}
    for difference in _differences(report, turned=contract is right):
        found.setdefault(difference.belongs_to, []).append(difference)
    return Comparison(
        left.name,
        right.name,
        tuple(difference for group in found.values() for difference in group),
        tuple(f"{outcome.kind} {outcome.subject}: {outcome.reason}" for outcome in report.having("errored")),
    )


def _compared(suite: Suite, scope: Scope) -> Suite:
    """The suite of what says what the catalog is, and is asked for."""
    kept = [
        expectation
        for expectation in suite
        if expectation.lane == _LANE and fits(scope, expectation.subject, expectation.belongs_to)
    ]
    return Suite(suite.name, kept, schema=suite.schema, ignores=suite.ignores, principals=suite.principals)


def _differences(report: Report, *, turned: bool) -> Iterator[Difference]:
    for outcome in report.having("failed"):
        for finding in outcome.findings:
            if outcome.kind != "Ignore":
                yield _difference(outcome, finding, turned=turned)


def _difference(outcome: Outcome, finding: Finding, *, turned: bool) -> Difference:
    grade, reason = WANTED if turned else lost(outcome.kind)
    wanted = finding.expected if finding.expected is not None else outcome.sentence
    sides = (finding.observed, wanted) if turned else (wanted, finding.observed)
    name = finding.object or outcome.subject
    return Difference(
        object=name,
        kind=outcome.kind,
        property=EXISTENCE if finding.observed is None else " ".join(_WORD.findall(outcome.kind)).lower(),
        left=sides[0],
        right=sides[1],
        grade=grade,
        reason=f"{finding.message}: {reason}",
        belongs_to=outcome.relation or name,
        hint=finding.hint,
    )
