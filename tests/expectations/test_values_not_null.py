from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ValuesNotNull
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = "create table t (id int primary key, \"Größe %s\" text); insert into t values (1, 'a'), (2, ''), (3, 'c');"
ADD = "insert into t values (4, null)"
BACK = "delete from t where id = 4"
COLUMN = "Größe %s"
CASES = [
    Case(ValuesNotNull("t", COLUMN), SETUP, ADD, '1 of 4 values of public.t."Größe %s" is NULL', BACK),
    Case(ValuesNotNull("t", COLUMN, where="id > 2"), SETUP + ADD.replace("4", "0") + ";", ADD, "1 of 2 values", BACK),
    Case(ValuesNotNull("t", COLUMN, mostly=0.75), SETUP + ADD + ";", ADD.replace("4", "5"), "75 % should be not NULL"),
    Case(
        ValuesNotNull("t", COLUMN, sample=99.99),
        SETUP,
        'update t set "Größe %s" = null',
        "in a sample of",
        name="sample",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "status", "reason"),
    [
        ("create table t (c int not null)", "passed", "guaranteed by NOT NULL on public.t.c"),
        ("create table t (c int primary key) partition by list (c)", "passed", "guaranteed by NOT NULL on public.t.c"),
        ("create table t (c int)", "passed", None),
        ("create view t as select 1 as c", "passed", None),
        ("create view t as select 1 as c, null as d; create view s as select null::int as c", "passed", None),
        ("create table t (d int)", "skipped", "requires column public.t.c, which does not exist"),
    ],
)
def test_what_the_table_guarantees_is_not_looked_at(judge: Any, setup: str, status: str, reason: str | None) -> None:
    outcome = judge(setup, ValuesNotNull("t", "c"))
    assert (outcome.status, outcome.reason) == (status, reason)


def test_a_child_may_hold_what_its_parent_refuses(judge: Any) -> None:
    setup = "create table t (c int, unique (c)); create table child () inherits (t); insert into child values (null)"
    assert judge(setup, ValuesNotNull("t", "c")).status == "failed"


def test_a_partition_on_another_server_guarantees_nothing(judge: Any) -> None:
    setup = """
        create foreign data wrapper pgc_none; create server pgc_none foreign data wrapper pgc_none;
        create table t (c int not null) partition by list (c);
        create table half partition of t for values in (1, 2) partition by list (c);
        create foreign table far partition of half for values in (1) server pgc_none;
    """
    outcome = judge(setup, ValuesNotNull("t", "c"))
    assert (outcome.status, outcome.reason) == ("errored", 'foreign-data wrapper "pgc_none" has no handler')


@pytest.mark.pg(">= 18")
def test_a_not_null_that_was_never_checked_guarantees_nothing(judge: Any) -> None:
    setup = "create table t (c int); insert into t values (null); alter table t add constraint n not null c not valid"
    assert judge(setup, ValuesNotNull("t", "c")).status == "failed"
