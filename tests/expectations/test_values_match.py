from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ValuesMatch
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = "create table t (id int, c text); insert into t values (1, 'abc'), (2, 'a%é'), (3, null), (4, E'a\\nz');"
BACK = "delete from t where id = 5"
NEW = "insert into t values (5, 'Bé')"
CASES = [
    Case(ValuesMatch("t", "c", "^a"), SETUP, NEW, "1 of 4 values of public.t.c is not matched by ^a", BACK),
    Case(ValuesMatch("t", "c", like="a%"), SETUP, NEW, "not like a%", BACK),
    Case(ValuesMatch("t", "c", "B", any_case=True, mostly=0.25), SETUP, "update t set c = 'x'", "in any case"),
    Case(ValuesMatch("t", "c", like="b%", never=True, any_case=True), SETUP, NEW, "is like b%, in any case", BACK),
    Case(ValuesMatch("t", "c", "é$", where="id in (2, 5)"), SETUP, "insert into t values (5, 'e')", "1 of 2", BACK),
    Case(ValuesMatch("t", "c", r"^\D*$"), SETUP, "insert into t values (5, '7')", r"^\D*$", BACK),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize("patterns", [{}, {"regex": "a", "like": "a"}])
def test_there_is_one_pattern(patterns: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ValuesMatch("t", "c", **patterns)  # type: ignore[arg-type]


def test_a_pattern_that_is_none_is_an_error(judge: Any) -> None:
    outcome = judge(SETUP, ValuesMatch("t", "c", "["))
    assert (outcome.status, outcome.reason) == ("errored", "invalid regular expression: brackets [] not balanced")
