from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import RowCount, RowsSatisfy, Suite, ValuesNotNull, verify
from pgcontract.testing import Case

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
    Case(RowCount("plans", 1, where="id > 2"), SETUP, MORE, "has 2 rows, where id > 2, not exactly 1", BACK),
    Case(
        RowCount("plans", same_as="others"),
        SETUP + "create view others as select * from plans where id < 4;",
        MORE,
        "public.plans has 4 rows, and public.others has 3",
        BACK,
    ),
    Case(
        RowCount("plans", 3, approximate=True),
        SETUP + "analyze plans;",
        MORE + "; analyze plans",
        "public.plans has about 4 rows, not exactly 3",
    ),
    Case(
        RowsSatisfy("plans", "id > 0 or \"Odd %s col\" = 'é' -- always"),
        SETUP,
        "insert into plans values (-1, 'è')",
        "1 of 4 rows of public.plans is not such that id > 0",
        "update plans set id = null where id < 0",
    ),
    Case(RowsSatisfy("plans", "id < 4", mostly=0.8, where="id > 0"), SETUP, MORE, "80 % should be", BACK),
    Case(
        RowsSatisfy("plans", "good(id)"),
        SETUP + "create function good(int) returns bool immutable language sql as 'select $1 < 4';",
        MORE,
        "such that good(id)",
        BACK,
        name="a function by its bare name",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
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
        (RowCount("parents", exactly=2), "passed"),
        (ValuesNotNull("parents", "id"), "failed"),
        (RowCount("stored", exactly=3), "passed"),
        (ValuesNotNull("stored", "id", sample=99), "passed"),
        (ValuesNotNull("seen", "id", sample=99), "errored"),
        (RowCount("unfilled", exactly=0), "errored"),
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
        create table parents (id int); create table children () inherits (parents);
        insert into parents values (1); insert into children values (null);
        create materialized view stored as select id from plans;
        create materialized view unfilled as select id from plans with no data;
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
    "bounds",
    [
        {},
        {"exactly": 1, "at_least": 1},
        {"exactly": 1, "at_most": 2},
        {"at_least": 3, "at_most": 2},
        {"exactly": 1, "same_as": "others"},
        {"exactly": 1, "sample": 10},
        {"exactly": 1, "approximate": True, "where": "true"},
    ],
)
def test_bounds_that_make_no_sense_are_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RowCount("plans", **bounds)


@pytest.mark.parametrize(
    ("predicate", "reason"),
    [
        ("idd > 0", "column \"idd\" does not exist (at character 1 of 'idd > 0'); perhaps you meant"),
        ("id > 0 frm x", "syntax error at or near \"frm\" (at character 8 of 'id > 0 frm x')"),
        ("id >", "syntax error at or near \")\" (at the end of 'id >')"),
        ("count(*) > 0", "aggregate functions are not allowed in FILTER"),
        ("true; select 1", 'syntax error at or near ";"'),
        ("true) or (true", "a bracket too many"),
        ("true /* ", "a comment is not closed"),
        ("id = 'x", "a quote is not closed"),
        ("id", "argument of IS FALSE must be type boolean, not type integer"),
        ("1 / (id - 2) > 0", "division by zero"),
    ],
)
def test_bad_predicates_hurt_nobody_else(lab: psycopg.Connection[Any], predicate: str, reason: str) -> None:
    suite = Suite("bad", [RowsSatisfy("plans", predicate), RowCount("plans", 3), RowsSatisfy("plans", "id > 0")])
    with lab.transaction(force_rollback=True):
        lab.execute(SETUP.encode())
        report = verify(suite, lab)
    assert [outcome.status for outcome in report.outcomes] == ["errored", "passed", "passed"]
    assert reason in str(report.outcomes[0].reason)
