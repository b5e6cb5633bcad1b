from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import DistinctShare, NullShare, ShareWhere
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create table t (id int, c text); insert into t values (1, 'a'), (2, 'a'), (3, 'é'), (4, null);"
BACK = "delete from t where id = 5"
NULL = "insert into t values (5, null)"
CASES = [
    Case(NullShare("t", "c", at_most=0.25), SETUP, NULL, "40 % of the values of public.t.c are NULL, 2 of 5", BACK),
    Case(NullShare("t", "c", 0.25), SETUP, "insert into t values (5, 'x')", "20 % of the values", BACK),
    Case(
        NullShare("t", "c", 0, 0.5, where="id > 2"), SETUP, NULL, "where id > 2, 2 of 3, not between 0 % and 50", BACK
    ),
    Case(DistinctShare("t", "c", at_most=0.7), SETUP, "insert into t values (5, 'b')", "75 % of the values", BACK),
    Case(DistinctShare("t", "c", 0.6), SETUP, "insert into t values (5, 'é')", "50 % of the values", BACK),
    Case(
        NullShare("t", "c", at_most=0.25, approximate=True),
        SETUP + "analyze t;",
        NULL + "; analyze t",
        "40 % of the values of public.t.c are NULL, by the server's statistics",
    ),
    Case(
        DistinctShare("t", "id", 1, approximate=True),
        SETUP + "analyze t;",
        "insert into t select 1 from generate_series(1, 50); analyze t",
        "are different, by the server's statistics, not at least 100 %",
    ),
    Case(
        ShareWhere("t", "c = 'a'", 0.5, 0.5),
        SETUP,
        NULL,
        "40 % of the rows of public.t are such that c = 'a', 2 of 5, not 50 %",
        BACK,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    "expectation", [NullShare("n", "c", 0.1), DistinctShare("n", "c", 1), ShareWhere("n", "true", 1)]
)
def test_there_is_no_share_of_nothing(judge: Any, expectation: Expectation) -> None:
    assert judge("create table n (c int)", expectation).status == "skipped"


def test_a_bad_condition_is_an_error(judge: Any) -> None:
    outcome = judge(SETUP, ShareWhere("t", "c >", 0.5))
    assert (outcome.status, "at the end of 'c >'" in outcome.reason) == ("errored", True)


@pytest.mark.parametrize("bounds", [{}, {"at_least": 2}, {"at_least": 0.5, "at_most": 0.4}])
@pytest.mark.parametrize("cls", [NullShare, DistinctShare, ShareWhere])
def test_bounds_that_make_no_sense_are_refused(cls: Any, bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        cls("t", "c", **bounds)


def test_what_was_never_analysed_has_no_estimate(judge: Any) -> None:
    outcome = judge(SETUP, NullShare("t", "c", 0.1, approximate=True))
    assert (outcome.status, outcome.reason) == (
        "skipped",
        "the server has no statistics of public.t.c, which was never analysed",
    )
