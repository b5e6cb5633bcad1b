"""One scan a relation, however many expectations there are on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.types.string import TextLoader

from pgcontract import (
    Aggregate,
    DataExpectation,
    Examples,
    Finding,
    NoOrphans,
    Relation,
    RowCount,
    RowsSatisfy,
    Scanning,
    Suite,
    Values,
    ValuesBetween,
    ValuesIncreasing,
    ValuesInSet,
    ValuesMatch,
    ValuesNotNull,
    ValuesUnique,
    verify,
)
from pgcontract.run.allowance import Allowance
from pgcontract.run.refusal import Refusal
from pgcontract.run.scan import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class Asks(DataExpectation):
    """{table} is asked {what}."""

    table: Relation
    what: str

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:
        assert relation.name == self.table
        return [Aggregate(self.what)]

    def judge(self, values: Values) -> Iterator[Finding]:
        yield from ()
        assert values


def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that select from a table of the example."""
    said: list[str] = []
    execute = psycopg.Cursor.execute

    def listening(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if "\nfrom public." in text:
            said.append(text)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", listening)
    return said


def test_each_relation_is_scanned_once(connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    said = scans(monkeypatch)
    suite = Suite(
        "scan",
        [
            RowCount("users", exactly=3),
            RowCount("users", at_least=1),
            ValuesNotNull("users", "id"),
            ValuesNotNull("users", "email"),
            ValuesNotNull("orgs", "name"),
            *(Asks("users", f"sum(id + {n})") for n in range(100)),
            ValuesNotNull("users", "nope"),
            RowCount("nowhere", exactly=1),
        ],
    )
    report = verify(suite, connection)
    assert len(said) == 4, "one for each relation, then of what failed: of how many it is, and examples"
    assert report.summary == {"passed": 104, "failed": 3, "errored": 0, "skipped": 2}
    assert [outcome.kind for outcome in report.having("failed")] == ["ValuesNotNull", "ColumnExists", "RelationExists"]


def test_who_is_to_blame_stands_alone(connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    said = scans(monkeypatch)
    asked = [Asks("users", f"sum(id + {n})") for n in range(30)]
    asked[7], asked[20] = Asks("users", "sum(nope)"), Asks("users", "1 / count(nullif(id, id))")
    report = verify(Suite("blame", [*asked, RowCount("users", exactly=3)]), connection)
    errored = [position for position, outcome in enumerate(report.outcomes) if outcome.status == "errored"]
    assert errored == [7, 20]
    assert report.summary["passed"] == 29
    assert len(said) < 25


def test_a_scan_that_proves_all_is_the_only_one(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scans(monkeypatch)
    bounds = [ValuesBetween("orgs", "id", 1 - n, 2 + n) for n in range(50)]
    others = [ValuesInSet("orgs", "name", ["one", "two"]), RowCount("orgs", same_as="users", where="id < 0")]
    report = verify(Suite("s", [*bounds, *others, ValuesUnique("orgs", "id"), ValuesNotNull("orgs", "id")]), connection)
    assert [outcome.status for outcome in report.outcomes] == [*["passed"] * 51, "failed", "passed", "passed"]
    assert [text.rpartition("from ")[2].split()[0] for text in said] == ["public.orgs", "public.users"]


def test_names_that_only_the_wide_path_finds_cost_one_more(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scans(monkeypatch)
    calm = [RowsSatisfy("orgs", f"calm() <> {n}") for n in range(2, 12)]
    assert verify(Suite("s", [*calm, ValuesNotNull("orgs", "name")]), connection).passed
    assert len(said) == 12, "ten that are not even understood, then those as they are, and these on the wide path"


def test_nothing_planted_is_called(connection: psycopg.Connection[Any]) -> None:
    planted = """
        create function public.lower(text) returns text language plpgsql as 'begin raise exception ''planted''; end';
        create function public.eq(text, text) returns bool language plpgsql as 'begin raise exception ''planted''; end';
        create operator public.= (leftarg = text, rightarg = text, function = public.eq);
        create function public.min(int) returns int language plpgsql as 'begin raise exception ''planted''; end';
        set search_path = public, pg_catalog;
    """
    connection.execute(planted.encode())
    asked = [
        RowsSatisfy("orgs", "lower(name) = name"),
        ValuesInSet("orgs", "name", ["one", "two"]),
        ValuesBetween("orgs", "id", 2),
    ]
    report = verify(Suite("s", asked), connection)
    assert [outcome.status for outcome in report.outcomes] == ["passed", "passed", "failed"]
    assert report.outcomes[2].findings[0].examples == Examples(("id",), (("1",),))


@pytest.mark.parametrize("values", [True, False])
@pytest.mark.parametrize("examples", [0, 1, 5])
def test_no_value_is_shown_that_was_not_asked_for(
    connection: psycopg.Connection[Any],
    examples: int,
    values: bool,  # noqa: FBT001
) -> None:
    asked = [
        ValuesMatch("users", "email", "^$"),
        ValuesUnique("users", "org"),
        RowsSatisfy("users", "email::int > 0"),
        RowsSatisfy("users", "emial is null"),
    ]
    report = verify(Suite("s", asked), connection, scanning=Scanning(examples=examples, values=values))
    assert [outcome.status for outcome in report.outcomes] == ["failed", "failed", "errored", "errored"]
    text = report.render("json")
    told = [outcome.findings[0].examples for outcome in report.having("failed")]
    rows = ((("1", "a@b"), ("2", "b@b"))[:examples], (("2", "2"),))
    columns = (("id", "email"), ("org", "times"))
    if not examples:
        assert told == [None, None]
    elif values:
        assert told == [Examples(*each) for each in zip(columns, rows, strict=True)]
    else:
        assert told == [Examples(each, (), masked=True) for each in columns]
    assert ('"a@b' in str(report.outcomes[2].reason)) is values
    assert values or "a@b" not in text
    assert ("invalid text representation (SQLSTATE 22P02)" in text) is not values
    assert "perhaps you meant to reference the column" in text, "what is not of the rows is always said"


def test_a_comment_at_the_end_of_an_expression_ends_there(connection: psycopg.Connection[Any]) -> None:
    report = verify(Suite("c", [Asks("users", "count(*) -- all"), RowCount("users", exactly=3)]), connection)
    assert report.passed


def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements on rows. One that sleeps has a millisecond, and all others have as long as they take."""
    said: list[str] = []

    def listening(connection: psycopg.Connection[Any], statement: str, path: str = "", **more: Any) -> object:
        said.append(statement)
        return run(connection, statement, path, **{**more, "within": 1} if "pg_sleep" in statement else more)

    monkeypatch.setattr("pgcontract.run.scan.run", listening)
    return said


@pytest.mark.parametrize(
    ("slow", "status", "why"),
    [
        (
            Asks("users", "max(pg_sleep(60)::text)"),
            "errored",
            "who is to blame cannot be told, and to look costs a scan",
        ),
        (RowsSatisfy("users", "pg_sleep(60) is not null"), "passed", "an author's own SQL is"),
    ],
    ids=["anybody", "own"],
)
def test_of_a_scan_that_takes_too_long_what_costs_little_is_asked_again(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, slow: DataExpectation, status: str, why: str
) -> None:
    said = heard(monkeypatch)
    report = verify(Suite("slow", [slow, RowCount("users", exactly=3), RowCount("orgs", exactly=2)]), connection)
    assert [outcome.status for outcome in report.outcomes] == ["errored", status, "passed"], why
    assert "statement timeout; --max-scan-time gives" in str(report.outcomes[0].reason)
    assert len(said) == (2 if status == "errored" else 3)


def test_a_lock_is_waited_for_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = heard(monkeypatch)
    waiting = [RowCount("users", 3), ValuesIncreasing("users", "id", "id"), NoOrphans("users", "id", "orgs(id)")]
    with psycopg.connect(url) as other, psycopg.connect(url) as connection:
        other.execute("lock table users in access exclusive mode")
        connection.execute("set lock_timeout = '20ms'")
        connection.commit()
        report = verify(Suite("s", waiting), connection)
    assert {outcome.reason for outcome in report.outcomes} == {"canceling statement due to lock timeout"}
    assert len(said) == 1


def test_a_scan_takes_no_longer_than_it_may(connection: psycopg.Connection[Any]) -> None:
    slow = RowsSatisfy("users", "pg_sleep(60) is not null")
    report = verify(Suite("slow", [slow, RowsSatisfy("users", "true")]), connection, scanning=Scanning(longest=0.2))
    assert [outcome.status for outcome in report.outcomes] == ["errored", "errored"]
    assert report.outcomes[0].reason == "the scan was cancelled: it took longer than 0.2 s, which is all it may take"


def test_a_quarter_of_the_time_is_left_for_what_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 7.5, 10.0, 11.0])
    monkeypatch.setattr("pgcontract.run.allowance.time.monotonic", lambda: next(clock))
    allowance, cancelled = Allowance(10), Refusal("canceling statement", "57014")
    with allowance.spending(sparing=True) as within:
        assert within == 7500
    assert allowance.ran_out(cancelled)
    with allowance.spending() as within:
        assert within == 2500
    assert allowance.spent == 8.5
    assert not allowance.ran_out(Refusal("division by zero", "22012"))


def test_how_far_it_is_is_told(connection: psycopg.Connection[Any]) -> None:
    connection.execute("analyze users")
    told: list[tuple[str, int, int]] = []
    suite = Suite("s", [RowCount("users", 3), ValuesInSet("users", "org", [1, 2]), RowCount("orgs", 2)])
    verify(suite, connection, progress=lambda *said: told.append(said))
    scanning = [(what, done) for what, done, _ in told if what.startswith("scanning")]
    assert scanning == [("scanning public.users, ≈ 3 rows, 1 of 2", 0), ("scanning public.orgs, 2 of 2", 2)]


@pytest.mark.parametrize("kind", ["bernoulli", "system"])
def test_a_sample_is_the_same_each_time(connection: psycopg.Connection[Any], kind: str) -> None:
    connection.execute("create table many as select n from generate_series(1, 5000) n")
    if kind == "system":
        connection.execute("update pg_class set relpages = 10000 where relname = 'many'")
    outcomes = [
        verify(Suite("s", [ValuesBetween("many", "n", 0, sample=20)]), connection).outcomes[0] for _ in range(2)
    ]
    assert outcomes[0].reason == outcomes[1].reason
    assert re.fullmatch(r"in a sample of [\d,]+ rows \(20 %\)", str(outcomes[0].reason))


@pytest.mark.parametrize(
    ("role", "statuses", "reason"),
    [
        ("pgc_auditor", ["passed", "errored"], "permission denied for table orgs"),
        ("nobody", ["errored", "errored"], "postgres may not read rows as nobody: there is no such role"),
    ],
)
def test_rows_are_read_as_the_role_that_the_contract_names(
    connection: psycopg.Connection[Any], role: str, statuses: list[str], reason: str
) -> None:
    suite = Suite("s", [RowCount("users", 3), RowCount("orgs", 2)], rows_as=role)
    with connection.transaction(force_rollback=True):
        connection.execute("create role pgc_auditor bypassrls; grant select on users to pgc_auditor")
        outcomes = verify(suite, connection).outcomes
    assert [outcome.status for outcome in outcomes] == statuses
    assert outcomes[1].reason == reason


def test_who_may_not_become_the_role_is_told(connection: psycopg.Connection[Any]) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("create role pgc_other; create role pgc_me; set local role pgc_me")
        outcome = verify(Suite("s", [RowCount("users", 3)], rows_as="pgc_other"), connection).outcomes[0]
    assert outcome.reason == "pgc_me may not read rows as pgc_other: it is not a member of that role"


def test_an_authors_own_sql_is_suspected_first(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scans(monkeypatch)
    innocent = [ValuesBetween("orgs", "id", -n) for n in range(50)]
    report = verify(Suite("s", [*innocent, RowsSatisfy("orgs", "1 / (id - 1) > 0"), RowCount("orgs", 2)]), connection)
    assert report.summary == {"passed": 51, "failed": 0, "errored": 1, "skipped": 0}
    assert len(said) == 3, "all, all others, and the one"


def test_what_is_set_makes_no_condition_mean_something_else(connection: psycopg.Connection[Any]) -> None:
    connection.execute("set transform_null_equals = on; set array_nulls = off; set timezone = 'Asia/Tokyo'")
    connection.execute("set standard_conforming_strings = off; set backslash_quote = on")
    asked = [
        "name = null",
        "'{NULL}'::text[] is distinct from array['NULL']",
        r"name <> 'a\'",
        "'1970-01-01'::timestamptz = to_timestamp(0)",
    ]
    outcomes = verify(Suite("s", [RowsSatisfy("orgs", each) for each in asked]), connection).outcomes
    assert [outcome.status for outcome in outcomes] == ["passed"] * 4


def test_what_a_connection_makes_of_values_is_no_matter(connection: psycopg.Connection[Any]) -> None:
    for name in ("bool", "int4", "int8", "float8", "numeric"):
        connection.adapters.register_loader(name, TextLoader)
    asked = [RowCount("users", 3), ValuesBetween("users", "id", 5), ValuesNotNull("users", "email", mostly=0.7)]
    outcomes = verify(Suite("s", [*asked, ValuesUnique("users", "org")]), connection).outcomes
    assert [outcome.status for outcome in outcomes] == ["passed", "failed", "failed", "failed"]
