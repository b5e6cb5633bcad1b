"""Holes in databases without the platform, and in tables that take not just any value: found, and the twin is silent.

A pair differs in what `{}` stands for. The silence of a twin counts only since its owner sees its rows.
"""

from __future__ import annotations

from typing import NamedTuple

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.isolation.model import Options, Search
from pgcontract.isolation.search import find_leaks
from pgcontract.run.probe import probing

pytestmark = pytest.mark.pg(">= 15")


class Twins(NamedTuple):
    """A schema, what stands in its gap, and what is found in the leaky half: relation and command."""

    sql: str
    leaky: str
    safe: str
    found: tuple[str, str]
    owners: tuple[str, ...] = ()


AUTH = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
    if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create schema auth;
create function auth.jwt() returns jsonb language sql stable as
    $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create function auth.uid() returns KIND language sql stable as $$ select (auth.jwt() ->> 'sub')::KIND $$;
grant usage on schema auth, public to anon, authenticated;
"""
GRANTS = """
grant select, insert, update, delete on all tables in schema public to authenticated;
"""
PLAIN = {
    "users are tied to their rows by what policies compare": Twins(
        """
        create table recordings (id uuid primary key default gen_random_uuid(), singer uuid not null, song text);
        alter table recordings enable row level security;
        create policy own on recordings to authenticated using (singer = auth.uid()) {};
        """,
        "with check (true)",
        "with check (singer = auth.uid())",
        ("public.recordings", "INSERT"),
    ),
    "a key made of the user and something else is this world's user's": Twins(
        """
        create table seats (hall int not null, holder uuid not null, post text not null
            check (post in ('guest', 'warden')), primary key (hall, holder));
        create table bookings (id uuid primary key default gen_random_uuid(), hall int not null, holder uuid not null,
            price numeric(6, 2) not null, foreign key (hall, holder) references seats (hall, holder));
        alter table seats enable row level security;
        alter table bookings enable row level security;
        create policy own on seats for select to authenticated using (holder = auth.uid());
        create policy own on bookings for select to authenticated using (holder = auth.uid());
        create policy warden on bookings to authenticated using (exists (select 1 from seats as s
            where s.holder = auth.uid() and s.post = 'warden' and {}));
        """,
        "s.hall > 0",
        "s.hall = bookings.hall",
        ("public.bookings", "SELECT"),
    ),
    "a list of readers in json may be empty": Twins(
        """
        create table plans (id uuid primary key default gen_random_uuid(), drawn_by uuid not null,
            readers jsonb not null default '[]' check (jsonb_typeof(readers) = 'array'), title text);
        alter table plans enable row level security;
        create policy own on plans to authenticated using (drawn_by = auth.uid());
        create policy reads on plans for select to authenticated using ({});
        """,
        "jsonb_build_array(auth.uid()) @> readers",
        "readers @> jsonb_build_array(auth.uid())",
        ("public.plans", "SELECT"),
    ),
    "a hint says more than is found, and takes nothing away": Twins(
        """
        create table letters (id uuid primary key default gen_random_uuid(), user_id uuid not null, body text not null);
        create table desks (id uuid primary key default gen_random_uuid(), sits uuid not null, place text);
        alter table letters enable row level security;
        alter table desks enable row level security;
        create policy own on desks to authenticated using (sits = auth.uid());
        create policy read on letters for select to authenticated using ({});
        """,
        "body is not null",
        "user_id::text = auth.uid()::text",
        ("public.letters", "SELECT"),
        ("desks.sits",),
    ),
    "a tenant's name looks as its column asks": Twins(
        """
        create table firms (ref text primary key check (ref ~ '^fm-[0-9]{{5}}$'), title text not null);
        create table cases (id uuid primary key default gen_random_uuid(), firm text not null references firms,
            note text not null);
        alter table firms enable row level security;
        alter table cases enable row level security;
        create policy own on cases to authenticated using (firm = (auth.jwt() -> '{}' ->> 'firm'));
        """,
        "user_metadata",
        "app_metadata",
        ("public.cases", "SELECT"),
    ),
    "a tenant's name is as long as its column asks, and a label where that is a list": Twins(
        """
        create domain branch as text check (length(value) = 3 and value = lower(value));
        create table tills (id uuid primary key default gen_random_uuid(), branch branch not null,
            note text not null, closed boolean not null);
        alter table tills enable row level security;
        create policy own on tills for select to authenticated using (branch = (auth.jwt() ->> 'branch') {});
        """,
        "or not closed",
        "and not closed",
        ("public.tills", "SELECT"),
    ),
    "a partition of a table without a key, with a column that is not exact": Twins(
        """
        create table gauges (keeper uuid not null, seen_on date not null, celsius real) partition by range (seen_on);
        create table gauges_old partition of gauges for values from (minvalue) to ('2025-01-01');
        create table gauges_new partition of gauges for values from ('2025-01-01') to (maxvalue);
        alter table gauges enable row level security;
        alter table gauges_old enable row level security;
        {}
        create policy own on gauges to authenticated using (keeper = auth.uid()) with check (keeper = auth.uid());
        """,
        "",
        "alter table gauges_new enable row level security;",
        ("public.gauges_new", "SELECT"),
    ),
    "a row goes in through a view of a table that numbers its rows": Twins(
        """
        create schema base;
        create table base.errands (id int generated always as identity primary key, runner uuid not null, what text,
            length int generated always as (length(what)) stored);
        alter table base.errands enable row level security;
        create view errands as select * from base.errands where runner = auth.uid() {};
        """,
        "",
        "with cascaded check option",
        ("public.errands", "INSERT"),
    ),
    "to empty a table takes a privilege that somebody gave": Twins(
        """
        create table wishes (id uuid primary key default gen_random_uuid(), wisher uuid not null, what text not null);
        alter table wishes enable row level security;
        create policy own on wishes to authenticated using (wisher = auth.uid());
        {}
        """,
        "grant truncate on wishes to authenticated;",
        "",
        ("public.wishes", "TRUNCATE"),
    ),
}
HISTORY = Twins(
    """
    create table files (id int generated always as identity primary key, patient uuid not null, finding text not null);
    create table files_before (at timestamptz not null default clock_timestamp(), before jsonb);
    create function keep() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
        insert into public.files_before (before) values (to_jsonb(old));
        return null;
    end $$;
    create trigger keep after {} on files for each row execute function keep();
    alter table files enable row level security;
    create policy own on files to authenticated using (patient = auth.uid());
    """,
    "",
    "alter table files_before enable row level security;",
    ("public.files_before", "SELECT"),
)


def searched(url: str, sql: str, kind: str = "uuid", owners: tuple[str, ...] = ()) -> Search:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((AUTH.replace("KIND", kind) + sql + GRANTS).encode())
        catalog = read(connection)
        with probing(connection, catalog, may_write=True) as session:
            return find_leaks(session, Options(owners=owners))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("half", ["leaky", "safe"])
def test_without_the_platform(database: str, name: str, half: str) -> None:
    twins = PLAIN[name]
    search = searched(database, twins.sql.format(getattr(twins, half)), owners=twins.owners)
    found = {(leak.relation, leak.command) for leak in search.leaks}
    if half == "leaky":
        assert twins.found in found
    else:
        assert [leak.sentence for leak in search.leaks] == []
        assert search.concluded


@pytest.mark.parametrize("event", ["update", "delete"])
@pytest.mark.parametrize("half", ["leaky", "safe"])
def test_a_history_of_what_was(database: str, event: str, half: str) -> None:
    search = searched(database, HISTORY.sql.format(event) + getattr(HISTORY, half))
    found = {(leak.relation, leak.command) for leak in search.leaks}
    assert (HISTORY.found in found) == (half == "leaky")


@pytest.mark.parametrize("kind", ["bigint", "text"])
@pytest.mark.parametrize("half", ["leaky", "safe"])
def test_users_of_another_type(database: str, kind: str, half: str) -> None:
    sql = f"""
        create table members (id {kind} primary key, nick text not null);
        create table memos (id uuid primary key default gen_random_uuid(), writer {kind} not null references members,
            body text not null);
        alter table members enable row level security;
        alter table memos enable row level security;
        create policy own on members to authenticated using (id = auth.uid());
        create policy own on memos to authenticated using (writer = auth.uid());
        create policy read on memos for select to authenticated using ({{}});
    """
    search = searched(database, sql.format("true" if half == "leaky" else "writer = auth.uid()"), kind)
    assert (("public.memos", "SELECT") in {(leak.relation, leak.command) for leak in search.leaks}) == (half == "leaky")
    assert search.concluded
    assert not any(item.relation == "public.memos" for item in search.inconclusive)


@pytest.mark.parametrize("half", ["leaky", "safe"])
def test_a_table_maps_users_to_numbers(database: str, half: str) -> None:
    sql = """
        create table people (id bigint generated always as identity primary key, login uuid not null unique, nick text);
        create table memos (id uuid primary key default gen_random_uuid(), person bigint not null, body text not null);
        alter table people enable row level security;
        alter table memos enable row level security;
        create policy own on people for select to authenticated using (login = auth.uid());
        create policy own on memos for all to authenticated
            using (person = (select p.id from people as p where p.login = auth.uid())) with check ({});
    """
    own = "person = (select p.id from people as p where p.login = auth.uid())"
    search = searched(database, sql.format("true" if half == "leaky" else own))
    assert ("public.memos" in {leak.relation for leak in search.leaks}) == (half == "leaky")
    assert not any(item.relation == "public.memos" for item in search.inconclusive)


def test_what_comes_of_owning_a_table_is_no_leak(database: str) -> None:
    sql = """
        do $$ begin
            if not exists (select from pg_roles where rolname = 'ward_app') then create role ward_app login; end if;
        end $$;
        grant usage on schema public to ward_app;
        create table wards (id uuid primary key default gen_random_uuid(), ward text not null, note text not null);
        alter table wards owner to ward_app;
        alter table wards enable row level security;
        alter table wards force row level security;
        create policy own on wards using (ward = current_setting('app.ward', true));
    """
    search = searched(database, sql)
    assert [leak.sentence for leak in search.leaks] == []
    assert search.concluded
