from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import AclIs
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create role pgc_ann; create role pgc_bob; create schema app authorization pgc_bob; create sequence app.s;
create table app.notes (id int, body text); create view app.seen as select 1 as one;
create domain app.positive as int; create function app.total(int) returns int language sql as 'select 1';
create foreign data wrapper pgc_wrapper; create server pgc_server foreign data wrapper pgc_wrapper;
grant select, insert on app.notes to pgc_ann; grant update (body) on app.notes to pgc_ann with grant option;
grant all on app.seen to pgc_ann; grant usage on sequence app.s to public; alter table app.notes owner to pgc_bob;
revoke all on app.notes from pgc_bob; grant select on app.notes to pgc_bob;
"""
NOTES = AclIs(
    "table",
    "app.notes",
    {"pgc_ann": ["SELECT", "insert"], "pgc_bob": "SELECT"},
    columns={"body": {"pgc_ann": "update with grant option"}},
)
SEEN = AclIs("view", "app.seen", {"pgc_ann": "ALL"})
ONE: list[tuple[AclIs, str, str]] = [
    (NOTES, "grant delete on app.notes to pgc_ann", "pgc_ann was granted DELETE on app.notes"),
    (NOTES, "revoke insert on app.notes from pgc_ann", "pgc_ann was not granted INSERT on app.notes"),
    (NOTES, "grant select on app.notes to public", "PUBLIC was granted SELECT on app.notes"),
    (NOTES, "grant delete on app.notes to pgc_bob", "pgc_bob was granted DELETE"),
    (NOTES, "grant select on app.notes to pgc_ann with grant option", "granted SELECT on app.notes with grant option"),
    (NOTES, "grant select (id) on app.notes to public", "PUBLIC was granted SELECT on app.notes.id"),
    (NOTES, "revoke update (body) on app.notes from pgc_ann", "pgc_ann was not granted UPDATE on app.notes.body"),
    (NOTES, "revoke grant option for update (body) on app.notes from pgc_ann", "app.notes.body without grant option"),
    (SEEN, "revoke trigger on app.seen from pgc_ann", "pgc_ann was not granted TRIGGER"),
    (SEEN, "grant all on app.seen to pgc_ann with grant option", "granted SELECT on app.seen with grant option"),
    (AclIs("sequence", "app.s", {"public": "usage"}), "grant select on sequence app.s to pgc_ann", "sequence app.s"),
    (AclIs("function", "app.total", {"public": "execute"}), "revoke all on function app.total from public", "routine"),
    (AclIs("function", "app.total(int)", {"public": "ALL"}), "grant execute on function app.total to pgc_ann", "EXEC"),
    (AclIs("domain", "app.positive", {"public": "usage"}), "grant usage on domain app.positive to pgc_ann", "domain"),
    (AclIs("schema", "app"), "grant create on schema app to pgc_ann", "CREATE on schema app"),
    (AclIs("schema", "app", {"pgc_bob": "ALL"}), "revoke create on schema app from pgc_bob", "not granted CREATE"),
    (AclIs("language", "plpgsql", {"public": "usage"}), "revoke all on language plpgsql from public", "language"),
    (AclIs("foreign data wrapper", "pgc_wrapper"), "grant all on foreign data wrapper pgc_wrapper to pgc_ann", "USAGE"),
    (AclIs("server", "pgc_server"), "grant usage on foreign server pgc_server to pgc_ann", "foreign server pgc_server"),
    (AclIs("tablespace", "pg_default"), "grant create on tablespace pg_default to pgc_ann", "tablespace pg_default"),
    (AclIs("database", grants={"public": ["CONNECT", "TEMPORARY"]}), """
        do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$
    """, "PUBLIC was not granted TEMPORARY on database"),
]  # fmt: skip
CASES = [
    Case(expectation, SETUP, broken, words, name=f"{expectation.subject}: {broken.strip()[:70]}")
    for expectation, broken, words in ONE
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_what_comes_through_other_roles_is_not_granted(judge: Any) -> None:
    setup = SETUP + "create role pgc_more; grant pgc_ann to pgc_more;"
    assert judge(setup, NOTES).status == "passed"
    assert judge(setup, SEEN.model_copy(update={"grants": {"pgc_more": ("ALL",)}})).status == "failed"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"noun": "index", "name": "i"}, "nothing is granted on a index"),
        ({"noun": "table"}, "say which"),
        ({"noun": "database", "name": "mine"}, "only the one that is looked at"),
        ({"noun": "schema", "name": "app", "columns": {"a": {"b": "select"}}}, "has no columns"),
        ({"noun": "schema", "name": "app", "grants": {"b": "select"}}, "no privilege SELECT there, only CREATE, USAGE"),
        ({"noun": "table", "name": "t", "columns": {"a": {"b": "delete"}}}, "no privilege DELETE there"),
        ({"noun": "table", "name": "t", "grants": {"b": "SELCT"}}, "Perhaps you meant SELECT"),
        ({"noun": "table", "name": "t", "grants": {"b": "select with grant option please"}}, "is not a privilege"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        AclIs.model_validate(fields)
