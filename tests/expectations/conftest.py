"""A database for cases: what a case makes is rolled back, so all of them share one; and how they are proven."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import psycopg
import pytest

from pgcontract import testing
from pgcontract.catalog.snapshot import read
from pgcontract.contract import registry
from pgcontract.names import perhaps
from pgcontract.testing import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.embedded import Databases
    from pgcontract.verdict import Finding, Outcome

Connection: TypeAlias = psycopg.Connection[Any]


@pytest.fixture(scope="session")
def laboratory(
    server: Databases, fresh_name: Callable[[], str], keep: Callable[[Connection], None]
) -> Iterator[Connection]:
    """What `lab` is, for the whole session."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name)) as connection:
        keep(connection)
        connection.execute("create schema pgcontract_unrelated")  # so that it neither comes nor goes with each case
        connection.commit()
        yield connection
    server.drop_database(name)


@pytest.fixture(scope="module")
def lab(laboratory: Connection) -> Iterator[Connection]:
    """A connection of a superuser to a database of this session's own, in which nothing is left.

    What is rolled back lies in the catalogs all the same, twenty times as much as is there in the end, and each read of
    them would have to look at it: it is swept out after each module.
    """
    yield laboratory
    laboratory.rollback()  # of a test that only looked
    laboratory.autocommit = True
    laboratory.execute("vacuum", prepare=False)
    laboratory.autocommit = False


class Judge(Protocol):
    def __call__(self, setup: str, expectation: Expectation, **options: Any) -> Outcome: ...


@pytest.fixture
def judge(lab: Connection) -> Judge:
    """The verdict on an expectation where some SQL was run first."""

    def run(setup: str, expectation: Expectation, **options: Any) -> Outcome:
        with lab.transaction(force_rollback=True):
            lab.execute(setup.encode())
            return judged(expectation, lab, **options)

    return run


class Prove(Protocol):
    def __call__(self, case: testing.Case, connection: Connection, **options: Any) -> tuple[testing.Beat, ...]: ...


@pytest.fixture
def prove() -> Prove:
    """`pgcontract.testing.prove`, and that what each finding says is whole."""

    def proven(case: testing.Case, connection: Connection, **options: Any) -> tuple[testing.Beat, ...]:
        def look(outcome: Outcome) -> None:
            for finding in outcome.findings:
                is_whole(finding, outcome, connection)

        return testing.prove(case, connection, look=look, **options)

    return proven


# What the message of a finding about something that is not there says: then there is nothing to be observed.
ABSENT = re.compile(r"does not|is missing|lacks|has no |is not installed|is several functions|is no ")
# A table of nouns and where the catalog has them, for the nearest name.
NOUNS = {
    "schema": "schemas",
    "table": "tables",
    "relation": "relations",
    "view": "views",
    "sequence": "sequences",
    "extension": "extensions",
    "role": "roles",
    "type": "types",
    "collation": "collations",
    "language": "languages",
    "publication": "publications",
    "subscription": "subscriptions",
    "event trigger": "event_triggers",
    "foreign server": "foreign_servers",
    "foreign data wrapper": "foreign_data_wrappers",
    "foreign table": "foreign_tables",
}
MISSING = re.compile(rf"(?P<noun>{'|'.join(NOUNS)}) .* (does not exist|is not installed)")
# What may be run twice although it is there already, outside of a transaction.
CONCURRENTLY = re.compile(r"create (unique )?index concurrently if not exists|reindex ")


def is_whole(finding: Finding, outcome: Outcome, connection: Connection) -> None:
    """It names its object, says what was expected and found, and how it is mended or why that is not derived."""
    assert not finding.message.endswith(".")
    assert finding.object
    assert finding.expected
    assert finding.observed or ABSENT.search(finding.message), finding
    assert finding.observed != finding.expected
    missing = MISSING.fullmatch(finding.message)
    if missing and finding.observed is None:
        assert finding.hint == perhaps(str(finding.expected), getattr(read(connection), NOUNS[missing["noun"]]))
    assert finding.repair or reason_for_none(outcome, finding), finding
    assert all(CONCURRENTLY.match(step.sql) for step in finding.repair if " concurrently " in step.sql)


def reason_for_none(outcome: Outcome, finding: Finding) -> str:
    """Why no repair is derived: what the finding says itself, or else what its kind says of repairs."""
    if finding.hint:
        return finding.hint
    found = re.search(r"^ *Repair: (.+)", registry.offered()[outcome.kind].__doc__ or "", re.DOTALL | re.MULTILINE)
    return found[1] if found else ""
