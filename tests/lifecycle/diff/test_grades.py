"""How much a change matters: each is made on a live database, found as one difference, and graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.diff.grades.columns import widened
from pgcontract.lifecycle.diff.grades.verdicts import exposed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.catalog.catalog import Catalog

SCHEMA = """
do $$ begin
  create role anon nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  create role diff_staff nologin; exception when duplicate_object or unique_violation then null; end $$;
create table org (id bigint primary key, name text);
create table doc (
    id bigint primary key, org bigint not null references org on delete restrict, code varchar(20) not null default 'x',
    size integer, weight integer, price numeric(10,2), note text not null,
    unique (code), constraint size_positive check (size > 0));
create index doc_org on doc (org);
create unique index doc_note on doc (note);
alter table doc enable row level security;
alter table doc force row level security;
create policy own on doc using (org = 1) with check (org = 1);
create policy kept on doc as restrictive using (size > 1);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before insert or update on doc for each row execute function touch();
create function plain(a int default 1) returns int language sql as 'select 1';
create function rooted() returns int language sql security definer set search_path = '' as 'select 1';
create view seen with (security_invoker = true, security_barrier = true) as select id, code from doc with check option;
create rule keep as on delete to org do instead nothing;
create type mood as enum ('sad', 'happy');
create domain even as int constraint halves check (value % 2 = 0);
create sequence counter;
grant select on org to diff_staff;
grant select (code) on doc to anon;
"""
pytestmark = pytest.mark.pg(">= 15")  # views with security_invoker

# What is done; the object of the one difference, what of it, its grade, and a word of the reason.
CASES = [
    ("alter table doc disable row level security", "public.doc", "row-level security", "dangerous"),
    ("alter table doc no force row level security", "public.doc", "FORCE row-level security", "dangerous"),
    ("alter table org enable row level security", "public.org", "row-level security", "breaking"),
    ("alter policy own on doc using (true)", "public.doc.own", "USING", "dangerous"),
    ("alter policy own on doc with check (true)", "public.doc.own", "WITH CHECK", "dangerous"),
    ("alter policy own on doc using (false)", "public.doc.own", "USING", "breaking"),
    ("alter policy own on doc using (org = 2)", "public.doc.own", "USING", "dangerous"),
    ("alter policy own on doc to anon", "public.doc.own", "roles", "breaking"),
    ("alter policy kept on doc to anon", "public.doc.kept", "roles", "dangerous"),
    ("drop policy own on doc", "public.doc.own", "existence", "breaking"),
    ("drop policy kept on doc", "public.doc.kept", "existence", "dangerous"),
    ("create policy more on doc for select using (true)", "public.doc.more", "existence", "dangerous"),
    ("create policy less on doc as restrictive using (true)", "public.doc.less", "existence", "breaking"),
    ("grant insert on org to anon", "public.org", "privileges of anon", "dangerous"),
    ("grant insert on org to public", "public.org", "privileges of PUBLIC", "dangerous"),
    ("grant insert on org to diff_staff", "public.org", "privileges of diff_staff", "needs review"),
    ("revoke select on org from diff_staff", "public.org", "privileges of diff_staff", "breaking"),
    ("revoke select (code) on doc from anon", "public.doc.code", "privileges of anon", "breaking"),
    ("grant select (note) on doc to anon", "public.doc.note", "privileges of anon", "dangerous"),
    ("grant select on org to diff_staff with grant option", "public.org", "privileges of diff_staff", "dangerous"),
    ("revoke insert on org from current_user", "public.org", "privileges of the owner", "breaking"),
    ("alter default privileges in schema public grant select on tables to anon",
     "FOR ROLE postgres IN SCHEMA public ON TABLES", "privileges of anon", "dangerous"),
    ("alter default privileges revoke execute on functions from public",
     "FOR ROLE postgres ON FUNCTIONS", "privileges of PUBLIC", "breaking"),
    ("alter function plain(int) security definer", "public.plain(integer)", "security", "dangerous"),
    ("alter function rooted() security invoker", "public.rooted()", "security", "breaking"),
    ("alter function rooted() reset search_path", "public.rooted()", "setting search_path", "dangerous"),
    ("create or replace function plain(a int default 1) returns int language sql as 'select 2'",
     "public.plain(integer)", "body", "needs review"),
    ("create function new() returns int language sql as 'select 1'", "public.new()", "existence", "safe"),
    ("create function new() returns int language sql security definer as 'select 1'",
     "public.new()", "existence", "dangerous"),
    ("drop function plain(int)", "public.plain(integer)", "existence", "breaking"),
    ("alter view seen set (security_invoker = false)", "public.seen", "security invoker", "dangerous"),
    ("alter view seen set (security_barrier = false)", "public.seen", "security barrier", "dangerous"),
    ("alter view seen reset (check_option)", "public.seen", "WITH CHECK OPTION", "dangerous"),
    (("create or replace view seen with (security_invoker = true, security_barrier = true) as "
     "select id, code from doc where id > 1 with check option"), "public.seen", "definition", "needs review"),
    (("create or replace view seen with (security_invoker = true, security_barrier = true) as "
     "select id, code, note from doc with check option"), "public.seen", "definition", "needs review"),
    (("drop view seen; create view seen with (security_invoker = true, security_barrier = true) as "
     "select id from doc with check option"), "public.seen", "definition", "breaking"),
    ("drop trigger touched on doc", "public.doc.touched", "existence", "dangerous"),
    ("alter table doc disable trigger touched", "public.doc.touched", "enabled", "dangerous"),
    ("drop rule keep on org", "public.org.keep", "existence", "dangerous"),
    ("alter table doc drop constraint size_positive", "public.doc.size_positive", "existence", "dangerous"),
    ("alter table doc drop constraint doc_code_key", "public.doc.doc_code_key", "existence", "dangerous"),
    ("alter table doc add check (size < 9)", "public.doc.doc_size_check", "existence", "breaking"),
    (("alter table doc drop constraint doc_org_fkey; alter table doc add constraint doc_org_fkey "
     "foreign key (org) references org on delete cascade"), "public.doc.doc_org_fkey", "ON DELETE", "dangerous"),
    ("drop index doc_org", "public.doc.doc_org", "existence", "needs review"),
    ("drop index doc_note", "public.doc.doc_note", "existence", "dangerous"),
    ("create index more on doc (size)", "public.doc.more", "existence", "safe"),
    ("create unique index more on doc (size)", "public.doc.more", "existence", "breaking"),
    ("alter table org add extra text", "public.org.extra", "existence", "safe"),
    ("alter table org add extra text not null", "public.org.extra", "existence", "breaking"),
    ("alter table org add extra text not null default ''", "public.org.extra", "existence", "safe"),
    ("alter table org add extra bigserial", "public.org.extra", "existence", "safe"),
    ("alter table org drop name", "public.org.name", "existence", "breaking"),
    ("alter table doc alter weight type bigint", "public.doc.weight", "type", "needs review"),
    ("alter table doc alter price type numeric(12,2)", "public.doc.price", "type", "safe"),
    ("alter table doc alter price type numeric(8,2)", "public.doc.price", "type", "breaking"),
    ("alter table org alter name set not null", "public.org.name", "NOT NULL", "breaking"),
    ("alter table doc alter note drop not null", "public.doc.note", "NOT NULL", "needs review"),
    ("alter table doc alter code drop default", "public.doc.code", "default", "breaking"),
    ("alter table doc alter code set default 'y'", "public.doc.code", "default", "needs review"),
    ("comment on table doc is 'papers'", "public.doc", "comment", "safe"),
    ("drop table doc cascade; drop function touch()", "public.doc", "existence", "breaking"),
    ("create table fresh (id serial primary key, a text check (a <> ''))", "public.fresh", "existence", "safe"),
    ("create table fresh (id int); grant select on fresh to anon", "public.fresh", "existence", "dangerous"),
    ("create table fresh (id int); grant select on fresh to anon; alter table fresh enable row level security",
     "public.fresh", "existence", "needs review"),
    ("alter type mood add value 'glad'", "public.mood", "labels", "safe"),
    ("alter type mood rename value 'sad' to 'blue'", "public.mood", "labels", "breaking"),
    ("alter domain even drop constraint halves", "public.even.halves", "existence", "dangerous"),
    ("alter sequence counter cycle", "public.counter", "cycle", "needs review"),
    ("create role diff_new superuser", "diff_new", "existence", "dangerous"),
    ("alter role diff_staff bypassrls", "diff_staff", "BYPASSRLS", "dangerous"),
    ("grant diff_staff to anon", "anon", "member of diff_staff", "dangerous"),
    ("create schema apart", "apart", "existence", "safe"),
    ("create publication spread for table org", "spread", "existence", "dangerous"),
]  # fmt: skip
# What brings along what else goes with it.
SEVERAL: dict[str, set[str]] = {
    "drop table doc cascade; drop function touch()": {"public.seen", "public.touch()"},
    # Alone, for what is made after it is granted, too.
    "alter default privileges in schema public grant select on tables to anon": set(),
}


def batches() -> list[list[tuple[str, str, str, str]]]:
    """The cases, those on different objects together: to read the catalogs takes longer than all else."""
    made: list[list[tuple[str, str, str, str]]] = []
    for case in CASES:
        for batch in made:
            if case[0] not in SEVERAL and all(one[0] not in SEVERAL and one[1] != case[1] for one in batch):
                batch.append(case)
                break
        else:
            made.append([case])
    return made


@pytest.fixture(scope="module")
def connection(
    make_template: Callable[[Callable[[str], object]], str], server: Any, fresh_name: Callable[[], str], keep: Any
) -> Iterator[psycopg.Connection[Any]]:
    def made(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as made_here:
            made_here.execute(SCHEMA.encode())

    name = fresh_name()
    url = server.create_database(name, make_template(made))
    with psycopg.connect(url) as connection:
        keep(connection)
        yield connection
        connection.rollback()
    server.drop_database(name)


@pytest.fixture(scope="module")
def before(connection: psycopg.Connection[Any]) -> Catalog:
    found = read(connection)
    connection.rollback()
    return found


@pytest.mark.parametrize("batch", batches(), ids=lambda batch: f"{len(batch)} changes")
def test_a_change_is_one_difference_of_its_grade(
    connection: psycopg.Connection[Any], before: Catalog, batch: list[tuple[str, str, str, str]]
) -> None:
    try:
        for sql, *_ in batch:
            connection.execute(sql.encode())
        after = read(connection)
    finally:
        connection.rollback()
    found = diff(before, after)
    with_it = {name for sql, *_ in batch for name in SEVERAL.get(sql, ())}
    own = [(each.object, each.property, each.grade) for each in found if each.object not in with_it]
    assert sorted(own) == sorted((name, called, grade) for _, name, called, grade in batch)
    assert {each.object for each in found} >= with_it
    assert all(each.reason for each in found)


TYPES = [
    ("character varying(20)", "character varying(40)", True),
    ("character varying(20)", "text", True),
    ("character varying(20)", "character varying", True),
    ("text", "character varying", True),
    ("text", "character varying(20)", False),
    ("character(4)", "character(5)", False),
    ("numeric(10,2)", "numeric", True),
    ("numeric(10,2)", "numeric(12,4)", False),
    ("character varying(20)[]", "character varying(40)[]", True),
    ("character varying(20)[]", "character varying(40)", False),
    ("timestamp(3) without time zone", "timestamp(6) without time zone", False),
    ("integer", "text", False),
]


@pytest.mark.parametrize(("left", "right", "wider"), TYPES)
def test_a_wider_type(left: str, right: str, *, wider: bool) -> None:
    assert widened(left, right) == wider


def test_a_rename_is_hinted_at_and_not_guessed(connection: psycopg.Connection[Any], before: Catalog) -> None:
    connection.execute("alter table org rename to firm; alter table doc rename size to bytes")
    connection.execute("drop function plain(int); create function plain(a text) returns int language sql as 'select 2'")
    after = read(connection)
    connection.rollback()
    hints = {each.object: each.hint for each in diff(before, after) if each.property == "existence"}
    assert hints["public.org"] == "Perhaps it was renamed to public.firm."
    assert hints["public.firm"] == "Perhaps it was public.org, renamed."
    assert hints["public.plain(integer)"] == "Perhaps it now is public.plain(text)."
    assert hints["public.doc.size"] == "Perhaps it was renamed to public.doc.bytes."


def test_another_owner_is_one_difference_and_none_unless_owners_count(
    connection: psycopg.Connection[Any], before: Catalog
) -> None:
    connection.execute("alter table doc owner to diff_staff")
    after = read(connection)
    connection.rollback()
    (found,) = diff(before, after)
    assert (found.object, found.property, found.right) == ("public.doc", "owner", "diff_staff")
    assert diff(before, after, owners=False) == ()


def test_a_role_that_a_gateway_becomes_is_exposed(connection: psycopg.Connection[Any]) -> None:
    connection.execute("create role gateway login noinherit; grant diff_staff to gateway")
    after = read(connection)
    connection.rollback()
    assert exposed(after, "diff_staff")
    assert exposed(after, "PUBLIC")
    assert not exposed(after, "gateway")
