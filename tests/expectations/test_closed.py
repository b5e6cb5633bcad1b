from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ObjectsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_user login; create role pgc_group;
create schema app;
create table app.notes (id serial, body text, constraint positive check (id > 0));
create index by_body on app.notes (body);
create view app.v as select 1 as a; create materialized view app.m as select 1 as a; create sequence app.s;
create function app.f(int) returns int language sql as 'select 1';
create function app.f() returns int language sql as 'select 1';
create function app.g() returns int language sql as 'select 1';
create policy mine on app.notes;
create extension citext schema app;
"""
NO_SCHEMA = "create view public.unrelated as select 1 as a"
ALONE = f"{SETUP}; drop schema if exists pgcontract_unrelated"
CASES = [
    Case(
        ObjectsAre("schema", ["app"], beside=["public", "auth"]),
        ALONE,
        "create schema more",
        "schema more",
        unrelated=NO_SCHEMA,
    ),
    Case(ObjectsAre("schema", ["public", "app"]), ALONE, "create schema more", "schema more", unrelated=NO_SCHEMA),
    Case(ObjectsAre("sequence", "app.s"), SETUP, "create sequence app.t", "sequence app.t is in schema app"),
    Case(ObjectsAre("view", ["v"], in_schema="app"), SETUP, "drop view app.v", "view app.v is missing from schema app"),
    Case(
        ObjectsAre("materialized view", "app.m"),
        SETUP,
        "create materialized view app.n as select 1 as a",
        "materialized view app.n",
    ),
    Case(
        ObjectsAre("function", ["app.f", "app.g()"]),
        SETUP,
        "create function app.g(int) returns int language sql as 'select 1'",
        "function app.g(integer) is in schema app, but not in the contract",
    ),
    Case(ObjectsAre("function", ["app.f", "app.g()"]), SETUP, "drop function app.g", "function app.g() is missing"),
    Case(ObjectsAre("extension", ["citext"]), SETUP, "create extension btree_gist", "extension btree_gist is in"),
    Case(ObjectsAre("role", ["pgc_user", "pgc_group"], prefix="pgc_"), SETUP, "create role pgc_more", "role pgc_more"),
    Case(ObjectsAre("user", ["pgc_user"], prefix="pgc_"), SETUP, "create role pgc_more login", "user pgc_more"),
    Case(ObjectsAre("group", ["pgc_group"], prefix="pgc_"), SETUP, "create role pgc_more", "group pgc_more"),
    Case(ObjectsAre("index", ["by_body"], of="app.notes"), SETUP, "create index more on app.notes (id)", "index more"),
    Case(ObjectsAre("column", ["id", "body"], of="app.notes"), SETUP, "alter table app.notes add c int", "column c"),
    Case(ObjectsAre("policy", ["mine"], of="app.notes"), SETUP, "drop policy mine on app.notes", "policy mine"),
    Case(ObjectsAre("trigger", [], of="app.notes"), SETUP, """
        create function app.t() returns trigger language plpgsql as 'begin end';
        create trigger t before insert on app.notes for each row execute function app.t()
    """, "trigger t is in app.notes"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ObjectsAre("sequence", ["app.s", "app.notes_id_seq"]), "passed"),
        (ObjectsAre("extension", ["citext", "plpgsql"]), "passed"),
        (ObjectsAre("extension", "plpgsql"), "failed"),
        (ObjectsAre("function", ["app.f(int)", "app.g"]), "failed"),
        (ObjectsAre("view", "nowhere.v"), "skipped"),
        (ObjectsAre("column", "a", of="app.nothing"), "skipped"),
        (ObjectsAre("foreign table", [], in_schema="app"), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"noun": "view", "names": []}, "which schema is to be empty"),
        ({"noun": "view", "names": "a.v", "in_schema": "b"}, "is not in the schema b"),
        ({"noun": "role", "names": "a", "in_schema": "b"}, "in no schema"),
        ({"noun": "index", "names": "a"}, "which table's index"),
        ({"noun": "wiew", "names": "a"}, "Perhaps you meant view"),
    ],
)
def test_what_cannot_be_is_refused(fields: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ObjectsAre(**fields)


RANGE = "create schema app; create type app.span as range (subtype = float8); create function app.f() returns int {}"


def test_functions_of_a_range_go_with_it(judge: Any) -> None:
    setup = RANGE.format("language sql as 'select 1'")
    assert judge(setup, ObjectsAre("function", ["f"], in_schema="app")).status == "passed"
    assert judge(setup, ObjectsAre("function", ["app.f", "app.span"])).status == "passed"
    (extra,) = judge(setup, ObjectsAre("function", [], in_schema="app")).findings
    assert extra.observed == "app.f()"
