from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import RelationExists, TableExists, TablesAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

TWO = "create table invoices (id int); create table customers (id int);"
CASES = [
    Case(
        RelationExists("users", of_kind="view"),
        "create view users as select 1 as id",
        "drop view users; create table users (id int)",
        "kind of public.users is table, not view",
    ),
    Case(TableExists("invoices"), TWO, "drop table invoices", "table public.invoices does not exist", TWO[:32]),
    Case(
        TableExists("app.invoices"),
        "create schema app; create table app.invoices (id int)",
        "alter table app.invoices rename to invoice",
        "app.invoices",
        "alter table app.invoice rename to invoices",
    ),
    Case(
        TableExists("invoices"),
        "create table invoices (id int) partition by range (id)",
        "drop table invoices; create view invoices as select 1 as id",
        "is a view, not a table",
        name="a view in the table's place",
    ),
    Case(RelationExists("totals"), "create view totals as select 1", "drop view totals", "public.totals"),
    Case(
        RelationExists("totals"),
        "create materialized view totals as select 1",
        "alter materialized view totals rename to sums",
        "public.totals",
    ),
    Case(RelationExists("invoices"), TWO, "drop table invoices", "public.invoices"),
    Case(TablesAre(["invoices", "customers"]), TWO, "create table extra (id int)", "table public.extra is in"),
    Case(TablesAre(["invoices", "customers"]), TWO, "drop table customers", "public.customers is missing"),
    Case(
        TablesAre(["invoices"], in_schema="app"),
        "create schema app; create table app.invoices (id int); create table other (id int)",
        "create table app.other (id int)",
        "app.other",
        "drop table app.other",
    ),
    Case(TablesAre([], in_schema="app"), "create schema app", "create table app.x (id int)", "app.x"),
    Case(
        TablesAre(["a", "app.b"]),
        "create schema app; create table a (id int); create table app.b (id int)",
        "create table app.c (id int)",
        "app.c",
        name="two schemas",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


PARTITIONED = """
create table logs (id int) partition by range (id);
create table logs_1 partition of logs for values from (0) to (9);
create view shown as select 1; create sequence counted;
"""


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TablesAre(["logs"]), "passed"),
        (TablesAre(["logs", "logs_1"]), "passed"),
        (TablesAre(["logs", "shown"]), "failed"),
        (TableExists("shown"), "failed"),
        (TableExists("Logs"), "failed"),
        (TableExists("counted"), "failed"),
        (RelationExists("counted"), "failed"),
        (RelationExists("logs_1"), "passed"),
        (TableExists("nowhere.logs"), "skipped"),
        (RelationExists("nowhere.logs"), "skipped"),
        (TablesAre("logs", in_schema="nowhere"), "skipped"),
    ],
    ids=repr,
)
def test_what_counts_as_a_table(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(PARTITIONED, expectation).status == status


def test_the_tables_of_an_extension_are_nobodys(judge: Any, lab: psycopg.Connection[Any]) -> None:
    there = "select from pg_available_extensions where name = 'pg_stat_statements'"
    if lab.execute(there).fetchone() is None:
        pytest.skip("the server has no extension that makes relations")
    lab.rollback()
    assert judge("create extension pg_stat_statements; create table a ()", TablesAre("a")).status == "passed"


@pytest.mark.parametrize(
    ("tables", "in_schema", "words"),
    [([], None, "in_schema must say"), (["billing.a"], "app", "billing.a is not in the schema app")],
)
def test_a_closed_world_that_says_nothing_is_refused(tables: list[str], in_schema: str | None, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TablesAre(tables, in_schema)


def test_bare_names_are_in_the_schema_that_is_named() -> None:
    assert TablesAre(["a", '"B c"'], "My App").placed("public").tables == ('"My App"."B c"', '"My App".a')
