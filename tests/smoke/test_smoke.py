"""Smoke tests say what works and what does not: each fault is planted in a database in which all else holds."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import FunctionCallable, RlsBlocksAnon, Suite, TableExists
from pgcontract.errors import ContractError
from pgcontract.smoke import Options, smoke

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.verdict import Report

pytestmark = pytest.mark.pg(">= 15")

SQL = """
create table notes (
    id bigint generated always as identity primary key, user_id uuid not null references auth.users on delete cascade,
    body text not null check (length(body) < 200)
);
alter table notes enable row level security;
create policy own on notes to authenticated using (user_id = auth.uid()) with check (user_id = auth.uid());
create table plans (name text primary key, price numeric(12, 2) not null);
alter table plans enable row level security;
create function total(a int, b int) returns int language sql immutable as 'select a + b';
create view own_notes with (security_invoker = on) as select * from notes;
"""


@pytest.fixture(scope="module")
def platform(make_template: Callable[[Any], str]) -> str:
    return make_template(["supabase"])


@pytest.fixture
def built(clone: Callable[[str], str], platform: str) -> Callable[[str], str]:
    def build(more: str = "") -> str:
        url = clone(platform)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((SQL + more).encode())
        return url

    return build


def by_status(report: Report, *statuses: str) -> dict[tuple[str, str], str]:
    return {
        (one.kind, one.subject): "; ".join(f.observed or f.message for f in one.findings) or (one.reason or "")
        for one in report.outcomes
        if one.status in statuses
    }


def test_what_works_passes_and_everything_has_its_time(built: Callable[..., str]) -> None:
    report = smoke(built())
    assert by_status(report, "failed", "errored", "skipped") == {}
    assert {(one.kind, one.subject) for one in report.outcomes} == {
        *(("TableAnswers", name) for name in ("public.notes", "public.plans", "public.own_notes")),
        ("AnonBlocked", "public.notes"),
        *(
            (f"Row{verb}", table)
            for verb in ("Created", "Read", "Updated", "Deleted")
            for table in ("public.notes", "public.plans")
        ),
        ("FunctionCallable", "public.total(integer, integer)"),
    }
    assert all(one.duration_ms > 0 for one in report.outcomes)


FAULTS = {
    "revoke select on plans from service_role": [
        ("TableAnswers", "public.plans"),
        ("RowUpdated", "public.plans"),
        ("RowDeleted", "public.plans"),
    ],
    "alter table notes disable row level security": [("AnonBlocked", "public.notes")],
    "create policy everybody on notes using (user_id is not null)": [("AnonBlocked", "public.notes")],
    "create function broken() returns int language plpgsql as 'begin return (select x from nowhere); end'": [
        ("FunctionCallable", "public.broken()")
    ],
    """create function no_column() returns trigger language plpgsql as 'begin new.nothing := 1; return new; end';
    create trigger t before update on notes for each row execute function no_column()""": [
        ("RowUpdated", "public.notes")
    ],
    """create function missing() returns trigger language plpgsql as 'begin perform nowhere(); return old; end';
    create trigger t before delete on plans for each row execute function missing()""": [
        ("RowDeleted", "public.plans")
    ],
    "create policy never on notes as restrictive for delete to authenticated using (length(body) > 500)": [
        ("RowDeleted", "public.notes")
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_nothing_else_is_blamed(built: Callable[..., str], fault: str) -> None:
    report = smoke(built(fault))
    assert list(by_status(report, "failed", "errored")) == FAULTS[fault]


UNTRIED = {
    "revoke delete on notes from authenticated": (("RowDeleted", "public.notes"), "DELETE is not granted"),
    "drop policy own on notes; create policy own on notes for select using (user_id = auth.uid())": (
        ("RowCreated", "public.notes"),
        "no permissive policy for INSERT",
    ),
    """create function said() returns trigger language plpgsql as
    'begin perform pg_read_file(''x''); return new; end';
    create trigger t before insert on plans for each row execute function said()""": (
        ("RowCreated", "public.plans"),
        "reaches outside by pg_read_file",
    ),
    "alter table plans add check (pg_trigger_depth() = 1)": (("RowCreated", "public.plans"), "no row can be made"),
}


@pytest.mark.parametrize("change", UNTRIED)
def test_what_cannot_be_told_is_skipped_and_says_why(built: Callable[..., str], change: str) -> None:
    subject, reason = UNTRIED[change]
    report = smoke(built(change))
    assert reason in by_status(report, "skipped")[subject]
    assert by_status(report, "failed", "errored") == {}


def test_a_contract_says_what_is_tried(built: Callable[..., str]) -> None:
    suite = Suite(
        "notes", [TableExists("notes"), TableExists("gone"), FunctionCallable("total(int, int)", arguments=[1, 2])]
    )
    report = smoke(built("revoke truncate on notes from anon"), suite + Suite("", [RlsBlocksAnon("notes")]))
    assert {one.subject for one in report.outcomes} == {"public.notes", "public.gone", "public.total(int, int)"}
    assert list(by_status(report, "failed", "errored")) == [("TableAnswers", "public.gone")]
    assert report.suite == "notes"


def test_without_a_platform_whoever_is_connected_stands_for_the_backend(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table things (id serial primary key, name text)")
    report = smoke(database)
    assert [one.kind for one in report.outcomes] == [
        "TableAnswers",
        "RowCreated",
        "RowRead",
        "RowUpdated",
        "RowDeleted",
    ]
    assert by_status(report, "failed", "errored", "skipped") == {}


def test_what_is_slow_is_a_warning(built: Callable[..., str]) -> None:
    url = built("create function slow() returns void stable language sql as 'select pg_sleep(0.12)'")
    (slow,) = smoke(url, None, Options(slow_ms=100)).having("failed")
    assert (slow.subject, slow.severity) == ("public.slow()", "warning")
    assert "took" in slow.findings[0].message
    assert smoke(url, None, Options(slow_ms=0)).passed


def test_nothing_is_written_where_probes_only_read(built: Callable[..., str]) -> None:
    report = smoke(built(), probes="read")
    assert {one.kind for one in report.having("passed")} == {"TableAnswers", "FunctionCallable"}
    assert [one.kind for one in report.having("skipped")] == ["RowCreated"]


def test_where_nobody_can_be_made_who_acts_rows_are_skipped(built: Callable[..., str]) -> None:
    url = built("drop role if exists smoke_member; create role smoke_member noinherit in role authenticated, anon")
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("set session authorization smoke_member")
            report = smoke(connection, options=Options(service="smoke_member"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("drop role smoke_member")
    reason = by_status(report, "skipped")["RowCreated", report.database.name]
    assert reason.startswith("nobody can act: no row can be made for auth.users: it may not be written: ")
    assert "errored" not in {one.status for one in report.outcomes}


def test_somebody_who_is_not_there_makes_the_command_line_unusable(built: Callable[..., str]) -> None:
    with pytest.raises(ContractError, match="role backend does not exist"):
        smoke(built(), None, Options(service="backend"))


def test_the_command_prints_times_and_exits_by_the_verdict(built: Callable[..., str]) -> None:
    url = built("revoke select on plans from service_role")
    command = [sys.executable, "-m", "pgcontract", "smoke", "--db", url]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 1, shown.stderr
    assert "✓ anon can neither see nor change a row of public.notes" in shown.stdout
    assert " ms\n" in shown.stdout
    found = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    document = json.loads(found.stdout)
    assert document["format"] == "pgcontract.report/1"
    assert all(outcome["duration_ms"] >= 0 for outcome in document["outcomes"])


BY_ROWS = """
create role smoke_user;
create table people (id uuid primary key, name text not null);
create table orders (id int primary key, buyer uuid not null references people, qty int not null);
create function me() returns uuid language sql stable as $$ select nullif(current_setting('app.me', true), '')::uuid $$;
alter table people enable row level security;
alter table orders enable row level security;
create policy own on people to smoke_user using (id = me());
create policy own on orders to smoke_user using (buyer = me());
grant select on people to smoke_user;
grant select, insert, update, delete on orders to smoke_user;
"""


def test_an_owner_may_be_known_only_from_the_rows_that_are_made(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        try:
            connection.execute(BY_ROWS)
            report = smoke(database)
        finally:
            connection.execute("drop owned by smoke_user")
            connection.execute("drop role smoke_user")
    assert by_status(report, "failed", "errored") == {}
    rows = {(one.kind, one.status) for one in report.outcomes if one.subject == "public.orders"}
    assert rows >= {(f"Row{verb}", "passed") for verb in ("Created", "Read", "Updated", "Deleted")}
