from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ObjectAbsent
from pgcontract.contract.describe import sentence
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table users (id int, name text, other int);
create foreign data wrapper pgc_there;
create function fires() returns event_trigger language plpgsql as 'begin end';
create function touch() returns trigger language plpgsql as 'begin return new; end';
"""
ONE = "language sql as 'select 1'"
FIRES = "before insert on users for each row execute function touch()"
DROPS = "on sql_drop execute function fires()"
CLASS = "operator 1 =, function 1 hashint4(int)"
BROKEN: list[tuple[str, list[Any], str, str]] = [
    ("schema", ["old"], "create schema old", "schema old exists"),
    ("Table", ["old"], "create table old ()", "table public.old exists"),
    ("table", ["old"], "create table old (a int) partition by list (a)", "table public.old exists"),
    ("relation", ["old"], "create materialized view old as select 1 as a", "relation public.old exists"),
    ("view", ["old"], "create view old as select 1 as a", "view public.old exists"),
    ("sequence", ["old"], "create sequence old", "sequence public.old exists"),
    ("function", ["old"], f"create function old(a int) returns int {ONE}", "public.old(integer)"),
    ("function", ["old(int)"], f"create function old(int) returns int {ONE}", "(integer)"),
    ("routine", ["old"], "create procedure old() language sql as 'select 1'", "routine public.old() exists"),
    ("aggregate", ["old"], "create aggregate old(int) (sfunc = int4pl, stype = int)", "public.old(integer)"),
    ("extension", ["citext"], "create extension citext", "extension citext exists"),
    ("role", ["pgc_old"], "create role pgc_old", "role pgc_old exists"),
    ("user", ["pgc_old"], "create role pgc_old login", "user pgc_old exists"),
    ("group", ["pgc_old"], "create role pgc_old", "group pgc_old exists"),
    ("column", ["old", "users"], "alter table users add old int", "column old of public.users exists"),
    ("primary key", [None, "users"], "alter table users add primary key (id)", "users_pkey"),
    (
        "foreign key",
        [None, "users"],
        "alter table users add unique (id), add foreign key (id) references users (id)",
        "users_id_fkey",
    ),
    ("constraint", ["old", "users"], "alter table users add constraint old check (id > 0)", "constraint old"),
    ("index", ["old", "users"], "create index old on users (id)", "index old of public.users exists"),
    ("policy", [None, "users"], "create policy old on users", "policy old of public.users exists"),
    ("trigger", ["old", "users"], f"create trigger old {FIRES}", "trigger old"),
    ("type", ["old"], "create type old as (a int)", "type public.old exists"),
    ("type", ["old"], "create domain old as int", "type public.old exists"),
    ("enum", ["old"], "create type old as enum ('a')", "enum public.old exists"),
    ("composite type", ["old"], "create type old as (a int)", "composite type public.old exists"),
    ("domain", ["old"], "create domain old as int", "domain public.old exists"),
    ("range type", ["old"], "create type old as range (subtype = int4)", "range type public.old exists"),
    ("collation", ["old"], 'create collation old from "C"', "collation public.old exists"),
    ("statistics", ["old"], "create statistics old on id, name from users", "statistics public.old exists"),
    ("operator class", ["old"], f"create operator class old for type int using hash as {CLASS}", "operator class"),
    ("language", ["pgc_old"], "create language pgc_old handler plpgsql_call_handler", "language pgc_old"),
    ("foreign data wrapper", ["pgc_old"], "create foreign data wrapper pgc_old", "wrapper pgc_old exists"),
    ("server", ["pgc_old"], "create server pgc_old foreign data wrapper pgc_there", "server pgc_old exists"),
    (
        "event trigger",
        ["pgc_old"],
        f"create event trigger pgc_old {DROPS}",
        "event trigger",
    ),
    ("publication", ["pgc_old"], "create publication pgc_old", "publication pgc_old exists"),
]
CASES = [Case(ObjectAbsent(noun, *rest), SETUP, broken, mentions) for noun, rest, broken, mentions in BROKEN] + [
    Case(
        ObjectAbsent("unique constraint", of="users", columns=["id", "name"]),
        SETUP + "alter table users add unique (id), add unique (name, other)",
        "alter table users add constraint pair unique (name, id)",
        "unique constraint pair of public.users exists",
    ),
    Case(
        ObjectAbsent("index", of="users", columns="id"),
        SETUP + "create index on users (id, name)",
        "create index on users (id)",
        "users_id_idx",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "expectation", "status"),
    [
        ("create view v as select 1 as a", ObjectAbsent("table", "v"), "passed"),
        ("create role pgc_old", ObjectAbsent("user", "pgc_old"), "passed"),
        ("", ObjectAbsent("table", "nowhere.t"), "passed"),
        ("", ObjectAbsent("column", "a", of="nothing"), "skipped"),
        (f"create function f(int) returns int {ONE}", ObjectAbsent("function", "f(text)"), "passed"),
        (f"create function f(int) returns int {ONE}", ObjectAbsent("procedure", "f(int)"), "passed"),
        ("", ObjectAbsent("function", "touch"), "failed"),
    ],
    ids=str,
)
def test_near_misses(judge: Any, setup: str, expectation: Expectation, status: str) -> None:
    assert judge(SETUP + setup, expectation).status == status


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("tabel", "t"), "Perhaps you meant table"),
        (("table",), "say the name of the table"),
        (("table", "t", "u"), "a table is of no table"),
        (("column", "c"), "say in `of` which table's column"),
        (("column", "c", "t", ["a"]), "no columns of its own"),
        (("role", " "), "is empty"),
        (("table", "a.b.c"), "has 3 parts"),
    ],
)
def test_what_cannot_be_is_refused(fields: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ObjectAbsent(*fields)


def test_it_is_said_in_words() -> None:
    assert sentence(ObjectAbsent("view", "v").placed("app")) == "There is no such view (name app.v)"
    assert ObjectAbsent("trigger", "My t", of="users").placed("app").subject == 'app.users."My t"'
