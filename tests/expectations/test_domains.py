from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import DomainIs
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create type mood as enum ('sad', 'ok');
create domain price as numeric(12, 2) default 0 not null constraint above check (value >= 0) check (value < 1e6);
create domain mine as mood check (value <> 'sad');
"""
CASES = [
    Case(
        DomainIs("price", "decimal(12,2)"),
        SETUP,
        "drop domain price; create domain price as numeric(10,2)",
        "base type of domain public.price is numeric(10,2), not numeric(12,2)",
    ),
    Case(DomainIs("price", "numeric(12,2)", not_null=True), SETUP, "alter domain price drop not null", "NOT NULL of"),
    Case(DomainIs("mine", "mood", not_null=False), SETUP, "alter domain mine set not null", "is yes, not no"),
    Case(
        DomainIs("price", "numeric(12,2)", default="0.0::int"),
        SETUP.replace("default 0", "default 0.0::int"),
        "alter domain price set default 1",
    ),
    Case(
        DomainIs("price", "numeric(12,2)", checks=["value >= 0", "value < 1e6"], not_valid=["value < 1e6"]),
        SETUP.replace(" check (value < 1e6)", "")
        + "alter domain price add constraint late check (value < 1e6) not valid; ",
        "alter domain price drop constraint above;"
        " alter domain price add constraint above check (value >= 0) not valid",
        "check above of domain public.price is NOT VALID",
    ),
    Case(
        DomainIs("price", "numeric(12,2)", default="0"),
        SETUP,
        "alter domain price drop default",
        "default of domain public.price is none, not 0",
    ),
    Case(
        DomainIs("sorted", "text", collation='"C"'),
        SETUP + 'create domain sorted as text collate "C";',
        "drop domain sorted; create domain sorted as text",
        'collation of domain public.sorted is none, not pg_catalog."C"',
        'drop domain sorted; create domain sorted as text collate "C"',
    ),
    Case(DomainIs("mine", "mood", default="null"), SETUP, "alter domain mine set default 'ok'", "'ok'::"),
    Case(
        DomainIs("mine", "mood", default="'ok'"),
        SETUP + "alter domain mine set default 'ok'",
        "alter domain mine drop default",
        "'ok'::",
    ),
    Case(
        DomainIs("price", "numeric(12,2)", checks=["VALUE>=0", "value < 1e6"]),
        SETUP,
        "alter domain price drop constraint above",
        "domain public.price has no check (VALUE >= (0)::numeric)",
        name="a check is missing",
    ),
    Case(
        DomainIs("price", "numeric(12,2)", checks=["value < 1e6", "value >= 0"]),
        SETUP,
        'alter domain price add constraint "Odd one" check (value <> 13)',
        "domain public.price has a check (VALUE <> (13)::numeric), which is not in the contract",
        name="a check too many",
    ),
    Case(
        DomainIs("mine", "mood", checks="value != 'sad'"),
        SETUP,
        "alter domain mine drop constraint mine_check; comment on domain mine is 'so that the command counts'",
        "sad",
    ),
    Case(
        DomainIs("mine", "public.mood", checks=[]),
        SETUP.replace("check (value <> 'sad')", ""),
        "alter domain mine add check (value = 'ok')",
        "which is not in the contract",
    ),
    Case(
        DomainIs("mine", "mood"),
        SETUP,
        "drop domain mine; create type mine as enum ()",
        "is of the kind enum, not domain",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (DomainIs("price", "numeric"), "failed"),
        (DomainIs("nothing", "int"), "skipped"),
        (DomainIs("price", "nope"), "errored"),
        (DomainIs("price", "int) check (true"), "errored"),
        (DomainIs("price", "int not null"), "errored"),
        (DomainIs("price", "numeric(12,2)", checks=["value > 'x'::nope"]), "errored"),
        (DomainIs("price", "numeric(12,2)", checks=["true) check (value > 0"]), "errored"),
        (DomainIs("price", "numeric(12,2)", default="1) not null check (true"), "errored"),
        (DomainIs("price", "numeric(12,2)", checks=["value >= 0"]), "failed"),
        (DomainIs("mine", "public.mood", checks=["value <> 'sad'::public.mood"]), "passed"),
        (DomainIs("mine", "mood -- as it is", checks=["value <> 'sad' -- never"]), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)
