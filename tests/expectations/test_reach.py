from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import NotReadableBy, NotWritableBy, Principal, ReadableBy, Suite, WritableBy, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

# Tenants by a setting, as an application on plain Postgres has them.
SETUP = """
create role pgc_app; create role pgc_anon; create role pgc_admin bypassrls;
create table docs (id int primary key, tenant int not null, title text not null, secret text);
create table plans (name text primary key, price int);
alter table docs enable row level security;
create policy mine on docs to pgc_app using (tenant = current_setting('app.tenant', true)::int);
grant select (id, tenant, title), insert, update (title), delete on docs to pgc_app;
grant select on plans to pgc_app, pgc_anon;
grant all on docs to pgc_admin;
"""
OPEN = "create policy open on docs for {} to {} using (true)"

CASES = [
    Case(
        ReadableBy("docs", "pgc_app", rows="own", columns=["title"]),
        SETUP,
        "drop policy mine on docs",
        "pgc_app cannot SELECT any row of public.docs",
        "create policy mine on docs to pgc_app using (tenant = current_setting('app.tenant', true)::int)",
    ),
    Case(
        ReadableBy("docs", "pgc_app", rows="own", owner="tenant"),
        SETUP,
        OPEN.format("select", "pgc_app"),
        "pgc_app can SELECT all rows of public.docs, not own",
        "drop policy open on docs",
        name="more than its own",
    ),
    Case(
        ReadableBy("docs", "pgc_app", columns="title"),
        SETUP,
        "revoke select on docs from pgc_app; grant select (id, tenant) on docs to pgc_app",
        "pgc_app cannot SELECT title of public.docs",
        "grant select (title) on docs to pgc_app",
        name="a column",
    ),
    Case(
        NotReadableBy("docs", "pgc_anon", owner="tenant"),
        SETUP,
        "grant select on docs to pgc_anon;" + OPEN.format("select", "pgc_anon"),
        "pgc_anon can SELECT rows of others of public.docs",
        "drop policy open on docs",
    ),
    Case(
        NotReadableBy("docs", "pgc_app", columns="secret"),
        SETUP,
        "grant select on docs to pgc_app",
        "can SELECT secret of",
        "revoke select on docs from pgc_app; grant select (id, tenant, title) on docs to pgc_app",
    ),
    Case(
        WritableBy("docs", "pgc_app", ["UPDATE", "DELETE"], rows="own", columns="title", owner="tenant"),
        SETUP,
        "revoke update on docs from pgc_app",
        "pgc_app cannot UPDATE any row of public.docs: permission denied",
        "grant update (title) on docs to pgc_app",
    ),
    Case(
        WritableBy("docs", "pgc_app", "INSERT", rows="own"),
        SETUP,
        "create policy anything on docs for insert to pgc_app with check (true)",
        "pgc_app can INSERT all rows of public.docs, not own",
        "drop policy anything on docs",
    ),
    Case(
        NotWritableBy("docs", "pgc_anon", owner="tenant"),
        SETUP,
        "grant delete on docs to pgc_anon; grant select on docs to pgc_anon;" + OPEN.format("all", "pgc_anon"),
        "pgc_anon can DELETE rows of others of public.docs",
        "drop policy open on docs",
    ),
    Case(
        NotWritableBy("docs", "pgc_app", "UPDATE", columns=["tenant", "secret"]),
        SETUP,
        "grant update (secret) on docs to pgc_app",
        "can UPDATE secret of rows of public.docs",
        "revoke update on docs from pgc_app; grant update (title) on docs to pgc_app",
    ),
    Case(
        NotWritableBy("docs", "pgc_app", "TRUNCATE"),
        SETUP,
        "grant truncate on docs to pgc_app",
        "pgc_app can TRUNCATE rows of others of public.docs",
        "revoke truncate on docs from pgc_app",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status", "words"),
    [
        (ReadableBy("plans", "pgc_anon", rows="all"), "passed", ""),
        (ReadableBy("docs", "pgc_admin", rows="all"), "passed", ""),
        (NotReadableBy("docs", "pgc_admin"), "failed", "pgc_admin can SELECT rows of others"),
        (NotWritableBy("plans", "pgc_app"), "passed", ""),
        (ReadableBy("docs", "pgc_nobody"), "skipped", "role pgc_nobody, which does not exist"),
        (ReadableBy("dosc", "pgc_app"), "skipped", "relation public.dosc"),
        (ReadableBy("docs", "pgc_app", owner="tenat"), "skipped", "column"),
        (ReadableBy("docs", "pgc_app", columns=["titel"]), "skipped", "column"),
        (ReadableBy("narrow", "pgc_app"), "skipped", "narrow"),
        (WritableBy("shown", "pgc_app"), "skipped", "public.shown is a view"),
    ],
    ids=str,
)
def test_what_is_reached(judge: Any, expectation: Expectation, status: str, words: str) -> None:
    narrow = "create table narrow (a int not null check (a > 1 and a < 1), b int); grant all on narrow to pgc_app;"
    view = "create view shown as select 1 as one;"
    outcome = judge(SETUP + narrow + view, expectation)
    said = f"{outcome.reason} {' '.join(f'{finding.message} {finding.hint}' for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


PRINCIPALS = [
    Principal("tenant 1", "pgc_app", settings={"app.tenant": "1"}),
    Principal("root", "pgc_app", login="pgc_login"),
]


def test_a_principal_of_the_contract_has_rows_of_its_own(lab: psycopg.Connection[Any]) -> None:
    expectations = [
        ReadableBy("docs", "tenant 1", rows="own"),
        WritableBy("docs", "tenant 1", "DELETE", rows="own"),
        NotReadableBy("docs", "pgc_anon"),
    ]
    with lab.transaction(force_rollback=True):
        lab.execute((SETUP + "insert into docs values (1, 1, 'there already'), (2, 2, 'of another')").encode())
        report = verify(Suite("own", expectations, principals=PRINCIPALS), lab, probes="rollback")
        assert [outcome.status for outcome in report.outcomes] == ["passed"] * 3, report.outcomes
        lab.execute(OPEN.format("select", "pgc_app").encode())
        report = verify(Suite("own", expectations, principals=PRINCIPALS), lab, probes="rollback")
        assert [outcome.status for outcome in report.outcomes] == ["failed", "passed", "passed"]
        assert "tenant 1 can SELECT all rows" in report.outcomes[0].findings[0].message


@pytest.mark.parametrize(
    ("setup", "by", "reason"),
    [
        ("create role pgc_lone; grant all on docs to pgc_lone; set local role pgc_lone", "pgc_app", "may not act as"),
        ("create role pgc_login login; create role pgc_lone; set local role pgc_lone", "root", "only a superuser may"),
    ],
)
def test_whoever_may_not_become_somebody_says_so(
    lab: psycopg.Connection[Any], setup: str, by: str, reason: str
) -> None:
    with lab.transaction(force_rollback=True):
        lab.execute((SETUP + setup).encode())
        suite = Suite("lone", [ReadableBy("docs", by), NotReadableBy("docs", by)], principals=PRINCIPALS)
        report = verify(suite, lab, probes="rollback")
        for outcome in report.outcomes:
            assert (outcome.status, reason in (outcome.reason or "")) == ("skipped", True), outcome


def test_rows_are_made_where_that_is_allowed(judge: Any) -> None:
    outcome = judge(SETUP, ReadableBy("docs", "pgc_app"), probes="read")
    assert (outcome.status, "--probes rollback" in outcome.reason) == ("skipped", True)
