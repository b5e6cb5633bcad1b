from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ValueLengths
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, c text, b bytea, a int[]); insert into t values (1, 'äé', 'äé', '{1,2}');
insert into t values (2), (3); update t set c = 'a', b = 'a', a = '{}' where id = 3;
"""
BACK = "delete from t where id = 5"
CASES = [
    Case(ValueLengths("t", "c", at_most=2), SETUP, "insert into t values (5, 'ééé')", "is not at most 2 long", BACK),
    Case(ValueLengths("t", "b", at_least=1), SETUP, "insert into t values (5, '', '')", "not at least 1 long", BACK),
    Case(
        ValueLengths("t", "a", 2, where="id <> 3"), SETUP, "insert into t (id, a) values (5, '{}')", "not 2 long", BACK
    ),
    Case(ValueLengths("t", "b", 4, mostly=0.5), SETUP, "insert into t values (5, '', '')", "50 %", BACK),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    "bounds", [{}, {"exactly": 1, "at_least": 1}, {"exactly": 1, "at_most": 2}, {"at_least": 3, "at_most": 2}]
)
def test_bounds_that_make_no_sense_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        ValueLengths("t", "c", **bounds)  # type: ignore[arg-type]
