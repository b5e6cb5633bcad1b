from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import QueryReturns
from pgcontract.expectations.results import differ, same, shown
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create role pgc_user; create table plans (name text primary key, price numeric(6,2), since date);
insert into plans values ('free', 0, '2020-01-01'), ('pro', 9.50, null);
grant select on plans to pgc_user;
"""

CASES = [
    Case(
        QueryReturns("select name, price from plans order by name", [["free", 0], ["pro", 9.5]], ordered=True),
        SETUP,
        "update plans set price = 10 where name = 'pro'",
        'the query gives ["free", "0.00"], ["pro", "10.00"], not ["free", 0], ["pro", 9.5]',
        "update plans set price = 9.5 where name = 'pro'",
    ),
    Case(
        QueryReturns("select count(*) from plans;", 2, by="pgc_user"),
        SETUP,
        "revoke select on plans from pgc_user",
        "the query is refused as pgc_user: permission denied for table plans",
        "grant select on plans to pgc_user",
    ),
    Case(
        QueryReturns("select name from plans where price > 100", []),
        SETUP,
        "insert into plans values ('enterprise', 999)",
        'gives "enterprise", not no rows',
        "delete from plans where name = 'enterprise'",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("query", "rows", "status"),
    [
        ("select name from plans order by name desc", ["free", "pro"], "passed"),
        ("select since, price from plans", [["2020-01-01", 0], [None, "9.5"]], "passed"),
        ("select true", True, "passed"),
        ("select true", "true", "failed"),
        ("select 1", True, "failed"),
        ("select null", [None], "passed"),
        ("select array[1, 2], '{\"a\": [1]}'::jsonb", [[[1, 2], {"a": [1]}]], "passed"),
        ("select '100%' like '%0!%' escape '!'", True, "passed"),
        ("select nowhere from plans", [], "failed"),
        ("select 1 from nowhere", 1, "failed"),
        ("insert into plans values ('new') returning name", ["new"], "passed"),
    ],
)
def test_rows_are_compared_by_value(judge: Any, query: str, rows: Any, status: str) -> None:
    assert judge(SETUP, QueryReturns(query, rows)).status == status


def test_what_writes_waits_for_leave(judge: Any) -> None:
    outcome = judge(SETUP, QueryReturns("delete from plans returning name", ["free", "pro"]), probes="read")
    assert (outcome.status, "--probes rollback" in outcome.reason) == ("skipped", True)


def test_somebody_else_asks(judge: Any) -> None:
    setup = SETUP + "alter table plans enable row level security"
    assert judge(setup, QueryReturns("select count(*) from plans", 0, by="pgc_user")).status == "passed"
    assert judge(setup, QueryReturns("select count(*) from plans", 0, by="nobody")).status == "skipped"


@pytest.mark.parametrize(
    ("observed", "expected", "alike"),
    [
        (Decimal("1.50"), 1.5, True),
        (2, 2.0, True),
        (1, True, False),
        (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "2020-01-01T00:00:00+00:00", True),
        (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "2020-01-01 00:00:00+00:00", True),
        (None, "", False),
        ([1, None], (1, None), True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        (float("nan"), 1, False),
    ],
)
def test_values_alike(observed: Any, expected: Any, alike: Any) -> None:
    assert same(observed, expected) is alike


def test_rows_without_an_order_are_counted() -> None:
    assert not differ([(1,), (2,)], [(2,), (1,)], ordered=False)
    assert differ([(1,), (2,)], [(2,), (1,)], ordered=True)
    assert differ([(1,), (1,)], [(2,), (1,)], ordered=False)
    assert shown([(n,) for n in range(9)]) == "0, 1, 2, 3, 4, … (9 rows)"
    assert QueryReturns("select 1", dt.date(2020, 1, 1)).rows == (("2020-01-01",),)
