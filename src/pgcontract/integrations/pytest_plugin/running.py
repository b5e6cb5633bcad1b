"""One run of what pytest selected of a contract, and which of its tests tells what."""

from __future__ import annotations

import logging
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pgcontract.errors import PgContractError
from pgcontract.integrations.pytest_plugin.databases import in_words
from pgcontract.records import dataclass
from pgcontract.run.runner import verify
from pgcontract.verdict import IGNORE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from datetime import datetime

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.integrations.pytest_plugin.databases import Place
    from pgcontract.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test tells.

    Attributes:
        outcome: Of its own expectation.
        besides: What failed, or could not be checked, that the contract implies and no test stands for; and the
            ignores that match nothing. Each is told once, by the first test that was skipped for it if there is one.
        started: When the run began.
    """

    outcome: Outcome
    besides: Sequence[Outcome]
    started: datetime


class Run:
    """The run of a contract in one process: it happens when the first of its tests wants to know, and only once."""

    def __init__(self, suite: Suite, place: Place) -> None:
        self.suite = suite
        self._place = place
        self._verdicts: dict[Expectation, Verdict] | None = None
        self._error: PgContractError | None = None

    def known(self, expectation: Expectation) -> Verdict | None:
        """The verdict on an expectation, if the run has been."""
        return None if self._verdicts is None else self._verdicts.get(expectation)

    def verdict(self, expectation: Expectation, selected: Callable[[], Sequence[Expectation]]) -> Verdict:
        """The verdict on an expectation.

        Args:
            expectation: One of the suite's.
            selected: Gives all those that are to be tested: nothing is asked of the database for others.

        Raises:
            pytest.fail.Exception: The database cannot be asked; every test says so.
        """
        if self._verdicts is None and self._error is None:
            try:
                self._verdicts = self._run(selected())
            except PgContractError as error:
                self._error = error
        if self._error is not None:
            pytest.fail(in_words(self._error), pytrace=False)
        return (self._verdicts or {})[expectation]

    def _run(self, selected: Sequence[Expectation]) -> dict[Expectation, Verdict]:
        part = self.suite.select(expectations=selected)
        place = self._place
        with _unlogged():
            report = verify(part, place.url(), probes=place.probes, baseline=place.settings.baseline or ())
        own, others = report.outcomes[: len(part)], report.outcomes[len(part) :]
        told: dict[int, list[Outcome]] = defaultdict(list)
        for other in others:
            told[_teller(other, own)].append(other)
        return {
            expectation: Verdict(outcome, told[number], report.started_at)
            for number, (expectation, outcome) in enumerate(zip(part, own, strict=True))
        }


@contextmanager
def _unlogged() -> Generator[None]:
    """What fails is not logged, too: pytest would show all of it with whichever test fails first."""
    logger = logging.getLogger("pgcontract.run")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _teller(implied: Outcome, own: Sequence[Outcome]) -> int:
    """Which of the suite's own outcomes tells of an implied one: the first that was skipped for it, else the first."""
    if implied.kind == IGNORE:
        return 0
    return next(_skipped_for(implied, own), 0)


def _skipped_for(implied: Outcome, own: Sequence[Outcome]) -> Iterator[int]:
    for number, outcome in enumerate(own):
        if outcome.status == "skipped" and not outcome.ignored and implied.subject in (outcome.reason or ""):
            yield number
