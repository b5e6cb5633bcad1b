from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ValuesUnique
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, "e é" text, x float8);
insert into t values (1, 'a', 1), (2, 'b', 'Infinity'), (3, null, 'NaN'), (4, null, null);
"""
BACK = "delete from t where id = 5"
CASES = [
    Case(ValuesUnique("t", "e é"), SETUP, "insert into t values (5, 'a')", "1 of 3 rows of public.t is the same", BACK),
    Case(ValuesUnique("t", ["id", "e é"]), SETUP, "insert into t values (1, 'a')", 'the same as another in id, "e é"'),
    Case(ValuesUnique("t", "x"), SETUP, "insert into t values (5, '', 'NaN')", "1 of 4 rows", BACK),
    Case(
        ValuesUnique("t", ["e é"], nulls_not_distinct=True, where="id <> 4"),
        SETUP,
        "insert into t values (5, null)",
        "1 of 4 rows",
        BACK,
    ),
    Case(ValuesUnique("t", "e é", mostly=0.5), SETUP, "insert into t select 5, 'a' from generate_series(1, 9)", "50 %"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "by"),
    [
        ("create table t (a int primary key, b int)", "the primary key t_pkey"),
        ("create table t (a int, b int, constraint k unique (b, a))", "the unique index k"),
        ("create table t (a int, b int); create unique index i on t (a) include (b)", "the unique index i"),
        ("create table t (a int, b int); create unique index i on t (a) where b > 0", None),
        ("create table t (a int, b int); create unique index i on t (a, (b + 1))", None),
        ("create table t (a int, b int, unique (a) deferrable)", None),
        ("create table t (a int primary key, b int); create table u () inherits (t)", None),
        ("create table t (a int primary key, b int) partition by list (a)", "the primary key t_pkey"),
    ],
)
def test_what_an_index_guarantees_is_not_looked_at(judge: Any, setup: str, by: str | None) -> None:
    outcome = judge(setup, ValuesUnique("t", ["a", "b"]))
    assert (outcome.status, outcome.reason) == ("passed", by and f"guaranteed by {by}")


@pytest.mark.parametrize("not_null", [True, False])
def test_nulls_that_are_alike_need_more_of_an_index(judge: Any, not_null: Any) -> None:
    setup = f"create table t (a int {'not null' if not_null else ''}, unique (a))"
    assert (judge(setup, ValuesUnique("t", "a", nulls_not_distinct=True)).reason is not None) is not_null


def test_a_type_without_equality_is_an_error(judge: Any) -> None:
    outcome = judge("create table t (a json)", ValuesUnique("t", "a"))
    assert (outcome.status, outcome.reason) == ("errored", "could not identify an equality operator for type json")
