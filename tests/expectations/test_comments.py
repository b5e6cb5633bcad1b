from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CommentIs
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create schema app;
create table app.notes (id int, body text, constraint positive check (id > 0));
create index by_body on app.notes (body);
create view app.v as select 1 as a; create sequence app.s; create materialized view app.m as select 1 as a;
create function app.f(int) returns int language sql as 'select 1'; create procedure app.p() language sql as '';
create aggregate app.total(int) (sfunc = int4pl, stype = int);
create policy mine on app.notes;
create extension citext schema app;
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create function app.happened() returns event_trigger language plpgsql as 'begin end';
create trigger touch before update on app.notes for each row execute function app.touch();
create rule "No, del" as on delete to app.notes do instead nothing;
create type app.mood as enum ('sad'); create type app.pair as (a int); create type app.span as range (subtype = int);
create domain app.nick as text constraint "not, empty" check (value <> '');
create cast (app.mood as int) with inout;
create operator app.=== (leftarg = int, rightarg = int, function = int4eq);
create operator app.!!! (rightarg = int, function = app.f);
create operator class app.ops for type int using hash as operator 1 =, function 1 hashint4(int);
create collation app.c from "C"; create language pgc_language handler plpgsql_call_handler;
create statistics app.stats on id, body from app.notes;
create text search configuration app.english (copy = pg_catalog.english);
create text search dictionary app.plain (template = pg_catalog.simple);
create foreign data wrapper pgc_wrapper; create server pgc_server foreign data wrapper pgc_wrapper;
create foreign table app.far (a int) server pgc_server;
create event trigger pgc_event on ddl_command_end when tag in ('DROP OWNED') execute function app.happened();
create publication pgc_news; create role pgc_described;
create subscription pgc_feed connection 'host=nowhere' publication news with (connect = false, slot_name = none);
"""
OBJECTS: list[tuple[tuple[str, str], str | None, str]] = [
    (("schema", "app"), None, "schema app"),
    (("table", "app.notes"), None, "table app.notes"),
    (("view", "app.v"), None, "view app.v"),
    (("materialized view", "app.m"), None, "materialized view app.m"),
    (("foreign table", "app.far"), None, "foreign table app.far"),
    (("sequence", "app.s"), None, "sequence app.s"),
    (("function", "app.f(int4)"), None, "function app.f(int)"),
    (("procedure", "app.p()"), None, "procedure app.p()"),
    (("aggregate", "app.total(int)"), None, "aggregate app.total(int)"),
    (("extension", "citext"), None, "extension citext"),
    (("enum", "app.mood"), None, "type app.mood"),
    (("composite type", "app.pair"), None, "type app.pair"),
    (("range type", "app.span"), None, "type app.span"),
    (("domain", "app.nick"), None, "domain app.nick"),
    (("domain constraint", "not, empty"), "app.nick", 'constraint "not, empty" on domain app.nick'),
    (("cast", "app.mood as int4"), None, "cast (app.mood as int)"),
    (("operator", "app.=== (int4, int)"), None, "operator app.=== (int, int)"),
    (("operator", "app.!!! (none, int)"), None, "operator app.!!! (none, int)"),
    (("operator class", "app.ops"), None, "operator class app.ops using hash"),
    (("collation", "app.c"), None, "collation app.c"),
    (("language", "pgc_language"), None, "language pgc_language"),
    (("tablespace", "pg_default"), None, "tablespace pg_default"),
    (("statistics", "app.stats"), None, "statistics app.stats"),
    (("text search configuration", "app.english"), None, "text search configuration app.english"),
    (("text search dictionary", "app.plain"), None, "text search dictionary app.plain"),
    (("foreign data wrapper", "pgc_wrapper"), None, "foreign data wrapper pgc_wrapper"),
    (("server", "pgc_server"), None, "server pgc_server"),
    (("event trigger", "pgc_event"), None, "event trigger pgc_event"),
    (("publication", "pgc_news"), None, "publication pgc_news"),
    (("subscription", "pgc_feed"), None, "subscription pgc_feed"),
    (("role", "pgc_described"), None, "role pgc_described"),
    (("group", "pgc_described"), None, "role pgc_described"),
    (("column", "body"), "app.notes", "column app.notes.body"),
    (("check constraint", "positive"), "app.notes", "constraint positive on app.notes"),
    (("index", "by_body"), "app.notes", "index app.by_body"),
    (("policy", "mine"), "app.notes", "policy mine on app.notes"),
    (("trigger", "touch"), "app.notes", "trigger touch on app.notes"),
    (("rule", "No, del"), "app.notes", 'rule "No, del" on app.notes'),
]
CASES = [
    *(
        Case(
            CommentIs(*named, "it's \\ said", of),
            f"{SETUP}; comment on {words} is 'it''s \\ said'",
            f"comment on {words} is 'other'",
            "is other, not it's \\ said",
        )
        for named, of, words in OBJECTS
    ),
    Case(CommentIs("view", "app.v", None), SETUP, "comment on view app.v is 'some'", "is some, not none"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_an_empty_comment_is_none(judge: Any) -> None:
    assert judge(SETUP, CommentIs("view", "app.v", "")).status == "passed"
    assert judge(SETUP, CommentIs("table", "app.v", "")).status == "skipped"


def test_the_database_that_is_looked_at(lab: psycopg.Connection[Any], judge: Any) -> None:
    name = lab.info.dbname
    comment = f"comment on database {name} is 'ours'"
    assert judge(comment, CommentIs("database", name, "ours")).status == "passed"
    (finding,) = judge(comment, CommentIs("database", name, "theirs")).findings
    assert finding.repair[0].sql == f"comment on database {name} is 'theirs';"
    assert judge(comment, CommentIs("database", "another", "ours")).status == "skipped"


@pytest.mark.parametrize(
    ("expectation", "missing"),
    [
        (CommentIs("cast", "int as date", "x"), "cast (integer AS date)"),
        (CommentIs("operator", "app.=== (int, text)", "x"), "operator app.=== (integer, text)"),
        (CommentIs("domain constraint", "no", "x", of="app.nick"), "domain constraint app.nick.no"),
        (CommentIs("domain constraint", "no", "x", of="app.nil"), "type app.nil"),
        (CommentIs("rule", "nix", "x", of="app.notes"), "rule app.notes.nix"),
    ],
    ids=repr,
)
def test_what_is_missing_is_said_to_be(judge: Any, expectation: CommentIs, missing: str) -> None:
    outcome = judge(SETUP, expectation)
    assert outcome.status == "skipped"
    assert outcome.reason == f"requires {missing}, which does not exist"


@pytest.mark.parametrize(
    ("noun", "name", "of", "complaint"),
    [
        ("cast", "text", None, "is no cast"),
        ("operator", "===", None, "is no operator"),
        ("domain constraint", "c", None, "which domain's constraint"),
        ("database", "d", "app.notes", "is of no table"),
        ("database", " ", None, "is empty"),
        ("colunm", "c", "app.notes", "Perhaps you meant column"),
    ],
)
def test_what_cannot_be_is_refused(noun: str, name: str, of: str | None, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        CommentIs(noun, name, "x", of=of)
