"""Which rows are shown of those that break an expectation, and what it costs to get them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pgcontract import Examples, RowsSatisfy, Scanning, Suite, ValuesBetween, ValuesInSet, ValuesMatch, verify
from pgcontract.run import examples as module

KEYS = {
    "create table t (v int, a int not null, b text not null, primary key (a, b))": ("a", "b", "v"),
    "create table t (v int, a int not null, b text not null unique)": ("b", "v"),
    "create table t (v int, a int unique, b text not null); create unique index on t (b, a)": ("ctid", "v"),
    "create table t (v int, a int not null, b text); create unique index on t (a) where v > 9": ("ctid", "v"),
    'create table t (v int, a int, "B c" text not null unique)': ("B c", "v"),
    "create table t (v int not null unique, a int, b text)": ("v",),
    "create view t as select 1 as v": ("v",),
    "create materialized view t as select 1 as v": ("ctid", "v"),
}


@pytest.mark.parametrize("ddl", KEYS)
def test_a_row_is_shown_with_what_it_is_found_by(connection: psycopg.Connection[Any], ddl: str) -> None:
    connection.execute(ddl.encode())
    if "table" in ddl:
        connection.execute(b"insert into t values (1, 2, 'x')")
    (outcome,) = verify(Suite("s", [ValuesBetween("t", "v", 5)]), connection).outcomes
    assert outcome.findings[0].examples is not None
    assert outcome.findings[0].examples.columns == KEYS[ddl]
    assert outcome.findings[0].examples.rows[0][-1] == "1"


@pytest.mark.parametrize("key", ["primary key", "not null"])
def test_a_key_that_may_not_be_read_is_left_out(connection: psycopg.Connection[Any], key: str) -> None:
    """Neither the primary key nor `ctid` is granted with some columns."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"create table t (id int {key}, v int); insert into t values (1, 2), (2, 3)".encode())
        connection.execute("create role pgc_reader; grant select (v) on t to pgc_reader")
        report = verify(Suite("s", [ValuesBetween("t", "v", n) for n in (5, 6)], rows_as="pgc_reader"), connection)
    assert [outcome.findings[0].examples for outcome in report.outcomes] == [Examples(("v",), (("2",), ("3",)))] * 2


SETUP = """
create table t (id int primary key, a int, b text, c text);
insert into t select n, n, 'b' || n, case when n % 2 = 0 then 'even' end from generate_series(1, 40) as n;
create function odd(int) returns bool language sql immutable as 'select $1 % 2 = 1';
"""
FEW = [
    ValuesBetween("t", "a", at_most=39),
    ValuesMatch("t", "b", "^b.$"),
    ValuesInSet("t", "c", ["odd"]),
    RowsSatisfy("t", "odd(a) or id < 38"),
]
FOUND = [
    Examples(("id", "a"), (("40", "40"),)),
    Examples(("id", "b"), (("10", "b10"), ("11", "b11"), ("12", "b12"))),
    Examples(("id", "c"), (("2", "even"), ("4", "even"), ("6", "even"))),
    Examples(("id", "a"), (("38", "38"), ("40", "40"))),
]


@pytest.mark.parametrize("few", [1_000, 0])
def test_one_scan_has_the_examples_that_a_query_each_would_have(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    said: list[str] = []
    execute = psycopg.Cursor.execute

    def listening(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        said.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *args, **kwargs)

    connection.execute(SETUP.encode())
    monkeypatch.setattr(psycopg.Cursor, "execute", listening)
    monkeypatch.setattr(module, "_FEW", few)
    report = verify(Suite("s", FEW), connection, scanning=Scanning(examples=3))
    assert [outcome.findings[0].examples for outcome in report.outcomes] == FOUND
    queries = sum(text.endswith("limit 3") for text in said)
    assert queries == (0 if few else len(FEW) + 1), "odd() is not found at once"


def test_a_large_table_is_read_from_its_beginning(connection: psycopg.Connection[Any]) -> None:
    """So that examples are the same each time: a scan that joins another one begins where that one is."""
    off = RowsSatisfy("users", "current_setting('synchronize_seqscans') = 'off'")
    assert verify(Suite("s", [off]), connection).passed
