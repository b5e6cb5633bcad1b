from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ConstraintRefuses
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table teams (id int generated always as identity primary key, name text not null unique);
create table seats (
    id uuid primary key default gen_random_uuid(),
    team int not null references teams deferrable initially deferred,
    number int not null,
    kind text not null default 'plain',
    during int4range not null,
    constraint positive check (number > 0),
    constraint known check (kind in ('plain', 'wide')),
    constraint once unique (team, number),
    constraint apart exclude using gist (during with &&)
);
"""


def refuses(*args: Any, **fields: Any) -> ConstraintRefuses:
    return ConstraintRefuses("seats", *args, **fields)


def without(name: str) -> str:
    return f"alter table seats drop constraint {name}"


CASES = [
    Case(
        refuses("positive", row={"number": 0}),
        SETUP,
        "alter table seats drop constraint positive, add constraint positive check (number >= 0)",
        "public.seats takes a row with number = 0",
        "alter table seats drop constraint positive, add constraint positive check (number > 0)",
    ),
    Case(refuses("positive"), SETUP, without("positive"), "public.seats has no constraint positive"),
    Case(refuses("known"), SETUP, without("known"), "has no constraint known", name="a list of words"),
    Case(refuses("once"), SETUP, without("once"), "has no constraint once", name="a unique key"),
    Case(refuses("apart"), SETUP, without("apart"), "has no constraint apart", name="an exclusion"),
    Case(refuses("seats_pkey"), SETUP, without("seats_pkey"), "has no constraint seats_pkey", name="a primary key"),
    Case(
        refuses("seats_team_fkey"),
        SETUP,
        without("seats_team_fkey"),
        "has no constraint seats_team_fkey",
        name="a foreign key that is put off",
    ),
    Case(
        refuses("seats_team_fkey", row={"team": -5}),
        SETUP,
        without("seats_team_fkey") + ", add constraint seats_team_fkey check (team > -9)",
        "takes a row with team = -5",
        name="a foreign key, and a row",
    ),
    Case(
        refuses(row={"kind": "sofa"}, where={"number": 7}),
        SETUP,
        without("known"),
        "public.seats takes a row with kind = 'sofa'",
        "alter table seats add constraint known check (kind in ('plain', 'wide'))",
    ),
    Case(
        refuses(row={"kind": None}),
        SETUP,
        "alter table seats alter kind drop not null",
        "takes a row with kind = None",
        "alter table seats alter kind set not null",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


KEPT = "create function keep() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;"


@pytest.mark.parametrize(
    ("setup", "expectation", "status", "words"),
    [
        (SETUP, refuses("positive", row={"kind": "sofa"}), "failed", "but by constraint known"),
        (SETUP, refuses("positve"), "failed", "Perhaps you meant positive."),
        (SETUP, refuses("positive", row={"nmber": 0}), "skipped", "column"),
        ("create table t (a int, constraint c check (a <> 424242))", None, "passed", ""),
        ("create table t (a int, constraint c check (a is null or true))", None, "skipped", "say one with `row`"),
        ("create table t (a date, constraint c check (a > '2001-05-05'))", None, "passed", ""),
        ("create table t (a text, constraint c check (a ~ '^[a-z]+@[a-z]+$'))", None, "passed", ""),
        ("create type e as enum ('a', 'b'); create table t (a e, constraint c check (a = 'a'))", None, "passed", ""),
        ("create table t (a int, b int, constraint c check (a < b))", None, "passed", ""),
        (
            "create table t (a int not null check (a > 5 and a < 3), constraint c check (a > 0))",
            None,
            "skipped",
            "no row can be",
        ),
        (
            (
                "create table t (a int primary key, constraint c check (a > 0));"
                f"{KEPT} create trigger k before delete on t for each row execute function keep()"
            ),
            None,
            "passed",
            "",
        ),
        ("create table t (a int primary key, constraint c check (a > 0) not valid)", None, "passed", ""),
        ("create view seats as select 1 as number", refuses(row={"number": 1}), "skipped", "rows are made in tables"),
        ("", refuses("c"), "skipped", "relation public.seats"),
    ],
    ids=str,
)
def test_what_is_refused(judge: Any, setup: str, expectation: Expectation | None, status: str, words: str) -> None:
    outcome = judge(setup, expectation or ConstraintRefuses("t", "c"))
    said = f"{outcome.reason} {' '.join(f'{finding.message} {finding.hint}' for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


@pytest.mark.pg(">= 18")
def test_what_is_not_enforced_refuses_nothing(judge: Any) -> None:
    outcome = judge("create table t (a int, constraint c check (a > 0) not enforced)", ConstraintRefuses("t", "c"))
    assert "c of public.t is not enforced" in outcome.findings[0].message


def test_rows_are_made_where_that_is_allowed(judge: Any) -> None:
    outcome = judge(SETUP, refuses("positive"), probes="read")
    assert (outcome.status, "--probes rollback" in outcome.reason) == ("skipped", True)


def test_it_says_what_is_refused() -> None:
    with pytest.raises(ValidationError, match="it says not what is refused"):
        ConstraintRefuses("seats")
