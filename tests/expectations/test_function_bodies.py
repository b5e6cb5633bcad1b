"""The bodies of functions: what differs, and what replaces them without losing anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import FunctionPresent
from pgcontract.catalog.snapshot import read
from pgcontract.expectations.function_bodies import create_or_replace, digest
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = r"""
create schema "S. %s";
create domain "S. %s"."D" as int;
create table users (id int, name text);
create function total(id uuid, amount int default 1 + 1, note text default 'a, b') returns bigint
    language sql stable strict security definer leakproof parallel safe cost 7
    set "my.Own" = 'it''s, x' set search_path = '' set work_mem = '5MB' as $$
  select 1::bigint -- one
$$;
create function "S. %s"."F. $$"("A b" "S. %s"."D", inout c int, out "D" text) returns setof record rows 7
    language plpgsql set search_path = "$user", "S. %s", public as $body$begin return; end -- $$ it's \ $body$;
create function listed() returns table (id int, name text) language sql as 'select * from public.users';
create function many(variadic xs int[] default '{1,2}') returns int language plpgsql as 'begin return 1; end';
create procedure tidy(inout days int default 3) language plpgsql security definer as 'begin null; end';
"""
SQL_BODY = "select 1::bigint -- one"
ODD = '"S. %s"."F. $$"'
CASES = [
    Case(
        FunctionPresent("total(uuid, int, text)", body=SQL_BODY),
        SETUP,
        "create or replace function total(id uuid, amount int default 2, note text default 'c') returns bigint "
        "language sql stable as 'select 2::bigint'",
        "body of function public.total(uuid, integer, text) differs in line 1",
    ),
    Case(
        FunctionPresent(ODD, body="begin return; end -- $$ it's \\ "),
        SETUP,
        f"""create or replace function {ODD}("A b" "S. %s"."D", inout c int, out "D" text) returns setof record
        language plpgsql as 'begin return; end'""",
        f"body of function {ODD} differs in line 1".split(" differs", maxsplit=1)[0],
    ),
    Case(
        FunctionPresent("tidy", body="begin null; end"),
        SETUP,
        "create or replace procedure tidy(inout days int default 3) language plpgsql as 'begin\n null; end'",
        "body of function public.tidy(integer) differs in line 1",
    ),
    Case(
        FunctionPresent("listed", body="\r\nselect * from public.users\r\n"),
        SETUP,
        "create or replace function listed() returns table (id int, name text) language sql as 'select 1, null::text'",
        "body",
    ),
    Case(
        FunctionPresent("many", body=digest("begin return 1; end")),
        SETUP,
        "create or replace function many(variadic xs int[] default '{}') returns int language plpgsql as 'begin end'",
        "body of function public.many(integer[]) is another than sha256:",
    ),
]
STANDARD = """
create table users (id int, name text);
create function twice(n int, m int default 3) returns int return n * 2;
create function twice(n text, m int default 3) returns text return n || m;
create procedure put(who text) begin atomic insert into public.users (name) values (who); delete from users; end;
"""
STANDARD_CASES = [
    Case(
        FunctionPresent("twice(integer, integer)", body="return (n*2)"),
        STANDARD,
        "create or replace function twice(n int, m int default 3) returns int return n * 3",
        "body of function public.twice(integer, integer) differs in line 1",
    ),
    Case(
        FunctionPresent("put", body="Begin Atomic insert into users(name) values (who); delete from users; End"),
        STANDARD,
        "create or replace procedure put(who text) begin atomic delete from users; end",
        "body of function public.put(text) differs in line 2",
    ),
    Case(
        FunctionPresent("twice(text, integer)", body="select n || m"),
        STANDARD.replace("text return n || m", "text language sql as 'select n || m'"),
        "create or replace function twice(n text, m int default 3) returns text return n || m",
        "body",
    ),
    Case(
        FunctionPresent("twice(text, integer)", body="return n || m;"),
        STANDARD,
        "create or replace function twice(n text, m int default 3) returns text language sql as 'select n || m'",
        "body",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("case", STANDARD_CASES, ids=str)
def test_bodies_in_the_standard_form(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (FunctionPresent("total(uuid, int, text)", body=f"\n  {SQL_BODY}\n"), "passed"),
        (FunctionPresent("total(uuid, int, text)", body=f"\r\n{SQL_BODY}\r\n"), "passed"),
        (FunctionPresent("total(uuid, int, text)", body=digest(f"{SQL_BODY} ")), "passed"),
        (FunctionPresent("total(uuid, int, text)", body=SQL_BODY.upper()), "failed"),
        (FunctionPresent("total(uuid, int, text)", body=f"{SQL_BODY} "), "passed"),
        (FunctionPresent("total(uuid, int, text)", body="select 1::bigint  -- one"), "failed"),
        (FunctionPresent("total(uuid, int, text)", body=digest("select 1")), "failed"),
        (FunctionPresent("total(uuid, int, text)", body="return 1"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize(
    ("function", "body", "status"),
    [
        ("twice(integer, integer)", "return n  *  2", "passed"),
        ("twice(integer, integer)", "RETURN (N * 2);", "passed"),
        ("twice(integer, integer)", "return n * 2.0", "failed"),
        ("twice(integer, integer)", "return 2 * n", "failed"),
        ("twice(integer, integer)", "select n * 2", "failed"),
        ("twice(integer, integer)", "return no_such * 2", "failed"),
        ("twice(integer, integer)", "return n * 2; drop table users", "errored"),
        ("twice(integer, integer)", "return n * 2 immutable", "errored"),
        ("put", "begin atomic insert into public.users (name) values (who); end; delete from users; end", "errored"),
    ],
)
def test_near_misses_in_the_standard_form(judge: Any, function: str, body: str, status: str) -> None:
    outcome = judge(STANDARD, FunctionPresent(function, body=body))
    assert (outcome.status, outcome.findings) == (status, outcome.findings)


@pytest.mark.parametrize(
    "name", ["total", ODD, "listed", "many", "tidy", pytest.param("twice", marks=pytest.mark.pg(">= 14")), "windowed"]
)
def test_nothing_else_is_lost_by_a_repair(lab: psycopg.Connection[Any], name: str) -> None:
    """What the repair says, beside the body, is what Postgres itself says of the function."""
    window = "create function windowed() returns bigint language internal window immutable as 'window_row_number';"
    with lab.transaction(force_rollback=True):
        lab.execute(SETUP.encode())
        lab.execute((window + (STANDARD.split(";", 1)[1] if name == "twice" else "")).encode())
        before = lab.execute("select oid, pg_get_functiondef(oid) from pg_proc where oid > 16384 and prokind <> 'a'")
        definitions = dict(before.fetchall())
        catalog = read(lab)
        for function in catalog.functions.values():
            if function.name.endswith(name) and function.extension is None:
                lab.execute(create_or_replace(function, function.source or "").encode(), prepare=False)
        for oid, text in definitions.items():
            assert lab.execute("select pg_get_functiondef(%s)", [oid]).fetchone() == (text,)


def test_a_body_that_is_a_symbol_is_not_replaced(judge: Any) -> None:
    made = "create function windowed() returns bigint language internal window as 'window_row_number';"
    (finding,) = judge(made, FunctionPresent("windowed", body="window_rank")).findings
    assert finding.repair == ()
    assert "symbol" in finding.hint
