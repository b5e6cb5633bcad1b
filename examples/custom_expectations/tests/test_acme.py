"""Each expectation holds where it should, fails where it should, and its repair mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from acme_contracts import EmailDomains, KeepsUpdatedAt, RefusedAfter

from pgcontract import ContractError, Principal
from pgcontract.contract.load import loads
from pgcontract.testing import Case, prove

if TYPE_CHECKING:
    import psycopg

STAMPED = """
create function set_updated_at() returns trigger language plpgsql as 'begin new.updated_at = now(); return new; end';
create table invoices (id int primary key, updated_at timestamptz);
create trigger stamp before insert or update on invoices for each row execute function set_updated_at();
"""
LIMITED = """
create or replace function create_project(title text) returns void language plpgsql as $$
begin
    if (select count(*) from public.projects) >= 3 then raise exception 'three are enough'; end if;
    insert into public.projects values (title);
end $$;
"""
UNLIMITED = """
create or replace function create_project(title text) returns void
    language sql as 'insert into public.projects values (title)';
"""
PROJECTS = """
create role acme_free;
create table projects (title text);
grant select, insert on projects to acme_free;
"""
PEOPLE = """
create table employees (email text);
insert into employees values ('ann@acme.example'), ('Bob@ACME.example'), (null);
"""

CASES = [
    Case(
        KeepsUpdatedAt("invoices"),
        setup=STAMPED,
        broken="alter table invoices disable trigger stamp",
        mentions=("public.invoices", "no trigger"),
        name="the trigger is disabled",
    ),
    Case(
        KeepsUpdatedAt("invoices"),
        setup=STAMPED,
        broken="drop trigger stamp on invoices; "
        "create trigger stamp after update on invoices for each row execute function set_updated_at()",
        mentions="before every update",
        name="the trigger comes too late",
    ),
    Case(
        KeepsUpdatedAt("invoices"),
        setup=STAMPED,
        broken="drop trigger stamp on invoices; "
        "create trigger stamp before update of id on invoices for each row execute function set_updated_at()",
        mentions="before every update",
        name="the trigger is for one column",
    ),
    Case(
        RefusedAfter("public.create_project('one more')", by="free", times=3),
        setup=PROJECTS + LIMITED,
        broken=UNLIMITED,
        mentions="call 4 of public.create_project('one more') by free is not refused",
        repair=LIMITED,
        principals=(Principal("free", "acme_free"),),
        name="nobody is refused",
    ),
    Case(
        RefusedAfter("public.create_project('one more')", by="free", times=3),
        setup=PROJECTS + LIMITED,
        broken="insert into projects values ('there already')",
        mentions="call 3 of public.create_project('one more') by free is refused: three are enough",
        repair="delete from projects",
        principals=(Principal("free", "acme_free"),),
        name="one is refused too early",
    ),
    Case(
        EmailDomains("employees", "email", ["acme.example"]),
        setup=PEOPLE,
        broken="insert into employees values ('eve@acme.example.test')",
        mentions="public.employees.email",
        repair="delete from employees where email like 'eve%'",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it(case: Case, connection: psycopg.Connection[Any]) -> None:
    prove(case, connection)


def test_the_short_form() -> None:
    suite = loads("suite: s\nschema: app\nstamped: [invoices]")
    assert suite.expectations == (KeepsUpdatedAt("app.invoices", function="app.set_updated_at()"),)


@pytest.mark.parametrize(
    "wrong", ["stamped: invoices", "expectations: [EmailDomains: {table: t, column: c, domains: []}]"]
)
def test_what_is_wrong_is_refused(wrong: str) -> None:
    with pytest.raises(ContractError):
        loads(f"suite: s\n{wrong}")
