from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import PrivilegeGranted, PrivilegeNotGranted
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_ann; create role pgc_group; create role pgc_lonely noinherit;
grant pgc_group to pgc_ann;
create schema app; create sequence app.numbers;
create table app.notes (id int, body text, secret text);
create function app.total(int) returns int language sql as 'select 1';
revoke all on function app.total(int) from public;
"""
ON_NOTES = "grant select, insert on app.notes to pgc_ann;"
OTHERS = """
create type app.mood as enum ('sad'); revoke all on type app.mood from public;
create foreign data wrapper pgc_wrapper; create server pgc_server foreign data wrapper pgc_wrapper;
revoke all on language plpgsql from public;
"""
ON_DATABASE = "do $$ begin execute format('{}', current_database()); end $$"
ON_OTHERS: list[tuple[str, dict[str, Any], str]] = [
    ("USAGE", {"type": "app.mood"}, "type app.mood"),
    ("USAGE", {"language": "plpgsql"}, "language plpgsql"),
    ("USAGE", {"foreign_data_wrapper": "pgc_wrapper"}, "foreign data wrapper pgc_wrapper"),
    ("USAGE", {"server": "pgc_server"}, "foreign server pgc_server"),
    ("CREATE", {"tablespace": "pg_default"}, "tablespace pg_default"),
]
CASES = [
    Case(
        PrivilegeGranted("pgc_ann", ["select", "insert"], table="app.notes"),
        SETUP + ON_NOTES,
        "revoke insert on app.notes from pgc_ann",
        "pgc_ann has no INSERT on app.notes",
    ),
    Case(
        PrivilegeGranted("pgc_ann", "SELECT", table="app.notes"),
        SETUP + "grant select on app.notes to pgc_group",
        "revoke select on app.notes from pgc_group",
        "pgc_ann has no SELECT",
        name="through membership",
    ),
    Case(
        PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns=["id", "body"]),
        SETUP + "grant select (id, body) on app.notes to pgc_ann",
        "revoke select (body) on app.notes from pgc_ann",
        "app.notes.body",
    ),
    Case(
        PrivilegeGranted("pgc_ann", "EXECUTE", function="app.total(int)"),
        SETUP + "grant execute on function app.total(int) to pgc_ann",
        "revoke execute on function app.total(int) from pgc_ann",
        "pgc_ann has no EXECUTE on routine app.total(integer)",
    ),
    Case(
        PrivilegeGranted("pgc_ann", ["USAGE", "SELECT"], sequence="app.numbers"),
        SETUP + "grant all on sequence app.numbers to pgc_ann",
        "revoke usage on sequence app.numbers from pgc_ann",
        "no USAGE on sequence app.numbers",
    ),
    Case(
        PrivilegeGranted("public", "USAGE", on_schema="app"),
        SETUP + "grant usage on schema app to public",
        "revoke usage on schema app from public",
        "PUBLIC has no USAGE on schema app",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", ["UPDATE", "DELETE"], table="app.notes"),
        SETUP + ON_NOTES,
        "grant update, delete on app.notes to pgc_ann",
        ("pgc_ann has UPDATE on app.notes", "pgc_ann has DELETE on app.notes"),
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "SELECT", table="app.notes"),
        SETUP,
        "grant select on app.notes to public",
        "pgc_ann has SELECT on app.notes through PUBLIC",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "SELECT", table="app.notes"),
        SETUP,
        "grant select on app.notes to pgc_group, public, pgc_ann",
        "pgc_ann has SELECT on app.notes",
        name="three ways at once",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "UPDATE", table="app.notes"),
        SETUP,
        "grant update (body) on app.notes to pgc_group",
        "pgc_ann has UPDATE on app.notes (body) through pgc_group",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "SELECT", table="app.notes", columns="secret"),
        SETUP + "grant select (id, body) on app.notes to pgc_ann",
        "grant select on app.notes to pgc_ann; grant select (secret) on app.notes to public",
        "app.notes.secret",
        name="a column, by a grant on the whole table",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "UPDATE", table="app.notes", except_columns="body"),
        SETUP + "grant update (body) on app.notes to pgc_ann",
        "grant update (secret) on app.notes to pgc_ann",
        "app.notes.secret",
    ),
    Case(
        PrivilegeNotGranted("public", "EXECUTE", function="app.total"),
        SETUP,
        "grant execute on function app.total to public",
        "PUBLIC has EXECUTE on routine app.total(integer)",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "UPDATE", sequence="app.numbers"),
        SETUP,
        "grant update on sequence app.numbers to pgc_group",
        "sequence app.numbers through pgc_group",
    ),
    *(
        Case(
            PrivilegeGranted("pgc_ann", privilege, **where),
            f"{SETUP}{OTHERS} grant {privilege} on {words} to pgc_ann",
            f"revoke {privilege} on {words} from pgc_ann",
            f"pgc_ann has no {privilege} on {words}",
        )
        for privilege, where, words in ON_OTHERS
    ),
    Case(
        PrivilegeGranted("pgc_ann", "CREATE", on_database=True),
        SETUP + ON_DATABASE.format("grant create on database %I to pgc_ann"),
        ON_DATABASE.format("revoke create on database %I from pgc_ann"),
        "pgc_ann has no CREATE on database",
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", "CREATE", on_database=True),
        SETUP,
        ON_DATABASE.format("grant create on database %I to pgc_group"),
        "through pgc_group",
        name="on the database",
    ),
    *(
        Case(
            PrivilegeNotGranted("pgc_ann", privilege, **where),
            SETUP + OTHERS,
            f"grant {privilege} on {words} to public",
            f"pgc_ann has {privilege} on {words} through PUBLIC",
        )
        for privilege, where, words in ON_OTHERS
    ),
    Case(
        PrivilegeNotGranted("pgc_ann", ["CREATE", "usage"], on_schema="app"),
        SETUP,
        "grant create on schema app to pgc_ann",
        "pgc_ann has CREATE on schema app",
    ),
    Case(
        PrivilegeGranted("pgc_ann", ["SELECT", "INSERT"], table="app.notes", grant_option=True),
        SETUP + "grant select, insert on app.notes to pgc_ann with grant option",
        "revoke grant option for select on app.notes from pgc_ann; revoke insert on app.notes from pgc_ann",
        ("pgc_ann may not grant SELECT on app.notes to others", "pgc_ann has no INSERT on app.notes"),
        name="with grant option",
    ),
    Case(
        PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns="id", grant_option=False),
        SETUP + "grant select (id) on app.notes to pgc_ann",
        "grant select (id), update (id) on app.notes to pgc_ann with grant option;"
        "grant select on app.notes to pgc_group with grant option",
        "pgc_ann may grant SELECT on app.notes (id) to others",
        name="a column without grant option",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("grants", "expectation", "status"),
    [
        ("", PrivilegeGranted("pgc_ann", "SELECT", table="app.notes"), "failed"),
        ("", PrivilegeGranted("postgres", "TRUNCATE", table="app.notes"), "passed"),
        ("", PrivilegeNotGranted("postgres", "TRUNCATE", table="app.notes"), "failed"),
        (
            "grant pgc_group to pgc_lonely; grant select on app.notes to pgc_group",
            PrivilegeNotGranted("pgc_lonely", "SELECT", table="app.notes"),
            "passed",
        ),
        (
            "grant pgc_group to pgc_lonely; grant select on app.notes to pgc_group",
            PrivilegeGranted("pgc_lonely", "SELECT", table="app.notes"),
            "failed",
        ),
        pytest.param(
            "grant pg_read_all_data to pgc_ann",
            PrivilegeGranted("pgc_ann", "SELECT", table="app.notes"),
            "passed",
            marks=pytest.mark.pg(">= 14"),
        ),
        (
            "grant select (id) on app.notes to pgc_ann",
            PrivilegeGranted("pgc_ann", "SELECT", table="app.notes"),
            "failed",
        ),
        (
            "grant select (id) on app.notes to pgc_ann",
            PrivilegeNotGranted("pgc_ann", "SELECT", table="app.notes", columns="body"),
            "passed",
        ),
        (
            "grant select on app.notes to pgc_ann",
            PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns=["id", "body"]),
            "passed",
        ),
        ("", PrivilegeGranted("postgres", "SELECT", table="app.notes", grant_option=True), "passed"),
        ("", PrivilegeGranted("postgres", "SELECT", table="app.notes", grant_option=False), "failed"),
        (
            "alter table app.notes owner to pgc_group",
            PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", grant_option=True),
            "passed",
        ),
        (
            "grant select on app.notes to public",
            PrivilegeGranted("public", "SELECT", table="app.notes", grant_option=True),
            "failed",
        ),
        (
            "grant select on app.notes to pgc_group with grant option",
            PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns="id", grant_option=True),
            "passed",
        ),
        ("", PrivilegeGranted("pgc_nobody", "SELECT", table="app.notes"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "SELECT", table="app.nothing"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns="nope"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "EXECUTE", function="app.nothing()"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "USAGE", sequence="app.nothing"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "USAGE", on_schema="nowhere"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", "USAGE", type="app.nothing"), "skipped"),
        ("", PrivilegeGranted("pgc_ann", ["CONNECT", "TEMPORARY"], on_database=True), "passed"),
        ("", PrivilegeGranted("pgc_ann", "CREATE", on_database=True), "failed"),
        ("", PrivilegeNotGranted("pgc_ann", "TEMPORARY", on_database=True), "failed"),
    ],
    ids=str,
)
def test_near_misses(judge: Any, grants: str, expectation: Expectation, status: str) -> None:
    assert judge(SETUP + grants, expectation).status == status


@pytest.mark.pg(">= 17")  # MAINTAIN
def test_what_no_grant_gives_has_no_repair(judge: Any) -> None:
    (finding,) = judge(SETUP, PrivilegeNotGranted("postgres", "MAINTAIN", table="app.notes", severity="info")).findings
    assert finding.repair or finding.hint
    (finding,) = judge(
        SETUP + "grant pg_read_all_data to pgc_ann", PrivilegeNotGranted("pgc_ann", "SELECT", table="app.notes")
    ).findings
    assert finding.repair == ()
    assert "predefined role" in finding.hint


def test_a_column_is_revoked_where_it_was_granted(judge: Any) -> None:
    setup = SETUP + "grant update (body) on app.notes to pgc_ann; grant update on app.notes to pgc_group"
    expectation = PrivilegeNotGranted("pgc_ann", "UPDATE", table="app.notes", columns="body")
    (finding,) = judge(setup, expectation).findings
    assert [step.sql for step in finding.repair] == [
        "revoke update on app.notes from pgc_group;",
        "revoke update (body) on app.notes from pgc_ann;",
    ]


def test_two_columns_have_two_fingerprints(judge: Any) -> None:
    outcome = judge(SETUP, PrivilegeGranted("pgc_ann", "SELECT", table="app.notes", columns=["id", "body"]))
    assert [finding.object for finding in outcome.findings] == ["app.notes.id", "app.notes.body"]
    assert len({finding.fingerprint for finding in outcome.findings}) == 2


@pytest.mark.parametrize(
    ("privileges", "fields", "words"),
    [
        ("SELECT", {}, "exactly one of"),
        ("SELECT", {"table": "t", "on_schema": "s"}, "exactly one of"),
        ("SELECT", {"sequence": "s", "columns": ["c"]}, "columns belong to a table"),
        ("SELEKT", {"table": "t"}, "Perhaps you meant SELECT"),
        ([], {"table": "t"}, "at least one"),
        ("EXECUTE", {"table": "t"}, "no privilege EXECUTE on a table"),
        ("DELETE", {"table": "t", "columns": ["c"]}, "no privilege DELETE on a column"),
        ("SELECT", {"function": "f()"}, "no privilege SELECT on a function"),
        ("DELETE", {"sequence": "s"}, "no privilege DELETE on a sequence"),
        ("CONNECT", {"on_schema": "s"}, "no privilege CONNECT on a schema"),
    ],
)
def test_privileges_that_cannot_be_are_refused(privileges: str, fields: dict[str, Any], words: str) -> None:
    for kind in (PrivilegeGranted, PrivilegeNotGranted):
        with pytest.raises(ValidationError, match=words):
            kind("pgc_ann", privileges, **fields)


def test_exceptions_go_without_columns() -> None:
    with pytest.raises(ValidationError, match="except_columns"):
        PrivilegeNotGranted("pgc_ann", "SELECT", table="t", columns="a", except_columns="b")
