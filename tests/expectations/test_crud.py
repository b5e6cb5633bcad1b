from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import CrudWorks, Principal, Suite, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create role pgc_app; create role pgc_reader;
create table tenants (id int primary key, name text not null);
create table docs (id int generated always as identity primary key, tenant int not null references tenants,
    title text not null check (length(title) > 2), note json, hash text generated always as (md5(title)) stored);
alter table docs enable row level security;
create policy mine on docs to pgc_app using (tenant = nullif(current_setting('app.tenant', true), '')::int);
grant select, insert, update, delete on docs to pgc_app;
grant usage on sequence docs_id_seq to pgc_app;
"""
OWN = "(tenant = nullif(current_setting('app.tenant', true), '')::int)"
MINE = f"create policy may_{{0}} on docs for {{0}} to pgc_app {{1}} {OWN}"
APART = "drop policy mine on docs;" + ";".join(
    MINE.format(command, "with check" if command == "insert" else "using")
    for command in ("select", "insert", "update", "delete")
)

CASES = [
    Case(
        CrudWorks("docs", "pgc_app"),
        SETUP,
        "drop policy mine on docs",
        ("cannot INSERT a row of its own in public.docs: new row violates", "cannot SELECT", "cannot DELETE"),
        "create policy mine on docs to pgc_app using (tenant = nullif(current_setting('app.tenant', true), '')::int)",
    ),
    Case(
        CrudWorks("docs", "pgc_app", commands=["DELETE", "SELECT"], owner="tenant"),
        SETUP + APART,
        "drop policy may_delete on docs",
        "pgc_app cannot DELETE a row of its own in public.docs: its policies do not reach the row",
        MINE.format("delete", "using"),
    ),
    Case(
        CrudWorks("docs", "pgc_app", where={"title": "three"}),
        SETUP,
        "revoke update on docs from pgc_app",
        "cannot UPDATE a row of its own in public.docs: permission denied",
        "grant update on docs to pgc_app",
    ),
    Case(
        CrudWorks("docs", "pgc_app", commands="INSERT"),
        SETUP,
        "create function stop() returns trigger language plpgsql as 'begin raise ''stop''; end';"
        "create trigger stop after insert on docs for each row when (current_user = 'pgc_app') execute function stop()",
        "cannot INSERT a row of its own in public.docs: stop",
        "drop trigger stop on docs",
        name="a trigger that refuses its users",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "expectation", "status", "words"),
    [
        (SETUP, CrudWorks("docs", "pgc_reader"), "failed", "pgc_reader cannot INSERT"),
        (SETUP + "grant select on docs to pgc_reader", CrudWorks("docs", "pgc_reader", "SELECT"), "failed", "reach"),
        ("create role r; create table t (a int); grant all on t to r", CrudWorks("t", "r"), "passed", ""),
        (
            (
                "create role r; create table t (id serial primary key, a int); grant insert (a), select, update (a),"
                " delete on t to r; grant usage on sequence t_id_seq to r"
            ),
            CrudWorks("t", "r"),
            "passed",
            "",
        ),
        (
            "create role r; create table t (a int check (a > 1 and a < 1) not null); grant all on t to r",
            CrudWorks("t", "r"),
            "skipped",
            "no row can be made for public.t",
        ),
        (SETUP, CrudWorks("docs", "pgc_app", where={"titel": ""}), "skipped", "column"),
        (SETUP, CrudWorks("docs", "pgc_app", where={"title": "x"}), "skipped", "no row can be made"),
        (SETUP + "create view v as select 1", CrudWorks("v", "pgc_app"), "skipped", "rows are made in tables alone"),
        ("", CrudWorks("docs", "pgc_app"), "skipped", "relation public.docs"),
    ],
    ids=str,
)
def test_a_life_of_a_row(judge: Any, setup: str, expectation: Expectation, status: str, words: str) -> None:
    outcome = judge(setup, expectation)
    said = f"{outcome.reason} {' '.join(f'{finding.message} {finding.hint}' for finding in outcome.findings)}"
    assert (outcome.status, said) == (status, said)
    assert words in said


def test_a_principal_of_the_contract_owns_the_row(lab: psycopg.Connection[Any]) -> None:
    """By claims that no policy's text names, so that only the contract says what they are."""
    setup = (
        SETUP
        + """
        create schema hidden; grant usage on schema hidden to public;
        create function hidden.whose() returns int stable language plpgsql as
            'begin return (current_setting(''request.jwt.claims'', true)::json ->> ''org'')::int; end';
        drop policy mine on docs; create policy mine on docs to pgc_app using (tenant = hidden.whose());
    """
    )
    with lab.transaction(force_rollback=True):
        lab.execute(setup.encode())
        seven = Principal("seven", "pgc_app", {"org": "7"})
        for principals in ([seven],):
            suite = Suite("own", [CrudWorks("docs", "seven", owner="tenant")], principals=principals)
            (outcome,) = verify(suite, lab, probes="rollback").outcomes
            assert outcome.status == "passed", outcome
