from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import Fresh
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, tz timestamptz, ts timestamp, d date);
insert into t values (1, now() - interval '5 min', (now() at time zone 'utc') - interval '5 min', current_date),
    (2, '-infinity', 'infinity', 'infinity'), (3, null, null, null);
"""
OLD = "update t set tz = tz - interval '3h', ts = ts - interval '3h', d = d - 3 where id = 1"
BACK = "update t set tz = tz + interval '3h', ts = ts + interval '3h', d = d + 3 where id = 1"
CASES = [
    Case(Fresh("t", "tz", "1 hour"), SETUP, OLD, "the newest value of public.t.tz is 03:05:00 old", BACK),
    Case(Fresh("t", "ts", "60m"), SETUP, OLD, "is 03:05:00 old, more than 60m", BACK),
    Case(Fresh("t", "d", "2 days"), SETUP, OLD, "more than 2 days", BACK),
    Case(Fresh("t", "tz", "1 hour", where="id <> 9"), SETUP, "delete from t where id = 1", "has no newest value"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "status"),
    [
        ("create table t (tz timestamptz)", "failed"),
        ("create table t (tz timestamptz); insert into t values ('infinity')", "failed"),
        ("create table t (tz timestamptz); insert into t values (now() + interval '1 day')", "passed"),
        ("create table t (tz int)", "errored"),
        ("create table t (other int)", "skipped"),
    ],
)
def test_near_misses(judge: Any, setup: str, status: str) -> None:
    assert judge(setup, Fresh("t", "tz", "1 day")).status == status


def test_what_is_no_interval_is_an_error(judge: Any) -> None:
    outcome = judge(SETUP, Fresh("t", "tz", "soon"))
    assert (outcome.status, "invalid input syntax for type interval" in outcome.reason) == ("errored", True)
