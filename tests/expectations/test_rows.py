from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import RowCount, ValuesNotNull
from pgcontract.testing import Case, prove

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create table plans (id int, \"Odd %s col\" text); insert into plans values (1, 'a'), (2, 'b'), (3, 'c');"
MORE = "insert into plans values (4, null)"
BACK = "delete from plans where id = 4"
CASES = [
    Case(RowCount("plans", exactly=3), SETUP, MORE, "public.plans has 4 rows, not exactly 3", BACK),
    Case(RowCount("plans", at_most=3), SETUP, MORE, "not at most 3", BACK),
    Case(
        RowCount("plans", at_least=2),
        SETUP,
        "delete from plans",
        "has 0 rows, not at least 2",
        "insert into plans values (1), (2), (3)",
    ),
    Case(RowCount("plans", at_least=2, at_most=3), SETUP, MORE, "not at most 3", BACK),
    Case(RowCount("plans", 3), SETUP, "truncate plans", "has 0 rows, not exactly 3"),
    Case(
        ValuesNotNull("plans", "id"), SETUP, "insert into plans values (null)", "1 values of public.plans.id are NULL"
    ),
    Case(ValuesNotNull("plans", "Odd %s col"), SETUP, MORE, '1 values of public.plans."Odd %s col" are NULL', BACK),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any]) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (RowCount("plans", at_least=3, at_most=3), "passed"),
        (RowCount("plans", at_least=4), "failed"),
        (RowCount("plans", exactly=0), "failed"),
        (RowCount("empty", exactly=0), "passed"),
        (ValuesNotNull("empty", "id"), "passed"),
        (ValuesNotNull("seen", "id"), "passed"),
        (RowCount("parts", exactly=2), "passed"),
        (RowCount("parts_1", exactly=1), "passed"),
        (RowCount("nothing", exactly=1), "skipped"),
        (ValuesNotNull("plans", "nope"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    more = """
        create table empty (id int); create view seen as select id from plans;
        create table parts (id int) partition by list (id);
        create table parts_1 partition of parts for values in (1);
        create table parts_2 partition of parts for values in (2); insert into parts values (1), (2);
    """
    assert judge(SETUP + more, expectation).status == status


def test_rows_that_a_policy_hides_are_not_judged_fine(judge: Any) -> None:
    setup = (
        SETUP
        + f"""{MORE}; create role pgc_reader; grant select on plans to pgc_reader;
        alter table plans enable row level security; create policy few on plans using (id < 4);
        set local role pgc_reader;
    """
    )
    outcome = judge(setup, ValuesNotNull("plans", "Odd %s col"))
    assert outcome.status == "errored"
    assert "row-level security" in outcome.reason


@pytest.mark.parametrize(
    "bounds", [{}, {"exactly": 1, "at_least": 1}, {"exactly": 1, "at_most": 2}, {"at_least": 3, "at_most": 2}]
)
def test_bounds_that_make_no_sense_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        RowCount("plans", **bounds)  # type: ignore[arg-type]
