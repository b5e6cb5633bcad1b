from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic
import pytest

from pgcontract import AccessMatrix
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

MINE = "tenant = (select current_setting('app.tenant', true))::int"
SETUP = f"""
create role pgc_app; create role pgc_idle;
create table notes (id int primary key, tenant int not null, body text not null);
alter table notes enable row level security;
create policy mine on notes to pgc_app using ({MINE});
grant select, insert, delete, update (body) on notes to pgc_app;
create table plans (id int primary key, name text);
grant select on plans to pgc_app;
"""
OWN = {"select": "own", "INSERT": "own", "update": "own (body)", "delete": "own"}


def access(stated: Any, **fields: Any) -> AccessMatrix:
    return AccessMatrix("notes", {"pgc_app": stated}, **fields)


CASES = [
    Case(access(OWN), SETUP, "create policy open on notes for select to pgc_app using (true)", "all rows", None),
    Case(access(OWN, tenants="notes.tenant"), SETUP, "grant truncate on notes to pgc_app", "by TRUNCATE"),
    Case(
        access(OWN),
        SETUP,
        "grant update (tenant) on notes to pgc_app",
        ("reaches its own rows (body, tenant)", "by UPDATE"),
        "revoke update (tenant) on notes from pgc_app",
        name="a column more",
    ),
    Case(
        access(OWN),
        SETUP,
        "drop policy mine on notes",
        "pgc_app reaches no rows of public.notes by SELECT",
        f"create policy mine on notes to pgc_app using ({MINE})",
        name="less than stated",
    ),
    Case(
        AccessMatrix("plans", {"pgc_app": {"select": "all"}}, publics=["plans"], owners="notes.tenant"),
        SETUP,
        "grant delete on plans to pgc_app",
        "pgc_app reaches all rows of public.plans by DELETE",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_access(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("stated", "probes", "reason"),
    [
        ({"pgc_nobody": "none"}, "rollback", "pgc_nobody"),
        ({"pgc_app": "none"}, "read", "--probes rollback"),
    ],
)
def test_what_cannot_be_told(stated: dict[str, str], probes: str, reason: str, judge: Any) -> None:
    """A role as which nobody acts, or that is not there, is never a pass."""
    outcome = judge(SETUP, AccessMatrix("notes", stated), probes=probes)
    assert outcome.status == "skipped", outcome
    assert reason in outcome.reason


def test_a_role_that_no_user_has_acts_as_itself(judge: Any) -> None:
    """It has no rows of its own, and is held to reach none."""
    assert judge(SETUP, AccessMatrix("notes", {"pgc_idle": "none"}), probes="rollback").status == "passed"


def test_a_role_that_cannot_be_set(judge: Any) -> None:
    setup = SETUP + "create role pgc_lone; grant pgc_idle to pgc_lone; set local role pgc_lone"
    outcome = judge(setup, AccessMatrix("notes", {"pgc_app": "none"}), probes="rollback")
    assert outcome.status == "skipped", outcome
    assert "pgc_lone may not act as pgc_app" in outcome.reason


@pytest.mark.parametrize("stated", ["some", "none (body)", "own (", {"merge": "own"}])
def test_what_cannot_be_stated(stated: Any) -> None:
    with pytest.raises(pydantic.ValidationError):
        access(stated)
