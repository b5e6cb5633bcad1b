from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ValuesInSet
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create type mood as enum ('ok', 'not ok'); create table t (id int, e text, n numeric, m mood, d date, x real);
insert into t values (1, 'é', 1.5, 'ok', 'infinity', 0.1), (2, 'it''s', 'NaN', 'not ok', '2020-01-01', 'NaN');
insert into t values (3);
"""
NEW = "insert into t (id, e, n, m, d, x) values (5, 'É', 2, 'ok', '2020-01-02', 0.2)"
BACK = "delete from t where id = 5"
CASES = [
    Case(ValuesInSet("t", "e", ["é", "it's"]), SETUP, NEW, "1 of 3 values of public.t.e is not among é, it's", BACK),
    Case(ValuesInSet("t", "n", [1.5, "NaN"], mostly=0.7), SETUP, NEW, "not among 1.5, NaN", BACK),
    Case(ValuesInSet("t", "id", [1, 2, 3.5, 3]), SETUP, NEW, "not among 1, 2, 3.5, 3", BACK),
    Case(ValuesInSet("t", "m", ["not ok"], where="id <> 1"), SETUP, NEW, "not among not ok", BACK),
    Case(ValuesInSet("t", "d", ["infinity", "2020-01-01"]), SETUP, NEW, "among infinity, 2020-01-01", BACK),
    Case(ValuesInSet("t", "x", [0.1, float("nan")]), SETUP, NEW, "among 0.1, NaN", BACK),
    Case(ValuesInSet("t", "e", ["É"], never=True), SETUP, NEW, "1 of 3 values of public.t.e is among É", BACK),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        (ValuesInSet("t", "id", "x"), 'invalid input syntax for type integer: "x"'),
        (ValuesInSet("t", "m", "x"), 'invalid input value for enum public.mood: "x"'),
    ],
    ids=repr,
)
def test_what_the_type_cannot_hold_is_an_error(judge: Any, expectation: ValuesInSet, reason: str) -> None:
    assert judge(SETUP, expectation).reason == reason


@pytest.mark.extension("citext")
def test_citext_is_compared_as_citext(judge: Any) -> None:
    setup = "create schema e; create extension citext schema e; create table t (c e.citext); insert into t values ('A')"
    assert judge(setup, ValuesInSet("t", "c", ["a"])).status == "passed"
    assert judge(setup, ValuesInSet("t", "c", ["b"])).status == "failed"


def test_a_set_is_not_empty() -> None:
    with pytest.raises(ValidationError, match="is empty"):
        ValuesInSet("t", "c", [])
