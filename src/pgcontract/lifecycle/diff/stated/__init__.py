"""The database as a contract states it: what is there, with everything that the contract says otherwise.

So a contract and a database differ as two databases do: one difference for each property of an object, graded alike.
What the contract finds is taken back in memory: an object that a closed world has not is left out, one that is missing
is made of all that is said of it, and of one that is otherwise the fields are set that are said. Nothing is taken on
trust: the contract is checked on the result, and only what it then finds no more is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract import registry
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.lifecycle.diff.stated.changing import changed
from pgcontract.lifecycle.diff.stated.removing import removed
from pgcontract.repair import effects
from pgcontract.repair.context import Context
from pgcontract.repair.making import MAKERS
from pgcontract.repair.world import World
from pgcontract.run.requirements import closure
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Finding, Outcome, Report

    Way = Callable[[CatalogExpectation, Context], None]

_ROUNDS = 12


def stated(suite: Suite, catalog: Catalog, report: Report) -> tuple[Catalog, Report]:
    """The catalog as far as it can be made what the suite says, and what the suite then still finds.

    Args:
        suite: What should be.
        catalog: What is, with Postgres's own forms of the suite's texts where the server was asked.
        report: The suite's verdict on that catalog.
    """
    world = World(catalog)
    context = Context(closure(suite), world, catalog)
    for _ in range(_ROUNDS):  # what hangs on a missing table is found missing when the table is there
        before = world.catalog
        for expectation in _failed(suite, report):
            for way in _WAYS:
                _try(way, expectation, context)
        if world.catalog is before:
            break
        report = verify(suite, world.catalog)
    return world.catalog, report


def _failed(suite: Suite, report: Report) -> list[CatalogExpectation]:
    """What does not hold; what is missing first, for all else is said of what is there."""
    own = [*suite, *[None] * len(report.outcomes)]
    pairs = zip(report.outcomes, own, strict=False)
    failed = [each or _implied(suite, outcome) for outcome, each in pairs if outcome.status == "failed"]
    known = [expectation for expectation in failed if isinstance(expectation, CatalogExpectation)]
    return sorted(known, key=lambda expectation: expectation.states is None)


def _implied(suite: Suite, outcome: Outcome) -> Expectation | None:
    """The expectation behind an outcome that is not the suite's own."""
    cls = registry.offered().get(outcome.kind)
    try:
        return None if cls is None else cls.model_validate(dict(outcome.expectation)).placed(suite.schema)
    except ValueError:
        return None


def _try(way: Way, expectation: CatalogExpectation, context: Context) -> None:
    """Let the world be what the expectation says, as far as one way leads there; else as it was."""
    world, before = context.world, context.world.catalog
    found = _findings(expectation, before)
    if not found:
        return
    try:
        way(expectation, context)
    except Exception:  # noqa: BLE001 - what cannot be taken back is told in the contract's words
        found = ()
    world.settle()
    left = _findings(expectation, world.catalog)
    if left is None or len(left) >= len(found):
        world.catalog = before


def _findings(expectation: CatalogExpectation, catalog: Catalog) -> tuple[Finding, ...] | None:
    """What the expectation finds; None where it cannot be told."""
    try:
        return tuple(expectation.check(catalog))
    except Exception:  # noqa: BLE001 - of a world that is half made
        return None


def _by_removal(expectation: CatalogExpectation, context: Context) -> None:
    for finding in _findings(expectation, context.world.catalog) or ():
        removed(expectation, finding, context.world)


def _by_making(expectation: CatalogExpectation, context: Context) -> None:
    maker = MAKERS.get(expectation.kind)
    if maker is not None:
        maker(expectation, context)


def _by_statement(expectation: CatalogExpectation, context: Context) -> None:
    """Owners and privileges are changed by the statements that would mend them."""
    for finding in _findings(expectation, context.world.catalog) or ():
        for repair in finding.repair:
            effects.apply(context.world, repair.sql)


_WAYS: tuple[Way, ...] = (_by_removal, changed, _by_making, _by_statement)
