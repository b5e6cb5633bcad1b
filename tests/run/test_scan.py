"""One scan a relation, however many expectations there are on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract import Aggregate, DataExpectation, Finding, Relation, RowCount, Suite, Values, ValuesNotNull, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

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
    assert len(said) == 2
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


def test_a_comment_at_the_end_of_an_expression_ends_there(connection: psycopg.Connection[Any]) -> None:
    report = verify(Suite("c", [Asks("users", "count(*) -- all"), RowCount("users", exactly=3)]), connection)
    assert report.passed


def test_a_scan_that_takes_too_long_is_not_repeated(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("set statement_timeout = '300ms'")
    connection.commit()
    said = scans(monkeypatch)
    slow = Asks("users", "max(pg_sleep(2)::text)")
    report = verify(Suite("slow", [slow, RowCount("users", exactly=3), RowCount("orgs", exactly=2)]), connection)
    assert [outcome.status for outcome in report.outcomes] == ["errored", "errored", "passed"]
    assert "statement timeout" in str(report.outcomes[1].reason)
    assert len(said) == 2
