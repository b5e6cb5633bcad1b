"""A contract as a file of tests, and each expectation as a test."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.contract.load import load
from pgcontract.errors import ContractError, ContractWarning
from pgcontract.integrations.pytest_plugin.databases import in_words
from pgcontract.integrations.pytest_plugin.marks import marks
from pgcontract.integrations.pytest_plugin.names import names
from pgcontract.integrations.pytest_plugin.running import Run
from pgcontract.integrations.pytest_plugin.saying import said
from pgcontract.report.document import level
from pgcontract.report.problems import skip_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.pytest_plugin.databases import Place
    from pgcontract.integrations.pytest_plugin.running import Verdict
    from pgcontract.verdict import Location, Outcome


class ContractFile(pytest.File):
    """The file of a contract, or of several where it is Python's.

    Args:
        named: What each contract in it is loaded by.
        place: Where the databases are.
    """

    def __init__(self, *, named: Sequence[str], place: Place, **others: Any) -> None:
        super().__init__(**others)
        self._named = named
        self._place = place

    def collect(self) -> Iterator[ExpectationItem]:
        """A test for each expectation, in the contract's order; no database is asked.

        Raises:
            CollectError: The contract cannot be used.
        """
        try:
            runs = [Run(load(source), self._place) for source in self._named]
        except ContractError as error:
            raise self.CollectError(in_words(error)) from None
        each = [(expectation, run) for run in runs for expectation in run.suite]
        for name, (expectation, run) in zip(names([one for one, _ in each]), each, strict=True):
            yield ExpectationItem.from_parent(self, name=name, expectation=expectation, run=run)


class ExpectationItem(pytest.Item):
    """An expectation as a test: what errored is an error, what is no failure to pgcontract is none here.

    Args:
        expectation: The expectation.
        run: The run that gives its verdict.
    """

    def __init__(self, *, expectation: Expectation, run: Run, **others: Any) -> None:
        super().__init__(**others)
        self.expectation = expectation
        self.run = run
        self.user_properties += [
            ("kind", expectation.kind),
            ("subject", expectation.subject),
            ("severity", expectation.severity),
        ]
        for mark in marks(expectation, self.config):
            self.add_marker(mark)

    def setup(self) -> None:
        """Learn the verdict; that there is none is an error, which pytest tells from a failure by its being here."""
        __tracebackhide__ = True
        told = self._verdict()
        prints = [finding.fingerprint for each in (told.outcome, *told.besides) for finding in each.findings]
        self.user_properties += [("fingerprint", fingerprint) for fingerprint in prints]
        errored = [each for each in (told.outcome, *told.besides) if each.status == "errored"]
        if errored:
            pytest.fail(said(errored, told.started), pytrace=False)

    def runtest(self) -> None:
        """Fail, skip or warn as the verdict says."""
        __tracebackhide__ = True
        told = self._verdict()
        failed = [each for each in (told.outcome, *told.besides) if each.status == "failed"]
        if any(each.breaks for each in failed):
            pytest.fail(said([each for each in failed if each.breaks], told.started), pytrace=False)
        for each in failed:
            self._note(each, said([each], told.started))
        if told.outcome.status == "skipped":
            raise pytest.skip.Exception(skip_reason(told.outcome), _use_item_location=True)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The text alone of a warning that pytest is told to take for an error (`-W error`)."""
        if isinstance(excinfo.value, ContractWarning):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The contract's file and, of what did not pass, the line in it; to find the others' would take its time."""
        told = self.run.known(self.expectation)
        place = None if told is None else told.outcome.location
        # Of what a test's identifier ends with, pytest would write each dot as two colons.
        return self.path, 0 if place is None else place.line - 1, f"{self.path.name}: {self.name}"

    def _verdict(self) -> Verdict:
        return self.run.verdict(self.expectation, self._selected)

    def _selected(self) -> Sequence[Expectation]:
        items = self.session.items
        selected = [each.expectation for each in items if isinstance(each, ExpectationItem) and each.run is self.run]
        return selected or [self.expectation]

    def _note(self, outcome: Outcome, text: str) -> None:
        """Say what is wrong and no failure: a warning as Python has them, a notice as output."""
        if level(outcome) == "info":
            self.add_report_section("call", "notice", text)
            return
        file, line = self._at(outcome.location)
        warnings.warn_explicit(text, ContractWarning, file, line)

    def _at(self, place: Location | None) -> tuple[str, int]:
        return (os.fspath(self.path), 1) if place is None else (place.file, place.line)
