"""Expectations that a program defines for itself: no registration, and no harm to the others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import (
    Aggregate,
    CannotProbe,
    Catalog,
    CatalogExpectation,
    ColumnType,
    DataExpectation,
    Expectation,
    Finding,
    Identifier,
    Member,
    ProbeExpectation,
    Relation,
    RlsEnabled,
    RowCount,
    Session,
    Suite,
    TableExists,
    Values,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg

    from pgcontract import Report
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.relations import Relation as RelationRecord


class TableHasPrimaryKey(CatalogExpectation):
    """The table {table} has a primary key."""

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].primary_key is None:
            yield Finding(f"{self.table} has no primary key")


class CanCount(ProbeExpectation):
    """{role} can count to {number}."""

    role: Identifier
    number: int = 3

    def probe(self, session: Session) -> Iterator[Finding]:
        if self.number < 0:
            raise CannotProbe("nobody counts backwards here")
        with session.acting_as(self.role):
            rows = session.rows("select n from pg_catalog.generate_series(1, %s) n", [self.number])
        if len(rows) != self.number:
            yield Finding(f"{self.role} counts {len(rows)}")


class LongestAtMost(DataExpectation):
    """The longest {table}.{column} has at most {most} characters."""

    table: Relation
    column: Member
    most: int

    @cached_property
    def longest(self) -> Aggregate:
        return Aggregate(f"max(pg_catalog.length({self.column}))")

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:
        return [self.longest, Aggregate("count(*)", where=f"{relation.columns[self.column].name} is null -- NULLs")]

    def judge(self, values: Values) -> Iterator[Finding]:
        if values[self.longest] > self.most:
            yield Finding(f"{self.subject} has {values[self.longest]} characters", observed=str(values[self.longest]))


class Broken(CatalogExpectation):
    """{where} is where it breaks."""

    where: str = "check"

    @property
    def subject(self) -> str:
        return self._break("subject") or "broken"

    def _break(self, where: str) -> str | None:
        if where == self.where:
            raise ZeroDivisionError(f"in {where}")
        return None

    def requires(self) -> Iterable[Expectation]:
        self._break("requires")
        return ()

    def forms(self) -> Iterable[Form]:
        self._break("forms")
        return ()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        self._break("check")
        list(self.forms())
        if self.where == "late":
            yield Finding("one is found")
            self.where.index("nothing")
        if self.where == "kind":
            yield "no finding"  # type: ignore[misc]
        assert catalog is not None


class BrokenData(DataExpectation):
    """{table} is never judged: {where}."""

    table: Relation
    where: str

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:
        if self.where == "aggregates":
            raise ZeroDivisionError(relation.name)
        return [Aggregate(self.where)] if self.where not in {"judge", "none"} else []

    def judge(self, values: Values) -> Iterator[Finding]:
        if self.where == "judge":
            raise ZeroDivisionError
        yield from ()
        assert not values


class Needs(CatalogExpectation):
    """{name} holds if what it needs does."""

    name: str

    def requires(self) -> Iterable[Expectation]:
        required: dict[str, list[Expectation]] = {
            "itself": [Needs("itself")],
            "ping": [Needs("pong")],
            "pong": [Needs("ping")],
            "chain": [Needs("link")],
            "link": [TableExists("nowhere")],
            "rows": [RowCount("users", at_least=100)],
            "types": [ColumnType("users", "id", "int4")],
            "role": [CanCount("postgres", 2), RowCount("users", exactly=3)],
            "broken": [Broken()],
            "deep": [Needs("types"), Needs("role")],
            "backwards": [CanCount("postgres", -1)],
        }
        return required.get(self.name, [])

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield from ()
        assert catalog is not None


def run(connection: psycopg.Connection[Any], *expectations: Expectation) -> Report:
    return verify(Suite("custom", [*expectations, RlsEnabled("users")]), connection)


@pytest.mark.parametrize(
    ("expectation", "status", "words"),
    [
        (TableHasPrimaryKey("users"), "passed", ""),
        (TableHasPrimaryKey("empty"), "failed", "public.empty has no primary key"),
        (TableHasPrimaryKey("nowhere"), "skipped", "public.nowhere"),
        (CanCount("postgres"), "passed", ""),
        (CanCount("postgres", -1), "skipped", "nobody counts backwards here"),
        (CanCount("nobody"), "skipped", "role nobody"),
        (LongestAtMost("users", "email", 3), "passed", ""),
        (LongestAtMost("users", "email", 2), "failed", "public.users.email has 3 characters"),
        (LongestAtMost("users", "nope", 2), "skipped", "public.users.nope"),
        (Broken(), "errored", "ZeroDivisionError: in check"),
        (Broken("requires"), "errored", "ZeroDivisionError: in requires"),
        (Broken("forms"), "errored", "ZeroDivisionError: in forms"),
        (Broken("subject"), "errored", "it cannot describe itself: ZeroDivisionError: in subject"),
        (Broken("kind"), "errored", "a check yields Finding, not str"),
        (Broken("late"), "failed", "one is found"),
        (Broken("late", severity="warning"), "errored", "substring not found"),
        (BrokenData("users", "aggregates"), "errored", "ZeroDivisionError: public.users"),
        (BrokenData("users", "judge"), "errored", "ZeroDivisionError"),
        (BrokenData("users", "none"), "passed", ""),
        (BrokenData("users", "count(*"), "errored", "syntax error"),
        (BrokenData("users", "max(nope)"), "errored", 'column "nope" does not exist'),
        (BrokenData("users", "email"), "errored", "not aggregates: email"),
        (BrokenData("users", "count(*), 1"), "errored", "not aggregates: count(*), 1"),
        (BrokenData("users", "1 / count(nullif(id, id))"), "errored", "division by zero"),
        (BrokenData("users", "nextval('public.hits_id_seq')"), "errored", "read-only transaction"),
    ],
    ids=str,
)
def test_each_is_judged_alone(
    connection: psycopg.Connection[Any], expectation: Expectation, status: str, words: str
) -> None:
    outcome, other = run(connection, expectation).outcomes[:2]
    said = f"{outcome.reason} {' '.join(finding.message for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said
    assert other.status == "passed"
    if "ZeroDivision" in said:
        assert "Traceback" in str(outcome.traceback)
        assert "test_custom.py" in str(outcome.traceback)


class Leaky(CatalogExpectation):
    """It quotes a connection string when it fails."""

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        assert catalog is not None
        raise RuntimeError("cannot reach postgresql://ann:s3cret@db/app")


def test_no_password_gets_out_of_a_fault(connection: psycopg.Connection[Any]) -> None:
    outcome = run(connection, Leaky()).outcomes[0]
    assert outcome.reason == "RuntimeError: cannot reach postgresql://ann:***@db/app"
    assert "s3cret" not in str(outcome.traceback)


@pytest.mark.parametrize(
    ("name", "status", "implied"),
    [
        ("nothing", "passed", []),
        ("itself", "errored", []),
        ("ping", "skipped", ["Needs errored"]),
        ("chain", "skipped", ["TableExists failed"]),
        ("rows", "skipped", ["RowCount failed"]),
        ("types", "passed", []),
        ("role", "passed", []),
        ("deep", "passed", []),
        ("broken", "skipped", ["Broken errored"]),
        ("backwards", "skipped", []),
    ],
)
def test_what_is_required_is_judged_first(
    connection: psycopg.Connection[Any], name: str, status: str, implied: list[str]
) -> None:
    report = run(connection, Needs(name))
    assert report.outcomes[0].status == status, report.outcomes[0]
    assert [f"{outcome.kind} {outcome.status}" for outcome in report.outcomes if outcome.implied] == implied
    assert report.passed == (status == "passed" or (status == "skipped" and not implied))


def test_a_requirement_that_is_stated_is_not_repeated(connection: psycopg.Connection[Any]) -> None:
    report = run(connection, Needs("chain"), TableExists("nowhere", severity="info", because="it was there"))
    assert [outcome.status for outcome in report.outcomes] == ["skipped", "failed", "passed"]


class _Unlaned(Expectation):
    """It is in no lane."""


def test_an_expectation_in_no_lane_is_an_error(connection: psycopg.Connection[Any]) -> None:
    assert run(connection, _Unlaned()).outcomes[0].status == "errored"


class Meddler(ProbeExpectation):
    """A probe that does what it must not: {statement}."""

    statement: str

    def probe(self, session: Session) -> Iterator[Finding]:
        session.rows("insert into public.hits (id, n) values (100, 1)")
        session.rows(self.statement)
        yield from ()


@pytest.mark.parametrize("statement", ["commit", " END ", "rollback; select 1", "select 1; Commit", "savepoint x"])
def test_a_probe_cannot_end_its_transaction(connection: psycopg.Connection[Any], statement: str) -> None:
    report = verify(Suite("meddler", [Meddler(statement), RlsEnabled("users")]), connection, probes="rollback")
    assert [outcome.status for outcome in report.outcomes] == ["errored", "passed"]
    assert "may not begin or end a transaction" in str(report.outcomes[0].reason)
    assert connection.execute("select count(*) from hits").fetchone() == (0,)


def test_a_suite_takes_an_expectation_that_caches(connection: psycopg.Connection[Any]) -> None:
    expectation = LongestAtMost("users", "email", 3)
    assert expectation.longest.where is None
    assert run(connection, expectation).passed
    assert Suite("one", [expectation, LongestAtMost("users", "email", 3)]) == Suite("one", [expectation])
