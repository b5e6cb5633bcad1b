"""Ignores in a run: what they put aside, what they leave alone, and how they are reported; against a live database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgcontract import (
    CatalogExpectation,
    ColumnExists,
    ColumnNotNull,
    ColumnType,
    Finding,
    Ignore,
    Outcome,
    PoliciesAre,
    RlsBlocksAnon,
    RlsEnabled,
    RowCount,
    Suite,
    TableExists,
    TablesAre,
    ValuesNotNull,
    snapshot,
    verify,
)
from pgcontract.contract.baseline import load_baseline, save_baseline
from pgcontract.contract.upkeep import pruned, updated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from pgcontract import Catalog, Report
    from pgcontract.contract.expectation import Expectation

Connection = Any

TODAY = date(2026, 6, 15)


class Stopped(CatalogExpectation):
    """It finds something, and then cannot go on."""

    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002
        yield Finding("something is wrong")
        raise RuntimeError("oh")


class Faulty(CatalogExpectation):
    """It cannot be checked."""

    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002
        raise RuntimeError("oh")
        yield


class Needy(CatalogExpectation):
    """It requires another one."""

    def requires(self) -> list[Expectation]:
        return [ColumnType("users", "email", "int")]

    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002
        return iter(())


WRONG = ColumnType("users", "email", "int")
NOTED = "ignored until 2026-12-31: known"


def run(connection: Connection, expectations: list[Expectation], *ignores: Ignore, **options: Any) -> Report:
    return verify(Suite("s", expectations, ignores=ignores), connection, today=TODAY, **options)


def known(until: date | None = date(2026, 12, 31), **what: str) -> Ignore:
    return Ignore(**what, because="known", until=until)


def shown(report: Report) -> list[tuple[str, str, str | None]]:
    return [(outcome.kind, outcome.status, outcome.reason) for outcome in report.outcomes]


@dataclass(frozen=True)
class Case:
    expectations: list[Expectation]
    ignores: list[Ignore]
    outcomes: list[tuple[str, str, str | None]]
    passed: bool = True


CASES = {
    "a failure": Case([WRONG], [known(kind="ColumnType")], [("ColumnType", "skipped", NOTED)]),
    "for ever": Case([WRONG], [known(None, kind="C*")], [("ColumnType", "skipped", "ignored: known")]),
    "on its last day": Case(
        [WRONG], [known(TODAY, kind="C*")], [("ColumnType", "skipped", "ignored until 2026-06-15: known")]
    ),
    "what passed stays": Case(
        [WRONG, TableExists("users")],
        [known(subject="public.users*")],
        [("ColumnType", "skipped", NOTED), ("TableExists", "passed", None)],
    ),
    "what could not be checked stays": Case(
        [WRONG, Faulty()],
        [known(kind="*")],
        [("ColumnType", "skipped", NOTED), ("Faulty", "errored", "RuntimeError: oh")],
        passed=False,
    ),
    "what was stopped is unchecked": Case(
        [Stopped()],
        [known(kind="*")],
        [("Stopped", "errored", f"RuntimeError: oh; what it had found is {NOTED}")],
        passed=False,
    ),
    "a table that is missing, as stated": Case(
        [TableExists("bills"), ColumnType("bills", "id", "int"), ColumnNotNull("bills", "id")],
        [known(kind="TableExists")],
        [
            ("TableExists", "skipped", NOTED),
            ("ColumnType", "skipped", f"requires relation public.bills, which does not exist ({NOTED})"),
            ("ColumnNotNull", "skipped", f"requires relation public.bills, which does not exist ({NOTED})"),
        ],
    ),
    "a table that is missing, as implied": Case(
        [ColumnType("bills", "id", "int")],
        [known(subject="public.bills")],
        [
            ("ColumnType", "skipped", f"requires relation public.bills, which does not exist ({NOTED})"),
            ("RelationExists", "skipped", NOTED),
        ],
    ),
    "what is required": Case(
        [Needy(), WRONG],
        [known(kind="ColumnType")],
        [
            ("Needy", "skipped", f"requires: public.users.email has the type int ({NOTED})"),
            ("ColumnType", "skipped", NOTED),
        ],
    ),
    "the first that is not over counts": Case(
        [WRONG],
        [known(date(2020, 1, 1), kind="ColumnType"), known(kind="Column*")],
        [("ColumnType", "skipped", NOTED)],
    ),
    "a warning is ignored as well": Case(
        [ColumnType("users", "email", "int", severity="warning")],
        [known(kind="ColumnType")],
        [("ColumnType", "skipped", NOTED)],
    ),
    "data": Case([RowCount("users", exactly=7)], [known(kind="RowCount")], [("RowCount", "skipped", NOTED)]),
    "a missing schema": Case(
        [TableExists("nope.a"), ColumnType("nope.a", "id", "int")],
        [known(kind="SchemaExists")],
        [
            ("TableExists", "skipped", f"requires schema nope, which does not exist ({NOTED})"),
            ("ColumnType", "skipped", f"requires relation nope.a, which does not exist ({NOTED})"),
            ("SchemaExists", "skipped", NOTED),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_ignored_is_skipped_and_says_why(connection: Connection, name: str) -> None:
    case = CASES[name]
    assert verify(Suite("s", case.expectations), connection, today=TODAY).passed is all(
        expectation.severity == "warning" for expectation in case.expectations
    )
    report = run(connection, case.expectations, *case.ignores)
    assert report.passed is case.passed
    assert report.strict().passed is case.passed
    assert shown(report) == case.outcomes
    for outcome in report.having("skipped"):
        assert outcome.ignored
        assert not outcome.findings


def test_of_several_findings_the_others_stand(connection: Connection) -> None:
    tables = TablesAre(["orgs", "users", "gone", "lost"])
    (before,) = run(connection, [tables]).outcomes
    gone = next(finding for finding in before.findings if finding.object == "public.gone")
    (after,) = run(connection, [tables], known(fingerprint=gone.fingerprint)).outcomes
    assert after.status == "failed"
    assert after.reason == f"1 of {len(before.findings)} findings {NOTED}"
    assert [found.fingerprint for found in after.findings] == [
        found.fingerprint for found in before.findings if found is not gone
    ]
    assert [(one.message, one.fingerprint) for one in after.ignored] == [(gone.message, gone.fingerprint)]


def test_what_expired_hides_nothing_and_its_ignore_is_named(connection: Connection) -> None:
    ignore = known(date(2026, 6, 14), kind="Column*", subject="public.users.*")
    (outcome,) = run(connection, [WRONG], ignore).outcomes
    assert (outcome.status, outcome.ignored) == ("failed", ())
    assert outcome.findings[0].hint == (
        "The ignore of kind Column*, subject public.users.* expired on 2026-06-14; its reason was: known"
    )


@pytest.mark.parametrize(
    ("ignore", "message", "hint"),
    [
        (known(fingerprint="0123456789abcdef"), "no failure has the fingerprint 0123456789abcdef", "Its last day is"),
        (
            known(subject="public.user"),
            "nothing in the contract fits subject public.user",
            "Perhaps you meant public.u",
        ),
        (known(kind="TableExist"), "nothing in the contract fits kind TableExist", "Perhaps you meant TableExists."),
        (known(kind="TableExists"), "nothing that fits kind TableExists has failed", "--baseline-prune"),
        (known(date(2020, 1, 1), kind="TableExists"), "nothing that fits kind TableExists has failed", "2020-01-01"),
    ],
)
def test_what_matches_nothing_is_a_warning(connection: Connection, ignore: Ignore, message: str, hint: str) -> None:
    report = run(connection, [TableExists("users")], ignore)
    last = report.outcomes[-1]
    assert (last.kind, last.status, last.severity, last.because) == ("Ignore", "failed", "warning", "known")
    assert last.findings[0].message == message
    assert hint in (last.findings[0].hint or "")
    assert report.passed
    assert not report.strict().passed
    suite = Suite("s", [TableExists("users"), TableExists("orgs")], ignores=[ignore])
    assert len(verify(suite.select(tables="orgs"), connection).outcomes) == 1


@pytest.mark.parametrize(
    ("ignore", "sure"),
    [(known(fingerprint="0123456789abcdef"), False), (known(kind="RlsB*"), False), (known(kind="TableExists"), True)],
)
def test_it_is_sure_only_of_what_was_checked(connection: Connection, ignore: Ignore, sure: object) -> None:
    report = run(connection, [TableExists("users"), RlsBlocksAnon("users")], ignore, probes="off")
    reason = "1 expectation was not checked in this run, and it may be meant for such a one"
    assert report.outcomes[-1].reason == (None if sure else reason)


def test_what_fails_hides_what_an_ignore_may_be_meant_for(connection: Connection) -> None:
    of_a_column = known(fingerprint="0123456789abcdef")
    suite: list[Expectation] = [TableExists("bills"), ColumnType("bills", "id", "int")]
    (unused,) = [one for one in run(connection, suite, of_a_column).outcomes if one.kind == "Ignore"]
    assert unused.reason is not None
    report = run(connection, suite, of_a_column, known(kind="TableExists"))
    (unused,) = [one for one in report.outcomes if one.kind == "Ignore"]
    assert unused.reason is None  # the table may stay away as long as it is ignored, and nothing waits for it


def test_a_saved_catalog_and_a_baseline_file(connection: Connection, tmp_path: Path) -> None:
    save_baseline(tmp_path / "b.yaml", [known(kind="ColumnType")])
    suite, catalog = Suite("s", [WRONG]), snapshot(connection)
    for baseline in (tmp_path / "b.yaml", str(tmp_path / "b.yaml"), load_baseline(tmp_path / "b.yaml")):
        assert verify(suite, catalog, baseline=baseline, today=TODAY).passed
    assert not verify(suite, catalog, baseline=tmp_path / "b.yaml", today=date(2027, 1, 1)).passed


TABLES = st.sampled_from(["users", "orgs", "empty", "bills", "nope.x"])
COLUMNS = st.sampled_from(["id", "email", "name", "nope"])
PARTS = st.tuples(TABLES, COLUMNS)
EXPECTATIONS: st.SearchStrategy[Expectation] = st.one_of(
    TABLES.map(TableExists),
    TABLES.map(RlsEnabled),
    st.tuples(PARTS, st.sampled_from(["int", "text"])).map(lambda each: ColumnType(*each[0], each[1])),
    PARTS.map(lambda each: ColumnExists(*each)),
    PARTS.map(lambda each: ColumnNotNull(*each)),
    PARTS.map(lambda each: ValuesNotNull(*each)),
    TABLES.map(lambda name: PoliciesAre(name, ["p"])),
    st.lists(TABLES.filter(lambda name: "." not in name), min_size=1, max_size=3).map(TablesAre),
    st.tuples(TABLES, st.integers(0, 3)).map(lambda each: RowCount(each[0], exactly=each[1])),
)


EXAMPLES = int(os.environ.get("PGCONTRACT_EXAMPLES", "12"))


def fingerprints(report: Report) -> list[tuple[str, list[str]]]:
    def of(outcome: Outcome) -> list[str]:
        return [finding.fingerprint for finding in outcome.findings]

    return [(outcome.subject, of(outcome)) for outcome in report.outcomes]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EXPECTATIONS, min_size=1, max_size=8))
def test_what_update_writes_makes_it_hold_and_prune_leaves_it(
    connection: psycopg.Connection[Any], tmp_path: Path, expectations: list[Expectation]
) -> None:
    suite, file = Suite("s", expectations), tmp_path / "b.yaml"
    first, again = verify(suite, connection), verify(suite, connection)
    assert fingerprints(first) == fingerprints(again)
    assert all(len(one) == 16 for _, many in fingerprints(first) for one in many)
    save_baseline(file, updated([], first, because="known", until=TODAY, today=TODAY).ignores)
    baseline = load_baseline(file)
    assert bool(baseline) is any(first.having("failed"))
    report = verify(suite, connection, baseline=baseline, today=TODAY)
    assert not any(report.having("failed"))
    assert report.passed is not any(first.having("errored"))
    assert pruned(baseline, report, today=TODAY).ignores == baseline
    assert updated(baseline, report, because="more", until=None, today=TODAY).ignores == baseline
