from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import Examples, ValuesIncreasing
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table t (at int, car text, km float8);
insert into t values (1, 'é', 10), (2, 'é', 20), (3, 'é', null), (4, 'é', 20), (1, 'b', 1), (2, 'b', 'NaN');
"""
BACK = "delete from t where at = 5"
CASES = [
    Case(
        ValuesIncreasing("t", "km", "at", per="car"),
        SETUP,
        "insert into t values (5, 'é', 19)",
        "1 of 6 values of public.t.km is less than the one before it, in the order of at",
        BACK,
    ),
    Case(
        ValuesIncreasing("t", "km", ["at", "car"], where="car <> 'b'"),
        SETUP,
        "insert into t values (5, 'é', '-Infinity')",
        "in the order of at, car, where car <> 'b'",
        BACK,
    ),
    Case(
        ValuesIncreasing("t", "km", "at", per="car", strictly=True),
        SETUP + "delete from t where at = 4;",
        "insert into t values (5, 'é', 20)",
        "is not greater than the one before",
        BACK,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ValuesIncreasing("t", "km", "at"), "failed"),
        (ValuesIncreasing("none", "n", "n"), "passed"),
        (ValuesIncreasing("none", "gone", "n"), "skipped"),
        (ValuesIncreasing("none", "n", "gone"), "skipped"),
        (ValuesIncreasing("t", "km", "at", per="car", strictly=True), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP + "create table none (n int); insert into none values (null);", expectation).status == status


def test_what_goes_back_is_shown_with_what_was_before(judge: Any) -> None:
    outcome = judge(SETUP + "insert into t values (5, 'é', 19)", ValuesIncreasing("t", "km", "at", per="car"))
    assert outcome.findings[0].examples == Examples(("car", "at", "km", "after"), (("é", "5", "19", "20"),))


def test_a_sample_is_refused() -> None:
    with pytest.raises(ValidationError, match="a sample leaves out"):
        ValuesIncreasing("t", "km", "at", sample=5)
