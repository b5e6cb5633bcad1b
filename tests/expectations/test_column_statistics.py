from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import MeanBetween, StdDevBetween, SumEquals
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table t (id int, n numeric, x float8, i interval);
insert into t values (1, 1, 1.5, '1 hour'), (2, 3, 2.5, '3 hours'), (3, null, null, null);
create table others (amount int);
insert into others values (1), (3);
"""
BACK = "delete from t where id = 5"


def add(column: str, value: str) -> str:
    return f"insert into t (id, {column}) values (5, '{value}')"


CASES = [
    Case(MeanBetween("t", "n", 1, 2), SETUP, add("n", "8"), "the mean of public.t.n is 4, not between 1 and 2", BACK),
    Case(MeanBetween("t", "x", at_most=2), SETUP, add("x", "NaN"), "is NaN, not at most 2", BACK),
    Case(
        MeanBetween("t", "x", at_most=2),
        SETUP,
        add("x", "Infinity"),
        "is Infinity, not at most 2",
        BACK,
        name="infinity",
    ),
    Case(MeanBetween("t", "i", at_most="2h"), SETUP, add("i", "1 day"), "not at most 2h", BACK),
    Case(MeanBetween("t", "n", 1, 2, where="id < 9"), SETUP, add("n", "8"), "1 and 2, where id < 9", BACK),
    Case(StdDevBetween("t", "n", 1, 2), SETUP, add("n", "800"), "the standard deviation of public.t.n is 460", BACK),
    Case(SumEquals("t", "n", 4), SETUP, add("n", "0.5"), "the sum of public.t.n is 4.5, not 4", BACK),
    Case(SumEquals("t", "n", 4, tolerance=0.5), SETUP, add("n", "0.6"), "not 4 (by 0.5 at most)", BACK),
    Case(SumEquals("t", "x", 4), SETUP, add("x", "NaN"), "is NaN, not 4", BACK),
    Case(
        SumEquals("t", "n", other="others", other_column="amount"),
        SETUP,
        add("n", "1"),
        "the sum of public.t.n is 5, not 4, the sum of public.others.amount",
        BACK,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (MeanBetween("none", "n", 1), "skipped"),
        (StdDevBetween("none", "n", 1), "skipped"),
        (SumEquals("none", "n", 0), "passed"),
        (SumEquals("none", "n", 1), "failed"),
        (MeanBetween("t", "nope", 1), "skipped"),
        (SumEquals("t", "i", 4), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP + "create table none (n int); insert into none values (null);", expectation).status == status


def test_what_has_no_mean_is_an_error(judge: Any) -> None:
    outcome = judge("create table t (c text); insert into t values ('é')", MeanBetween("t", "c", 1))
    assert (outcome.status, "function pg_catalog.avg(text) does not exist" in outcome.reason) == ("errored", True)


@pytest.mark.parametrize("given", [{}, {"value": 1, "other": "o", "other_column": "c"}, {"other": "o"}, {"sample": 5}])
def test_sums_that_make_no_sense_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SumEquals("t", "n", **given)


def test_a_mean_needs_a_bound() -> None:
    with pytest.raises(ValidationError, match="give at_least or at_most"):
        MeanBetween("t", "n")
