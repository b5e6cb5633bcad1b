"""A contract against a catalog: what the contract says, and the database is not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.contract import registry
from pgcontract.contract.suite import Suite
from pgcontract.difference import EXISTENCE, Comparison, Difference
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.lifecycle.diff.catalogs import diff
from pgcontract.lifecycle.diff.contracts import fits
from pgcontract.lifecycle.diff.grades.statements import WANTED, lost
from pgcontract.lifecycle.diff.nouns import NOUNS
from pgcontract.lifecycle.scope import Scope
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.sources import Source
    from pgcontract.verdict import Finding, Outcome, Report

_LANE = "catalog"
_WORD = re.compile(r"[A-Z][a-z]*")
# What is compared is what the contract speaks of, whosever it is.
_WHATEVER = Scope(extensions=True, platform=True)


def broken(left: Source, right: Source, scope: Scope, *, owners: bool = True) -> Comparison:
    """What a contract and a database do not have alike, told as between two databases.

    What acts or reads rows is not compared: it says nothing of what the database is. What the contract finds and no
    property of an object shows is told in the contract's words.

    Raises:
        DatabaseError: The database can no longer be reached.
    """
    from pgcontract.lifecycle.diff.stated import stated  # noqa: PLC0415 - what makes objects is loaded when needed
    from pgcontract.run.runner import verify  # noqa: PLC0415 - likewise

    contract, database = (left, right) if left.suite is not None else (right, left)
    if contract.suite is None:
        raise ValueError("one source is a contract, the other a database")
    suite, turned = _compared(contract.suite, scope, owners=owners), contract is right
    catalog = _asked(suite, database)
    report = verify(suite, catalog)
    wanted, left_over = stated(suite, catalog, report)
    pair = (catalog, wanted) if turned else (wanted, catalog)
    told = diff(*pair, _WHATEVER, owners=owners)
    own = _differences(
        _untold(report, left_over, _made(wanted, catalog)) if told else report, _spoken(suite), turned=turned
    )
    return Comparison(
        left.name,
        right.name,
        _grouped([*told, *own]),
        tuple(f"{outcome.kind} {outcome.subject}: {outcome.reason}" for outcome in report.having("errored")),
    )


def _asked(suite: Suite, database: Source) -> Catalog:
    """The catalog, with Postgres's own form of what the contract's author wrote."""
    from pgcontract.run.requirements import closure  # noqa: PLC0415 - likewise
    from pgcontract.run.runner import look  # noqa: PLC0415 - likewise
    from pgcontract.run.target import Timeouts, connected  # noqa: PLC0415 - likewise

    if database.url is not None:
        with connected(database.url, database.timeouts or Timeouts()) as connection:
            return look(connection, closure(suite))
    if database.catalog is None:
        raise ValueError("one source is a contract, the other a database")
    return database.catalog


def _compared(suite: Suite, scope: Scope, *, owners: bool) -> Suite:
    """The suite of what says what the catalog is, and is asked for."""
    kept = [
        expectation
        for expectation in suite
        if expectation.lane == _LANE
        and fits(scope, expectation.subject, expectation.belongs_to)
        and (owners or expectation.kind != "OwnerIs")
    ]
    return Suite(
        suite.name,
        kept,
        schema=suite.schema,
        ignores=suite.ignores,
        principals=suite.principals,
        rows_as=suite.rows_as,
    )


def _untold(report: Report, left_over: Report, made: Collection[str]) -> Report:
    """What of the verdict no difference tells: what still fails, and what is found missing once its schema is there.

    What hangs on an object that was made goes with that, which is told.
    """
    failed = {(outcome.kind, outcome.subject) for outcome in report.having("failed")}
    kinds = registry.offered()
    kept = [
        outcome
        for outcome in left_over.having("failed")
        if (outcome.kind, outcome.subject) in failed
        or (
            getattr(kinds.get(outcome.kind), "states", None) is not None
            and outcome.subject not in made
            and outcome.relation not in made
        )
    ]
    return replace(left_over, outcomes=tuple(kept))


def _made(wanted: Catalog, catalog: Catalog) -> set[str]:
    """The names of what the contract states, and is not there."""
    return {
        name for noun in NOUNS for name in getattr(wanted, noun.plural) if name not in getattr(catalog, noun.plural)
    }


def _differences(report: Report, spoken: Collection[str], *, turned: bool) -> Iterator[Difference]:
    """What the contract finds, in its own words.

    That something is missing from a closed world is told once, by what else the contract says of it.
    """
    for outcome in report.having("failed"):
        for finding in outcome.findings if outcome.kind != "Ignore" else ():
            missing = finding.observed is None and outcome.kind.endswith("Are")
            if not (missing and finding.object in spoken):
                yield _difference(outcome, finding, turned=turned)


def _spoken(suite: Suite) -> set[str]:
    """What the suite speaks of by itself, and not only in a closed world."""
    found = {each.subject for each in suite if not each.kind.endswith("Are")}
    for each in suite:
        if isinstance(each, StatisticsPresent) and each.name is not None:
            found.add(qualified(schema_of(each.table), each.name))
    return found


def _grouped(differences: list[Difference]) -> tuple[Difference, ...]:
    """What belongs to one object next to each other."""
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.belongs_to, []).append(difference)
    return tuple(difference for group in groups.values() for difference in group)


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
