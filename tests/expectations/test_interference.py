from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CrudWorks, Principal, ReadableBy, RlsIsolates, Suite, TenantsDoNotInterfere, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_app;
create table orgs (id int primary key, name text not null);
create table docs (id int primary key, org int not null references orgs, title text not null);
create table plans (name text primary key);
alter table orgs enable row level security; alter table docs enable row level security;
create policy mine on orgs to pgc_app using (id = current_setting('app.org', true)::int);
create policy mine on docs to pgc_app using (org = current_setting('app.org', true)::int);
grant select, insert, update, delete on docs, orgs to pgc_app; grant select on plans to pgc_app;
"""
OPEN = "create policy open on docs for {} to pgc_app using (true)"
VIEW = "create view titles as select title from docs; grant select on titles to pgc_app"

CASES = [
    Case(
        RlsIsolates("docs"),
        SETUP,
        OPEN.format("select"),
        "can read what belongs to somebody else in public.docs",
        "drop policy open on docs",
    ),
    Case(
        RlsIsolates("docs", owner="org"),
        SETUP,
        "alter table docs disable row level security",
        ("can read", "public.docs"),
        "alter table docs enable row level security",
        name="row-level security off",
    ),
    Case(
        RlsIsolates("docs", owner="org"),
        SETUP,
        "alter policy mine on docs with check (true)",
        "public.docs",
        "alter policy mine on docs with check (org = current_setting('app.org', true)::int)",
        name="rows that are given away",
    ),
    Case(
        RlsIsolates("docs", between=["pgc_app", "pgc_app"]),
        SETUP,
        OPEN.format("delete") + "; " + OPEN.format("select").replace("open", "shown"),
        "public.docs",
        "drop policy open on docs; drop policy shown on docs",
    ),
    Case(
        TenantsDoNotInterfere(),
        SETUP,
        VIEW,
        "public.titles",
        "drop view titles",
    ),
    Case(
        TenantsDoNotInterfere(
            "public", owners=["docs.org"], tenants=["orgs.id"], publics=["plans"], except_for=["plans", "f()"]
        ),
        SETUP,
        OPEN.format("select"),
        "can read what belongs to somebody else in public.docs",
        "drop policy open on docs",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "expectation", "status", "words"),
    [
        (SETUP, RlsIsolates("plans"), "skipped", "say so by `owner`"),
        (SETUP, RlsIsolates("docs", owner="organization"), "skipped", "column"),
        (SETUP + VIEW, RlsIsolates("docs"), "passed", ""),
        (SETUP + VIEW, RlsIsolates("titles"), "skipped", "has no rows of its own"),
        (SETUP + "drop policy mine on docs", RlsIsolates("docs", owner="org"), "skipped", "no positive control"),
        (SETUP, RlsIsolates("dosc"), "skipped", "relation public.dosc"),
        (SETUP, TenantsDoNotInterfere(owners=["docs.organization"]), "skipped", "column"),
        (SETUP, TenantsDoNotInterfere(publics=["planes"]), "skipped", "relation public.planes"),
        (SETUP, TenantsDoNotInterfere("elsewhere"), "skipped", "schema elsewhere"),
        ("create table t (a int)", TenantsDoNotInterfere(), "skipped", ""),
        (
            SETUP + "alter table docs add check (length(title) > 9 and length(title) < 3)",
            RlsIsolates("docs"),
            "skipped",
            "no row could be made",
        ),
    ],
    ids=str,
)
def test_what_interferes(judge: Any, setup: str, expectation: Expectation, status: str, words: str) -> None:
    outcome = judge(setup, expectation)
    said = f"{outcome.reason} {' '.join(f'{finding.message} {finding.hint}' for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


def test_a_leak_shows_how_to_see_it(judge: Any) -> None:
    (finding,) = judge(SETUP + OPEN.format("select"), RlsIsolates("docs")).findings
    assert finding.hint is not None
    assert "policy" in finding.hint
    assert "set local role pgc_app" in finding.hint
    assert finding.object == "public.docs"


PAIR = [
    Principal("tenant 1", "pgc_app", settings={"app.org": "1"}),
    Principal("tenant 2", "pgc_app", settings={"app.org": "2"}),
]


@pytest.mark.parametrize(("breaking", "status"), [("", "passed"), (OPEN.format("select"), "failed")])
def test_principals_of_the_contract_keep_apart(lab: psycopg.Connection[Any], breaking: str, status: str) -> None:
    suite = Suite("pair", [RlsIsolates("docs", between=["tenant 1", "tenant 2"])], principals=PAIR)
    with lab.transaction(force_rollback=True):
        lab.execute((SETUP + breaking).encode())
        (outcome,) = verify(suite, lab, probes="rollback").outcomes
        assert outcome.status == status, outcome
        assert status == "passed" or "tenant 1" in outcome.findings[0].message


def test_rows_are_made_where_that_is_allowed(judge: Any) -> None:
    for expectation in (RlsIsolates("docs"), TenantsDoNotInterfere()):
        outcome = judge(SETUP, expectation, probes="read")
        assert (outcome.status, "--probes rollback" in outcome.reason) == ("skipped", True)


OWNER = "alter table {} owner to pgc_owner;"
AS_OWNER = "create role pgc_owner; grant usage, create on schema public to pgc_owner;" + "".join(
    OWNER.format(table) for table in ("orgs", "docs", "plans")
)


@pytest.mark.parametrize(
    "expectation",
    [RlsIsolates("docs"), TenantsDoNotInterfere(), CrudWorks("docs", "pgc_app"), ReadableBy("docs", "pgc_app")],
    ids=lambda one: one.kind,
)
def test_who_may_not_become_anybody_says_so(judge: Any, expectation: Expectation) -> None:
    outcome = judge(SETUP + AS_OWNER + "set local role pgc_owner", expectation)
    assert outcome.status == "skipped", outcome
    assert "pgc_owner may not act as pgc_app" in outcome.reason


LIMITED = """create role pgc_limited; grant pgc_app to pgc_limited; grant all on docs, orgs to pgc_limited;
    set local role pgc_limited"""


@pytest.mark.parametrize("expectation", [RlsIsolates("docs"), TenantsDoNotInterfere()], ids=lambda one: one.kind)
def test_who_does_not_see_what_changes_says_so(judge: Any, expectation: Expectation) -> None:
    outcome = judge(SETUP + LIMITED, expectation)
    assert outcome.status == "skipped", outcome
    assert "pgc_limited is itself under row-level security on public.docs" in outcome.reason


def test_the_preset_needs_no_schema_of_the_platform(lab: psycopg.Connection[Any]) -> None:
    """Roles without auth.users, and then not even the roles: said, and no crash."""
    setup = """
        create table notes (id int primary key, owner uuid not null); alter table notes enable row level security;
        create role pgc_x; grant all on notes to pgc_x;
    """
    asks: list[Expectation] = [
        CrudWorks("notes", "user A", owner="owner"),
        ReadableBy("notes", "user A"),
        RlsIsolates("notes", owner="owner", between=["user A", "user B"]),
    ]
    with lab.transaction(force_rollback=True):
        if lab.execute("select 1 from pg_roles where rolname = 'authenticated'").fetchone():  # roles are the server's
            lab.execute("alter role authenticated rename to pgc_put_aside")
        lab.execute(setup.encode())
        report = verify(Suite("preset", asks, principals="supabase"), lab, probes="rollback")
        assert [outcome.status for outcome in report.outcomes[:3]] == ["skipped"] * 3
        assert {outcome.reason for outcome in report.outcomes[:3]} == {
            "requires role authenticated, which does not exist"
        }
        lab.execute(b"""create role authenticated; grant select, insert, update, delete on notes to authenticated;
            create policy mine on notes to authenticated
                using (owner = (current_setting('request.jwt.claims', true)::json ->> 'sub')::uuid)""")
        report = verify(Suite("preset", asks, principals="supabase"), lab, probes="rollback")
        assert [outcome.status for outcome in report.outcomes] == ["passed"] * 3, report.outcomes


def test_two_are_between() -> None:
    with pytest.raises(ValidationError, match="between names two principals"):
        RlsIsolates("docs", between=["one"])
