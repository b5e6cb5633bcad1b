from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import OwnerIs
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_mine superuser; create role pgc_other superuser; -- event triggers and wrappers are superusers'
create schema app authorization pgc_mine;
create table app.notes (id serial, body text); create index by_body on app.notes (body);
alter table app.notes owner to pgc_mine;
create view app.v as select 1 as a; alter view app.v owner to pgc_mine;
create materialized view app.m as select 1 as a; alter materialized view app.m owner to pgc_mine;
create sequence app.s; alter sequence app.s owner to pgc_mine;
create function app.f(int) returns int language sql as 'select 1'; alter function app.f owner to pgc_mine;
create type app.mood as enum ('sad'); alter type app.mood owner to pgc_mine;
create type app.pair as (a int); alter type app.pair owner to pgc_mine;
create domain app.nick as text; alter domain app.nick owner to pgc_mine;
create collation app.c from "C"; alter collation app.c owner to pgc_mine;
create statistics app.stats on id, body from app.notes; alter statistics app.stats owner to pgc_mine;
create operator class app.ops for type int using hash as operator 1 =, function 1 hashint4(int);
alter operator class app.ops using hash owner to pgc_mine;
create language pgc_language handler plpgsql_call_handler; alter language pgc_language owner to pgc_mine;
alter tablespace pg_default owner to pgc_mine;
create operator app.=== (leftarg = int, rightarg = int, function = int4eq);
alter operator app.=== (int, int) owner to pgc_mine;
create text search configuration app.english (copy = pg_catalog.english);
alter text search configuration app.english owner to pgc_mine;
create text search dictionary app.plain (template = pg_catalog.simple);
alter text search dictionary app.plain owner to pgc_mine;
create foreign data wrapper pgc_wrapper; alter foreign data wrapper pgc_wrapper owner to pgc_mine;
create server pgc_server foreign data wrapper pgc_wrapper; alter server pgc_server owner to pgc_mine;
create foreign table app.far (a int) server pgc_server; alter foreign table app.far owner to pgc_mine;
create function app.happened() returns event_trigger language plpgsql as 'begin end';
create event trigger pgc_event on ddl_command_end when tag in ('DROP OWNED') execute function app.happened();
alter event trigger pgc_event owner to pgc_mine;
create publication pgc_news; alter publication pgc_news owner to pgc_mine;
create subscription pgc_feed connection 'host=nowhere' publication news with (connect = false, slot_name = none);
alter subscription pgc_feed owner to pgc_mine;
create procedure app.p() language sql as ''; alter procedure app.p owner to pgc_mine;
create aggregate app.total(int) (sfunc = int4pl, stype = int); alter aggregate app.total(int) owner to pgc_mine;
"""
OBJECTS = [
    (("schema", "app"), "schema app"),
    (("table", "app.notes"), "table app.notes"),
    (("relation", "app.m"), "materialized view app.m"),
    (("view", "app.v"), "view app.v"),
    (("materialized view", "app.m"), "materialized view app.m"),
    (("sequence", "app.s"), "sequence app.s"),
    (("function", "app.f(int4)"), "function app.f(int)"),
    (("function", "app.f"), "function app.f(int)"),
    (("type", "app.mood"), "type app.mood"),
    (("domain", "app.nick"), "domain app.nick"),
    (("composite type", "app.pair"), "type app.pair"),
    (("collation", "app.c"), "collation app.c"),
    (("statistics", "app.stats"), "statistics app.stats"),
    (("operator class", "app.ops"), "operator class app.ops using hash"),
    (("language", "pgc_language"), "language pgc_language"),
    (("tablespace", "pg_default"), "tablespace pg_default"),
    (("operator", "app.=== (int4, int)"), "operator app.=== (int, int)"),
    (("text search configuration", "app.english"), "text search configuration app.english"),
    (("text search dictionary", "app.plain"), "text search dictionary app.plain"),
    (("foreign data wrapper", "pgc_wrapper"), "foreign data wrapper pgc_wrapper"),
    (("server", "pgc_server"), "server pgc_server"),
    (("foreign table", "app.far"), "foreign table app.far"),
    (("event trigger", "pgc_event"), "event trigger pgc_event"),
    (("publication", "pgc_news"), "publication pgc_news"),
    (("subscription", "pgc_feed"), "subscription pgc_feed"),
    (("procedure", "app.p"), "procedure app.p()"),
    (("aggregate", "app.total"), "aggregate app.total(int)"),
]
CASES = [
    *(
        Case(OwnerIs(*named, "pgc_mine"), SETUP, f"alter {words} owner to pgc_other", "is pgc_other, not pgc_mine")
        for named, words in OBJECTS
    ),
    Case(
        OwnerIs("index", "by_body", "pgc_mine", of="app.notes"),
        SETUP,
        "alter table app.notes owner to pgc_other",
        "owner of index app.notes.by_body is pgc_other",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (OwnerIs("view", "app.notes", "pgc_mine"), "skipped"),
        (OwnerIs("extension", "plpgsql", "pgc_mine"), "failed"),
        (OwnerIs("table", "app.notes", "pgc_nobody"), "failed"),
        (OwnerIs("sequence", "app.notes_id_seq", "pgc_other"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert outcome.status == status
    if expectation.subject.endswith("_seq"):
        assert outcome.findings[0].repair == ()
        assert "its table" in outcome.findings[0].hint


def test_the_database_that_is_looked_at(lab: psycopg.Connection[Any], judge: Any) -> None:
    name = lab.info.dbname
    given = f"{SETUP}; alter database {name} owner to pgc_mine"
    assert judge(given, OwnerIs("database", name, "pgc_mine")).status == "passed"
    (finding,) = judge(given, OwnerIs("database", name, "pgc_other")).findings
    assert finding.repair[0].sql == f"alter database {name} owner to pgc_other;"


@pytest.mark.parametrize(
    ("noun", "name", "of"),
    [("cast", "a as b", None), ("domain constraint", "c", "app.d"), ("rule", "r", "t"), ("role", "r", None)],
)
def test_what_has_no_owner_is_refused(noun: str, name: str, of: str | None) -> None:
    with pytest.raises(ValidationError, match="has no owner of its own"):
        OwnerIs(noun, name, "b", of=of)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="has no owner of its own"):
        OwnerIs("column", "a", "b", of="t")
    with pytest.raises(ValidationError, match="of no table"):
        OwnerIs("table", "a", "b", of="t")
