"""What of a contract does not hold on a catalog, each with the expectation behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.contract import registry
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Outcome

Found: TypeAlias = "list[tuple[Outcome, Expectation | None]]"
"""Outcomes that failed or errored; the expectation where it is the suite's own, or is offered."""


def failing(suite: Suite, catalog: Catalog) -> Found:
    """What failed or could not be checked.

    Two expectations may have findings of one fingerprint: here each has its own.
    """
    outcomes = verify(suite, catalog).outcomes
    expectations = [*suite, *([None] * (len(outcomes) - len(suite)))]
    found = []
    for place, (outcome, expectation) in enumerate(zip(outcomes, expectations, strict=True)):
        if outcome.status in {"failed", "errored"} and outcome.kind != "Ignore":
            key = str(place) if expectation is not None else f"{outcome.kind} {outcome.subject}"
            findings = (replace(each, fingerprint=f"{key} {each.fingerprint}") for each in outcome.findings)
            found.append((replace(outcome, findings=tuple(findings)), expectation or _implied(outcome, suite)))
    return found


def _implied(outcome: Outcome, suite: Suite) -> Expectation | None:
    """The expectation behind an outcome that is not the suite's own: that an object exists which others need."""
    cls = registry.offered().get(outcome.kind)
    if cls is None:
        return None
    try:
        return cls.model_validate(dict(outcome.expectation)).placed(suite.schema)
    except ValueError:
        return None
