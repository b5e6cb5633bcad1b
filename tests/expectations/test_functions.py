from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import FunctionPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table users (id uuid, name varchar(80));
create function total(id uuid, amount int default 0) returns bigint
    language sql stable strict security definer set search_path = '' as 'select 1::bigint';
create function total(text) returns int language sql as 'select 1';
create function everybody() returns setof users language sql as 'select * from public.users';
create function pairs(out a int, out b text) language sql as $$ select 1, 'x' $$;
create function mixed(a int, inout b text, out c int[]) language sql as $$ select 'x', array[1] $$;
create function many(variadic int[]) returns int language plpgsql as 'begin return 1; end';
create procedure tidy(days int) language sql as '';
create aggregate longest(text) (sfunc = textcat, stype = text);
"""
ALTER = "alter function total(uuid, int)"
PLANNED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("total(uuid, int)", {"parallel": "safe"}, f"{ALTER} parallel safe", f"{ALTER} parallel restricted",
     "parallel of function public.total(uuid, integer) is restricted, not safe"),
    ("total(uuid, int)", {"parallel": "UNSAFE"}, "", f"{ALTER} parallel safe", "is safe, not unsafe"),
    ("total(uuid, int)", {"leakproof": True}, f"{ALTER} leakproof", f"{ALTER} not leakproof", "leakproof of function"),
    ("total(text)", {"leakproof": False}, "", "alter function total(text) leakproof", "is yes, not no"),
    ("total(text)", {"cost": 100}, "", "alter function total(text) cost 0.5", "is 0.5, not 100.0"),
    ("everybody", {"rows": 20, "cost": 7.5}, "alter function everybody rows 20 cost 7.5",
     "alter function everybody rows 1000 cost 7.5", "rows of function public.everybody() is 1000.0, not 20.0"),
]  # fmt: skip
CASES = [
    Case(
        FunctionPresent("total(uuid, int)", settings='search_path=""', only_settings=True),
        SETUP,
        "alter function total(uuid, int) set work_mem to '9MB'",
        "function public.total(uuid, integer) sets work_mem=9MB",
    ),
    Case(
        FunctionPresent("total(uuid, int)"),
        SETUP,
        "drop function total(uuid, int)",
        "function public.total(uuid, integer) does not exist",
        "create function total(uuid, int) returns int language sql as 'select 1'",
    ),
    Case(
        FunctionPresent("tidy(int)", routine="procedure"),
        SETUP,
        "drop procedure tidy; create function tidy(days int) returns int language sql as 'select 1'",
        "kind of function public.tidy(integer) is function, not procedure",
    ),
    Case(
        FunctionPresent("total(uuid, int)", arguments="id uuid, amount int DEFAULT 0"),
        SETUP,
        "drop function total(uuid, int); create function total(id uuid, number int default 0) returns bigint "
        "language sql as 'select 1'",
        "(id uuid, number integer DEFAULT 0), not (id uuid, amount integer DEFAULT 0)",
    ),
    Case(
        FunctionPresent("mixed", arguments="a int, inout b text, out c int[]"),
        SETUP,
        "drop function mixed; create function mixed(a int default 1, inout b text default 'x', out c int[]) "
        "language sql as $$ select 'x', array[1] $$",
        "arguments of function public.mixed(integer, text)",
    ),
    Case(
        FunctionPresent("everybody"),
        SETUP,
        "drop function everybody()",
        "public.everybody",
        "create function everybody() returns int language sql as 'select 1'",
    ),
    Case(
        FunctionPresent("everybody"),
        SETUP,
        "create function everybody(int) returns int language sql as 'select 1'",
        "public.everybody is several functions",
        "drop function everybody(int)",
        name="a name that is overloaded",
    ),
    Case(
        FunctionPresent("everybody()", returns="setof users"),
        SETUP,
        "drop function everybody(); create function everybody() returns setof text language sql as 'select null'",
        "result of function public.everybody() is SETOF text, not SETOF public.users",
    ),
    Case(
        FunctionPresent("total(uuid, int4)", returns="int8"),
        SETUP.replace("bigint", "int8"),
        "drop function total(uuid, int); create function total(uuid, int) returns int language sql as 'select 1'",
        "is integer, not bigint",
    ),
    Case(
        FunctionPresent("many(variadic int[])", language="plpgsql"),
        SETUP,
        "create or replace function many(variadic int[]) returns int language sql as 'select 1'",
        "language of function public.many(integer[]) is sql, not plpgsql",
    ),
    Case(
        FunctionPresent("total(uuid, int)", volatility="stable"),
        SETUP,
        f"{ALTER} volatile",
        "volatility of function public.total(uuid, integer) is volatile, not stable",
    ),
    Case(FunctionPresent("total(text)", volatility="Volatile"), SETUP, "alter function total(text) stable", "stable"),  # type: ignore[arg-type]
    Case(
        FunctionPresent("total(uuid, int)", security="definer"),
        SETUP,
        f"{ALTER} security invoker",
        "security of function public.total(uuid, integer) is invoker, not definer",
    ),
    Case(
        FunctionPresent("total(text)", security="invoker"),
        SETUP,
        "alter function total(text) security definer",
        "is definer",
    ),
    Case(
        FunctionPresent("tidy(int)", security="invoker"),
        SETUP,
        "alter procedure tidy(int) security definer",
        "is definer",
        name="security of a procedure",
    ),
    Case(FunctionPresent("total(uuid, int)", strict=True), SETUP, f"{ALTER} called on null input", "is no, not yes"),
    Case(FunctionPresent("total(text)", strict=False), SETUP, "alter function total(text) strict", "is yes, not no"),
    Case(
        FunctionPresent("total(uuid, int)", settings='search_path=""'),
        SETUP,
        f"{ALTER} reset search_path",
        'does not set search_path=""',
        f"{ALTER} set search_path = ''",
    ),
    Case(
        FunctionPresent("total(uuid, int)", settings=['search_path=""', "work_mem=1MB"]),
        SETUP + f"{ALTER} set work_mem = '1MB'",
        f"{ALTER} set work_mem = '2MB'",
        "does not set work_mem=1MB",
        f"{ALTER} set work_mem = '1MB'",
    ),
    *(
        Case(FunctionPresent(function, **fields), SETUP + setup, broken, words)
        for function, fields, setup, broken, words in PLANNED
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (FunctionPresent("total(uuid)"), "failed"),
        (FunctionPresent("total(id uuid, amount int)"), "passed"),
        (FunctionPresent("total(uuid, bigint)"), "failed"),
        (FunctionPresent("total"), "failed"),
        (FunctionPresent("total(varchar)"), "failed"),
        (FunctionPresent("Total(text)"), "failed"),
        (FunctionPresent("pairs()", returns="record"), "passed"),
        (FunctionPresent("pairs(out a int, out b text)"), "passed"),
        (FunctionPresent("pairs(int, out b text)"), "failed"),
        (FunctionPresent("mixed(a int, INOUT b text, out c int[])"), "passed"),
        (FunctionPresent('mixed("out" int, text)'), "passed"),
        (FunctionPresent("mixed(a int, b text, out c int[])", returns="record"), "passed"),
        (FunctionPresent("pairs"), "passed"),
        (FunctionPresent("many(int[])"), "passed"),
        (FunctionPresent("longest(text)"), "passed"),
        (FunctionPresent("tidy(int)", returns="void"), "failed"),
        (FunctionPresent("total(nope)"), "errored"),
        (FunctionPresent("nowhere.total(text)"), "skipped"),
        (FunctionPresent("total(text)", returns="integer"), "passed"),
        (FunctionPresent("total(text)", returns="nope"), "errored"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)


def test_the_overloads_are_told(judge: Any) -> None:
    assert "public.total(text), public.total(uuid, integer)" in judge(SETUP, FunctionPresent("total")).findings[0].hint
