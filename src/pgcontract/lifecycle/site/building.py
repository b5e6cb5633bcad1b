"""A site from a history: which pages there are, and each of them made when its turn has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.lifecycle.site import pages
from pgcontract.lifecycle.site.months import months
from pgcontract.lifecycle.site.reading import named, read
from pgcontract.lifecycle.site.unrun import unrun
from pgcontract.report.html import render
from pgcontract.verdict import MOST_PAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pgcontract.contract.suite import Suite
    from pgcontract.lifecycle.history.store import Store
    from pgcontract.lifecycle.history.story import Left
    from pgcontract.lifecycle.site.model import Contract, Run
    from pgcontract.lifecycle.site.output import Output
    from pgcontract.verdict import Report

REPORTS = 50
"""How many runs have a page of their own unless told otherwise."""


def _any(runs: Iterator[Report | Left]) -> Iterator[Report | Left]:
    return runs


@dataclass(frozen=True, slots=True)
class Choice:
    """Which runs of a history a site tells of.

    Attributes:
        reports: How many runs have a page of their own: the newest of each contract, then the second newest, and so
            on; the newest of each has one in any case.
        last: Of each suite and database only the newest so many runs are read; all when None.
        fits: Lets those through that the site is to tell of.
    """

    reports: int = REPORTS
    last: int | None = None
    fits: Callable[[Iterator[Report | Left]], Iterator[Report | Left]] = _any


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the folder.

    Attributes:
        contracts: How many contracts the site tells of.
        runs: How many runs.
        written: How many files are new or other than before.
        kept: How many are as they were.
        removed: How many are gone.
        left: What is in the history and is no run.
    """

    contracts: int
    runs: int
    written: int
    kept: int
    removed: int
    left: tuple[Left, ...]


def build(store: Store | None, output: Output, suites: Iterable[Suite] = (), choice: Choice | None = None) -> Built:
    """Write the site of a history, and of suites that have no run in it yet.

    The same history makes the same bytes: nothing in the pages tells when they were made. Where there is no contract to
    tell of, nothing is written.

    Args:
        store: The history; None for none.
        output: Where the site is to be.
        suites: Contracts that are shown though no run of theirs is in the history.
        choice: Which runs it tells of; all when None.

    Raises:
        ContractError: Two contracts have the same name.
        PgContractError: The history cannot be read, or the folder cannot be written.
    """
    choice = choice or Choice()
    contracts, left = read(choice.fits(store.runs(choice.last)), store.name) if store is not None else ([], ())
    contracts += _unrun(suites, {contract.key.suite for contract in contracts})
    if not contracts:
        return Built(0, 0, 0, 0, 0, left)
    wanted = _wanted(contracts, choice.reports)
    output.announce(_names(contracts, wanted))
    if store is not None and wanted:
        _put_reports(store, output, contracts, wanted)
    for contract in contracts:
        _put_contract(output, contract)
    output.put("index.html", pages.index(contracts))
    output.finish()
    runs = sum(len(contract.runs) for contract in contracts)
    return Built(len(contracts), runs, output.written, output.kept, output.removed, left)


def _unrun(suites: Iterable[Suite], known: set[str]) -> Iterator[Contract]:
    named: set[str] = set()
    for suite in suites:
        if suite.name in named:
            raise ContractError(f"two contracts are called {suite.name!r}", hint="`suite: …` names one.")
        named.add(suite.name)
        if suite.name not in known:
            yield unrun(suite)


def _wanted(contracts: Sequence[Contract], reports: int) -> dict[tuple[int, str], int]:
    """The runs that get a page, by contract and name: the place of each in its contract, counted from the newest."""
    ranked = [
        (rank, number, run.name)
        for number, contract in enumerate(contracts)
        for rank, run in enumerate(reversed(contract.runs))
    ]
    least = sum(bool(contract.runs) for contract in contracts)
    chosen = sorted(ranked, key=lambda each: each[0])[: max(reports, least)]
    return {(number, name): rank for rank, number, name in chosen}


def _names(contracts: Sequence[Contract], wanted: Iterable[tuple[int, str]]) -> Iterator[str]:
    yield "index.html"
    for contract in contracts:
        yield f"{contract.place}/index.html"
        yield f"{contract.place}/promises.html"
        yield from (f"{contract.place}/{month.file}" for month in months(contract.runs))
    for number, name in wanted:
        yield _page(contracts[number], name)


def _page(contract: Contract, name: str) -> str:
    return f"{contract.place}/runs/{name}.html"


def _put_reports(
    store: Store, output: Output, contracts: Sequence[Contract], wanted: dict[tuple[int, str], int]
) -> None:
    """The pages of single runs, whose reports are read anew: to hold so many would be too much."""
    numbers = {contract.key: number for number, contract in enumerate(contracts)}
    for key, name, report in named(store.runs(max(wanted.values()) + 1)):
        number = numbers.get(key)
        if number is not None and (number, name) in wanted:
            contract = contracts[number]
            contract.paged.add(name)
            output.put(_page(contract, name), render(_with_past(report, name, contract.runs), "../index.html"))


def _with_past(report: Report, name: str, runs: Sequence[Run]) -> Report:
    """The report with the runs before it, of which the history may know more than the report does."""
    place = next(number for number, run in enumerate(runs) if run.name == name)
    return replace(report, past=tuple(run.past for run in runs[max(place - MOST_PAST, 0) : place]))


def _put_contract(output: Output, contract: Contract) -> None:
    every = months(contract.runs)
    output.put(f"{contract.place}/promises.html", pages.promises(contract, every))
    for number, month in enumerate(every):
        output.put(f"{contract.place}/{month.file}", pages.month(contract, every, number))
    output.put(f"{contract.place}/index.html", pages.contract(contract, every))
