from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import FunctionCallable, Principal, Suite, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create role pgc_user; create schema app; grant usage on schema app to pgc_user;
create table app.hits (id serial, n int check (n >= 0));
create function app.total(a int, b int default 1) returns int stable language sql as 'select a + b';
create function app.hit(n int) returns void language sql security definer as 'insert into app.hits (n) values (n)';
"""
TOTAL = "app.total(int, int)"
PRICE = "create function price(plan text) returns int stable language plpgsql as $$ begin {} end $$"
CASES = [
    Case(
        FunctionCallable("price(text)", arguments="pro", returns=9),
        PRICE.format("return 9;"),
        PRICE.format("return 10;").replace("create", "create or replace"),
        "public.price(text) gives 10, not 9",
        PRICE.format("return 9;").replace("create", "create or replace"),
    ),
    Case(
        FunctionCallable("price(text)", arguments="gold", raises="no such plan"),
        PRICE.format("raise 'no such plan: %', plan;"),
        PRICE.format("return 0;").replace("create", "create or replace"),
        "public.price(text) lets the call through",
        PRICE.format("raise 'no such plan';").replace("create", "create or replace"),
    ),
    Case(
        FunctionCallable("price(text)", role="pgc_guest", arguments="gold", raises="42501"),
        "create role pgc_guest;" + PRICE.format("return 0;") + "; revoke execute on function price from public",
        "grant execute on function price to pgc_guest",
        "lets the call as pgc_guest through",
        "revoke execute on function price from pgc_guest",
    ),
    Case(
        FunctionCallable(TOTAL, role="pgc_user"),
        SETUP + f"revoke all on function {TOTAL} from public; grant execute on function {TOTAL} to pgc_user",
        f"revoke execute on function {TOTAL} from pgc_user",
        "pgc_user may not execute app.total(integer, integer)",
    ),
    Case(
        FunctionCallable("app.total", role="pgc_user"),
        SETUP,
        "revoke usage on schema app from pgc_user",
        "pgc_user may not use the schema of app.total(integer, integer)",
    ),
    Case(
        FunctionCallable("app.hit(int)", arguments=[1]),
        SETUP,
        "drop table app.hits",
        'app.hit(integer) fails when it is called: relation "app.hits" does not exist',
        "create table app.hits (n int)",
    ),
    Case(
        FunctionCallable("app.hit(int)", role="pgc_user", arguments=[-1]),
        SETUP.replace("check (n >= 0)", ""),
        "alter table app.hits add check (n >= 0)",
        "fails when it is called as pgc_user: new row",
        "alter table app.hits drop constraint hits_n_check",
        name="given arguments that the function refuses",
    ),
    Case(
        FunctionCallable("mine()", role="pgc_user", claims={"sub": "ann"}),
        "create role pgc_user; create function mine() returns text stable language plpgsql as "
        "$$ begin return (current_setting('request.jwt.claims')::json ->> 'sub')::varchar; end $$",
        "create or replace function mine() returns text stable language plpgsql as "
        "$$ begin return (current_setting('request.jwt.claims')::json ->> 'sub')::uuid; end $$",
        'invalid input syntax for type uuid: "ann"',
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def plain(arguments: str, body: str = "select 1", returns: str = "int", more: str = "stable") -> str:
    return f"create function f({arguments}) returns {returns} {more} language sql as $$ {body} $$"


def plpgsql(arguments: str, body: str, more: str = "stable") -> str:
    return f"create function f({arguments}) returns int {more} language plpgsql as $$ begin {body}; end $$"


@pytest.mark.parametrize(
    ("setup", "arguments", "status", "words"),
    [
        (plain("a int, b text, c uuid, d jsonb, e date, f timestamptz, g text[], h numeric(3,1)"), (), "passed", ""),
        (plain("a jsonb", "select (a ->> 'x')::int / 1"), [{"x": 5}], "passed", ""),
        (plain("a jsonb", "select jsonb_array_length(a)"), [[1, {"x": None}]], "passed", ""),
        (plain("a json", "select 1 / (case when a::text = 'true' then 1 else 0 end)"), [True], "passed", ""),
        (plain("a jsonb[]", "select 1 / (a[1] ->> 'x')::int"), [[{"x": 1}]], "passed", ""),
        (plain("a uuid[]", "select 1 / (array_length(a, 1) - 1)"), [[str(uuid.UUID(int=1)), None]], "passed", ""),
        (plain("a uuid"), [uuid.UUID(int=1)], "passed", ""),
        (plain("a numeric, b date"), [Decimal("1.5"), dt.date(2000, 1, 1)], "passed", ""),
        (plain("a text, b boolean, c smallint, d money"), [5, True, 7, 1.5], "passed", ""),
        (plain("a int"), ["five"], "failed", "invalid input syntax"),
        (plain("a int"), [1, 2], "failed", "takes 1 arguments, not 2"),
        (plain("a int, variadic b int[]", "select b[2]"), [1, 2, 3], "passed", ""),
        (plain("a int, variadic b int[]", "select b[2]"), [1, [2, 3]], "passed", ""),
        (plain("a int, variadic b int[]", "select a"), (), "passed", ""),
        (plain("variadic b text[]", "select 1"), ["one"], "passed", ""),
        (plain("a anyelement, b anyarray", "select 1"), (), "passed", ""),
        (plain("a int, b int default 2, c text default 'x'"), [1], "passed", ""),
        (plain("out a int, out b text", "select 1, 'x'", "record"), (), "passed", ""),
        (plain("", "select 1, 2", "record"), (), "passed", ""),
        (plain("", "select 1, 2", "setof record"), (), "passed", ""),
        (plain("", "select n from generate_series(1, 3) n", "setof int"), (), "passed", ""),
        (plain("", "select 1", "table (n int)"), (), "passed", ""),
        (plain("a xml", more="stable strict"), (), "skipped", "does nothing when an argument is NULL"),
        (plain("a xml", more="stable strict"), [None], "passed", ""),
        (plpgsql("a int", "if a = 0 then raise 'no zero'; end if; return a"), (), "skipped", "refuses made-up"),
        (plpgsql("a int", "if a = 0 then raise 'no zero'; end if; return a"), [1], "passed", ""),
        (plpgsql("a int", "return 1 / a"), (), "skipped", "division by zero"),
        (plpgsql("a int", "return (select count(*) from nowhere)"), (), "failed", 'relation "nowhere" does not exist'),
        (plpgsql("", "raise 'always'"), (), "failed", "always"),
        (plain("", "select 1", more="volatile"), (), "skipped", "volatile"),
        (
            "create table hits (n int); create function g() returns int volatile language sql as "
            "'insert into hits values (1) returning n';" + plpgsql("", "return g()"),
            (),
            "skipped",
            "allow it with --probes rollback",
        ),
        ("create procedure f(a int) language sql as 'select 1'", (), "skipped", "volatile"),
        ("create function f() returns trigger language plpgsql as 'begin return new; end'", (), "skipped", "trigger"),
        ("create aggregate f(text) (sfunc = textcat, stype = text)", (), "skipped", "aggregate"),
        ("", (), "skipped", "function public.f, which does not exist"),
        (plain("") + ";" + plain("a int"), (), "skipped", "public.f"),
    ],
    ids=str,
)
def test_calls_that_only_read(judge: Any, setup: str, arguments: Any, status: str, words: str) -> None:
    outcome = judge(setup, FunctionCallable("f", arguments=arguments), probes="read")
    said = f"{outcome.reason} {' '.join(finding.message for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


@pytest.mark.parametrize(
    ("setup", "arguments", "status", "words"),
    [
        (plain("", "select 1", more="volatile"), (), "passed", ""),
        ("create procedure f(a int, b text default 'x') language sql as 'select 1'", (), "passed", ""),
        ("create procedure f(a int, inout b int) language sql as 'select 1'", [1], "passed", ""),
        ("create procedure f() language plpgsql as 'begin commit; end'", (), "skipped", "ends transactions itself"),
        (plpgsql("", "return nextval('nowhere')", "volatile"), (), "failed", "nowhere"),
    ],
    ids=str,
)
def test_calls_that_write(judge: Any, setup: str, arguments: Any, status: str, words: str) -> None:
    outcome = judge(setup, FunctionCallable("f", arguments=arguments))
    said = f"{outcome.reason} {' '.join(finding.message for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("arguments", ["a int, out b int", "out b int, a int"])
def test_procedures_with_out_arguments(judge: Any, arguments: str) -> None:
    setup = f"create procedure f({arguments}) language sql as 'select 1'"
    outcome = judge(setup, FunctionCallable("f", arguments=[1]))
    assert outcome.status == "passed", outcome


@pytest.mark.parametrize("arguments", ["", "a int", 'a "100%"'])
def test_percent_signs_are_no_placeholders(judge: Any, arguments: str) -> None:
    setup = f'create domain "100%" as int; create function "%s 100%"({arguments}) returns int stable language sql as '
    outcome = judge(setup + "'select 1'", FunctionCallable('"%s 100%"'))
    assert outcome.status == "passed", outcome


@pytest.mark.parametrize(
    ("setup", "expected", "status", "words"),
    [
        (plain("", "select null::int"), {"returns": [None]}, "passed", ""),
        (plain("", "select n from generate_series(1, 3) n", "setof int"), {"returns": [3, 2, 1]}, "passed", ""),
        (plain("", "select n from generate_series(1, 3) n", "setof int"), {"returns": [1, 2]}, "failed", "1, 2, 3"),
        (plain("", "select 1, 'x'", "table (n int, t text)"), {"returns": [[1, "x"]]}, "passed", ""),
        (plain("", "select jsonb_build_object('a', 1)", "jsonb"), {"returns": {"a": 1}}, "passed", ""),
        (plain("", "select array[1, 2]", "int[]"), {"returns": [[[1, 2]]]}, "passed", ""),
        ("create procedure f(inout a int) language sql as 'select 5'", {"returns": 5}, "passed", ""),
        (plpgsql("", "raise 'always'"), {"raises": "P0001"}, "passed", ""),
        (plpgsql("a int", "return 1 / a"), {"raises": "22012"}, "passed", ""),
        (plpgsql("", "raise 'always'"), {"raises": "22012"}, "failed", "by another error: always"),
        (plpgsql("", "raise 'always'"), {"returns": 1}, "failed", "fails when it is called: always"),
    ],
    ids=str,
)
def test_what_comes_back(judge: Any, setup: str, expected: Any, status: str, words: str) -> None:
    outcome = judge(setup, FunctionCallable("f", **expected))
    said = f"{outcome.reason} {' '.join(finding.message for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


def test_principals_of_the_contract_call(lab: psycopg.Connection[Any]) -> None:
    ann = Principal("ann", "pgc_user", {"sub": "1"}, {"app.tenant": "7"})
    query = "select (current_setting('request.jwt.claims')::json ->> 'sub') || current_setting('app.tenant')"
    with lab.transaction(force_rollback=True):
        lab.execute(f"create role pgc_user; {plain('', query, 'text')}".encode())
        asks = [
            FunctionCallable("f", role="ann", returns="17"),
            FunctionCallable("f", role="ann", claims={"sub": "2"}, returns="27"),
        ]
        report = verify(Suite("who", asks, principals=[ann]), lab)
        assert [outcome.status for outcome in report.outcomes] == ["passed", "passed"], report.outcomes


def test_it_returns_or_raises() -> None:
    with pytest.raises(ValidationError, match="it either returns something or raises an error"):
        FunctionCallable("f", returns=1, raises="22012")


@pytest.mark.parametrize("arguments", [{"a": 1}, 5])
def test_arguments_are_a_list(arguments: Any) -> None:
    with pytest.raises(ValidationError):
        FunctionCallable("f", arguments=arguments)


def test_one_argument_may_stand_alone() -> None:
    assert FunctionCallable("f", arguments="text") == FunctionCallable("f", arguments=["text"])


def test_equal_claims_hash_alike() -> None:
    one, other = FunctionCallable("f", claims={"a": 1, "b": 2}), FunctionCallable("f", claims={"b": 2, "a": 1})
    assert one == other
    assert hash(one) == hash(other)
