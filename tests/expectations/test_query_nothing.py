from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import Examples, QueryReturnsNothing, RowCount, Suite, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = "create table public.t (id int, c text); insert into public.t values (1, 'é'), (2, 'b');"
CASES = [
    Case(
        QueryReturnsNothing("select id from t where id > 2 -- too many\n;"),
        SETUP,
        "insert into t values (3, 'c')",
        "the query returns 1 row, not none",
        "delete from t where id = 3",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def test_rows_are_shown(judge: Any) -> None:
    outcome = judge(SETUP, QueryReturnsNothing("select id, c from t order by id"))
    assert outcome.findings[0].observed == "2 rows"
    assert outcome.findings[0].examples == Examples(("id", "c"), (("1", "é"), ("2", "b")))


@pytest.mark.parametrize(
    ("query", "examples"),
    [
        ("select id, id from t order by id limit 1", Examples(("row",), (("(1,1)",),))),
        ('select id as "odd ""name", null::int as n from t where id = 2', Examples(('odd "name', "n"), (("2", None),))),
        (
            "select repeat(c, 200) as c, '' as none from t where id = 2",
            Examples(("c", "none"), (("b" * 100 + "…", ""),)),
        ),
        ("select from t", None),
    ],
)
def test_columns_have_their_names(judge: Any, query: str, examples: Examples | None) -> None:
    """Where two share one, a row is one value; where there is none, there is nothing to show."""
    assert judge(SETUP, QueryReturnsNothing(query)).findings[0].examples == examples


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("select * frm t", 'syntax error at or near "frm" (at character 10'),
        ("select idd from t", 'column "idd" does not exist'),
        ("select 1; drop table t", 'syntax error at or near ";"'),
        ("select 1) as x; drop table t; select (1", "a bracket too many"),
        ("delete from t returning id", "syntax error"),
        ("with gone as (delete from t returning id) select * from gone", "must be at the top level"),
        ("select setval('s', 9)", "read-only transaction"),
    ],
)
def test_bad_queries_hurt_nobody(lab: psycopg.Connection[Any], query: str, reason: str) -> None:
    suite = Suite("bad", [QueryReturnsNothing(query), RowCount("t", 2)])
    with lab.transaction(force_rollback=True):
        lab.execute((SETUP + "create sequence public.s").encode())
        report = verify(suite, lab)
    assert [outcome.status for outcome in report.outcomes] == ["errored", "passed"]
    assert reason in str(report.outcomes[0].reason)
