from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import Values, ValuesBetween
from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, n numeric, x float8, d date, e text collate "C", u uuid);
insert into t values (1, 1.5, -1, '2020-01-01', 'ä', '00000000-0000-0000-0000-000000000001');
insert into t values (2, 9, 1e300, null, null, null);
insert into t values (3);
"""
BACK = "delete from t where id = 5"


def add(column: str, value: str) -> str:
    return f"insert into t (id, {column}) values (5, '{value}')"


CASES = [
    Case(ValuesBetween("t", "n", 1.5, 9), SETUP, add("n", "9.01"), "1 of 3 values of public.t.n is not between", BACK),
    Case(ValuesBetween("t", "n", at_most=9), SETUP, add("n", "NaN"), "not at most 9", BACK),
    Case(ValuesBetween("t", "n", above=1), SETUP, add("n", "1"), "not above 1", BACK),
    Case(ValuesBetween("t", "x", -1, below="Infinity"), SETUP, add("x", "Infinity"), "not at least -1 and below", BACK),
    Case(ValuesBetween("t", "x", -1), SETUP, add("x", "-Infinity"), "not at least -1", BACK, name="-Infinity"),
    Case(ValuesBetween("t", "d", at_most="2020-01-01"), SETUP, add("d", "infinity"), "2020-01-01", BACK),
    Case(ValuesBetween("t", "d", dt.date(2020, 1, 1)), SETUP, add("d", "-infinity"), "at least 2020-01-01", BACK),
    Case(ValuesBetween("t", "e", "a"), SETUP, add("e", "Z"), "not at least a", BACK),
    Case(ValuesBetween("t", "u", at_most="9" * 32), SETUP, add("u", "a" * 32), "not at most 999", BACK),
    Case(ValuesBetween("t", "n", 2, mostly=0.5), SETUP, add("n", "0"), "2 of 3", BACK),
    Case(ValuesBetween("t", "n", 2, where="id > 1"), SETUP, add("n", "0"), "1 of 2", BACK),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "above": 1}, {"at_most": 1, "below": 1}])
def test_bounds_that_make_no_sense_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        ValuesBetween("t", "n", **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_", "reason"),
    [("json", "operator does not exist: json >= unknown"), ("point", "operator does not exist: point >= unknown")],
)
def test_a_type_without_an_order_is_an_error(judge: Any, type_: str, reason: str) -> None:
    outcome = judge(f"create table t (c {type_})", ValuesBetween("t", "c", "1"))
    assert (outcome.status, reason in outcome.reason) == ("errored", True)


def test_what_could_not_be_counted_failed_all_the_same() -> None:
    relation = Relation("public.t", "table", "o", columns={"n": Column("n", 1, "integer")})
    expectation = ValuesBetween("public.t", "n", 0)
    (proof,) = expectation.aggregates(relation)
    assert len(list(expectation.details(Values(relation, {proof: False})))) == 2
    (finding,) = expectation.judge(Values(relation, {proof: False}))
    assert finding.message == "some values of public.t.n are not at least 0"
    for holds in (True, None):
        assert not list(expectation.judge(Values(relation, {proof: holds})))
