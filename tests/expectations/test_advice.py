"""Each rule of advice holds, breaks, and is mended; where nobody says where to look, nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

import pgcontract
from pgcontract import (
    AnonymousSignInsConsidered,
    ApiRolesStayUnderRls,
    AuthReferencedByPrimaryKey,
    AuthUsersHidden,
    ChecksAsNarrowAsUsing,
    ColumnsOpenedByTable,
    ExposedTablesUnderRls,
    ExtensionsNotExposed,
    ExtensionsUpToDate,
    ForeignKeysIndexed,
    ForeignTablesNotExposed,
    GrantedTablesHavePolicies,
    HiddenFromGraphql,
    IndexesNotDuplicate,
    MaterializedViewsNotExposed,
    NewFunctionsClosed,
    NewTablesClosed,
    NoCreateForApiRoles,
    NoExecuteThroughPublic,
    NoOidReferencesInColumns,
    NoTriggerOrReferencesForApiRoles,
    NoTruncateForApiRoles,
    OnePermissivePolicy,
    OwnersUnderRls,
    PoliciesCallOnce,
    PoliciesEnforced,
    PoliciesIgnoreUserMetadata,
    PoliciesNameRoles,
    PoliciesNotOnlyRestrictive,
    PoliciesNotRecursive,
    PublishedTablesUnderRls,
    QueuesUnderRls,
    SecretColumnsHidden,
    SecurityDefinersFixSearchPath,
    SecurityDefinersNotCallable,
    StoragePoliciesNameBucket,
    TablesHavePrimaryKey,
    ViewsAskAsInvoker,
    WritePoliciesHaveConditions,
    WritersMayRead,
    verify,
)
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.rules import RULES
from pgcontract.expectations.advice.suite import advice
from pgcontract.testing import Case, judged

if TYPE_CHECKING:
    from pgcontract.expectations.advice.rule import Advice

ROLES = ("pgc_anon", "pgc_user")
SETUP = """
create role pgc_anon; create role pgc_user; create role pgc_admin;
revoke create on schema public from public; grant usage on schema public to pgc_anon, pgc_user;
create schema auth;
create table auth.users (id uuid primary key, email text unique, is_anonymous boolean not null default false);
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create function auth.jwt() returns jsonb language sql stable as $$ select '{}'::jsonb $$;
grant usage on schema auth to public;
create table notes (id int primary key, owner uuid, body text, password text);
alter table notes enable row level security;
create policy own on notes for select to pgc_user using (owner = (select auth.uid()));
grant select on notes to pgc_user;
create table allowed (id int, owner uuid, body text, password text); grant all on allowed to pgc_anon;
"""
OWN = "owner = (select auth.uid())"


def rule(kind: type[Advice], *allow: str, **fields: Any) -> Advice:
    """The rule with every field set: on `public`, with everything allowed whose name begins with `allowed`."""
    roles = {"roles": ROLES} if issubclass(kind, ApiAdvice) else {}
    return kind(**{"schemas": ["public"], "allow": ["public.allowed*", *allow], **roles, **fields})


CASES = [
    Case(
        rule(ExposedTablesUnderRls),
        SETUP,
        "create table open (id int); grant update (id) on open to pgc_anon",
        "row-level security is disabled on public.open, and pgc_anon may UPDATE",
    ),
    Case(
        rule(PoliciesEnforced),
        SETUP,
        "alter table notes disable row level security",
        "the policies of public.notes are not looked at",
    ),
    Case(
        rule(GrantedTablesHavePolicies),
        SETUP,
        "drop policy own on notes",
        "public.notes has no policy, so pgc_user may SELECT",
        "revoke all on notes from pgc_user",
    ),
    Case(
        rule(PoliciesNotOnlyRestrictive),
        SETUP,
        "drop policy own on notes; create policy own on notes as restrictive using (true)",
        "all policies of public.notes are restrictive",
        "create policy also on notes using (true)",
    ),
    Case(
        rule(WritersMayRead),
        SETUP + "create policy drop_box on notes for insert to pgc_anon with check (body is not null)",
        f"create policy blind on notes for update to pgc_anon using ({OWN})",
        "public.notes.blind lets pgc_anon UPDATE, and no policy lets them SELECT",
        f"create policy seeing on notes for select using ({OWN})",
    ),
    Case(
        rule(WritePoliciesHaveConditions, "public.notes.fine"),
        SETUP
        + "create policy fine on notes for delete to pgc_user using (1 = 1);"
        + f"create policy own_write on notes for update to pgc_user using ({OWN});"
        + "create policy readable on notes for select using (true)",
        "create policy open on notes for delete to pgc_user using (id is not null)",
        "public.notes.open lets pgc_user DELETE any row",
        "create policy kept on notes as restrictive for delete using (owner is null)",
    ),
    Case(
        rule(WritePoliciesHaveConditions),
        SETUP
        + "create policy admins on notes for delete to pgc_user using (auth.jwt() ->> 'role' = 'admin');"
        + "create policy mine on notes for update to pgc_user using (auth.uid() is not null and owner = auth.uid())",
        "create policy open on notes for update to pgc_user using ((select auth.uid()) is not null)",
        "public.notes.open lets pgc_user UPDATE any row",
        "drop policy open on notes",
        name="a policy for whoever is signed in",
    ),
    Case(
        rule(ChecksAsNarrowAsUsing, "public.notes.fine"),
        SETUP
        + f"create policy fine on notes for update to pgc_user using ({OWN}) with check (true);"
        + f"create policy without on notes for update to pgc_user using ({OWN})",
        f"create policy gift on notes for all to pgc_user using ({OWN}) with check (true)",
        "public.notes.gift lets pgc_user write what it would not let them see",
    ),
    Case(
        rule(PoliciesNameRoles),
        SETUP + "create policy narrow on notes as restrictive using (true)",
        f"create policy everybody on notes using ({OWN})",
        "policy public.notes.everybody is for everybody",
        "alter policy everybody on notes to pgc_user",
    ),
    Case(
        rule(PoliciesIgnoreUserMetadata),
        SETUP
        + "alter table notes add user_metadata text;"
        + "create policy fine on notes to pgc_user using (auth.jwt() #>> '{app_metadata,role}' = user_metadata)",
        "create policy trusting on notes to pgc_user using (auth.jwt() #>> '{user_metadata,role}' = 'admin')",
        "policy public.notes.trusting trusts user_metadata, which",
        "drop policy trusting on notes",
    ),
    Case(
        rule(PoliciesIgnoreUserMetadata),
        SETUP,
        "create function role_of() returns text language sql as $$ select auth.jwt() -> 'user_metadata' ->> 'role' $$;"
        "create function is_admin() returns boolean language sql as $$ select public.role_of() = 'admin' $$;"
        "create policy trusting on notes to pgc_user using (is_admin())",
        "trusts user_metadata through a function",
        "drop policy trusting on notes",
        name="user_metadata two functions away",
    ),
    Case(
        rule(PoliciesCallOnce),
        SETUP,
        "create policy slow on notes for update to pgc_user using (auth.uid() = owner)"
        " with check (owner = auth.uid() and current_setting('app.x', true) = body)",
        ("policy public.notes.slow calls auth.uid(), current_setting('app.x'::text, true) for each row",),
    ),
    Case(
        rule(PoliciesCallOnce),
        SETUP + "create policy once on notes for delete to pgc_user using (id in (select id from allowed where"
        " owner = (select auth.uid()))) ",
        "create policy slow on notes for update to pgc_user using (exists (select from allowed a"
        " where a.id = notes.id and a.owner = auth.uid()))",
        "policy public.notes.slow calls auth.uid() for each row",
        name="in a subquery with FROM",
    ),
    Case(
        rule(OnePermissivePolicy),
        SETUP + "create policy del on notes for delete to pgc_user using (true)",
        "create policy too on notes for select using (body is null)",
        "2 permissive policies of public.notes are for SELECT by pgc_user: own, too",
        "drop policy too on notes",
    ),
    Case(
        rule(PoliciesNotRecursive),
        SETUP + "create policy write on notes for insert to pgc_user with check"
        " (exists (select from allowed where allowed.id = notes.id))",
        "create policy again on notes for select to pgc_user using (exists (select from notes n where n.id = 1))",
        "policy public.notes.again reads its own table",
        "drop policy again on notes",
    ),
    Case(
        rule(ViewsAskAsInvoker, strict=True),
        SETUP
        + "create view allowed_notes as select * from notes; create view asks with (security_invoker) as table notes;"
        + "create view harmless as select 1 as one; grant select on allowed_notes, asks, harmless to pgc_anon;"
        + "create view above as select * from asks; grant select on above to pgc_anon;"
        + "create view others as select * from notes; grant create on schema public to pgc_admin;"
        + "alter view others owner to pgc_admin; grant select on others to public;",
        "create view inner_view as select id from notes; create view shown as select id from inner_view;"
        "grant select on shown to pgc_anon",
        "view public.shown shows pgc_anon the rows of public.notes past their policies",
    ),
    Case(
        rule(ViewsAskAsInvoker),
        SETUP
        + "create view mine as select * from notes where owner = auth.uid() and body is not null;"
        + "create view members as select * from notes n where exists (select from allowed a where a.id = n.id"
        + " and (select auth.uid()) = a.owner) with check option; grant select on mine, members to pgc_anon;"
        + "create view of_friends as select n.* from notes n join allowed a on a.id = n.id and a.owner = auth.uid();"
        + "grant insert on members to pgc_anon; grant select on of_friends to pgc_anon",
        "grant insert on mine to pgc_anon;"
        "create view joined as select a.id from allowed a left join notes n on n.id = a.id and n.owner = auth.uid();"
        "grant select on joined to pgc_anon;"
        "create view signed_in as select * from notes where auth.uid() is not null;"
        "grant select on signed_in to pgc_anon;"
        "create view both_of as select * from notes where owner = auth.uid() union select * from notes;"
        "grant select on both_of to pgc_anon",
        ("view public.mine", "view public.joined", "view public.signed_in", "view public.both_of"),
        name="views that filter by themselves",
    ),
    Case(
        rule(AuthUsersHidden),
        SETUP + "create view allowed_users as select id from auth.users; create view users with (security_invoker) as"
        " select email from auth.users; grant select on allowed_users, users to pgc_anon",
        "create materialized view people as select email from auth.users; grant select on people to pgc_user",
        "materialized view public.people shows auth.users to pgc_user",
    ),
    Case(
        rule(AuthUsersHidden),
        SETUP,
        "grant pgc_admin to pgc_user; grant select (email), update on auth.users to pgc_admin",
        "pgc_admin may SELECT, UPDATE on auth.users",
        name="auth.users by grant",
    ),
    Case(
        rule(MaterializedViewsNotExposed),
        SETUP + "create materialized view mine as select * from notes",
        "create materialized view totals as select * from notes; grant select (id) on totals to pgc_anon",
        "materialized view public.totals shows pgc_anon all its rows",
        "revoke select (id) on totals from pgc_anon",
    ),
    Case(
        rule(ForeignTablesNotExposed),
        SETUP
        + "create foreign data wrapper far; create server away foreign data wrapper far;"
        + "create foreign table remote (id int) server away",
        "grant select, insert on remote to pgc_user",
        "foreign table public.remote lets pgc_user INSERT, SELECT",
    ),
    Case(
        rule(NoTruncateForApiRoles), SETUP, "grant truncate on notes to pgc_user", "pgc_user may TRUNCATE public.notes"
    ),
    Case(
        rule(NoTriggerOrReferencesForApiRoles),
        SETUP,
        "grant trigger, references on notes to public",
        "REFERENCES, TRIGGER on public.notes is granted to PUBLIC",
    ),
    Case(
        rule(ColumnsOpenedByTable),
        SETUP + "grant select (body), update (body) on notes to pgc_user",
        "grant select (id, body) on notes to pgc_anon",
        "pgc_anon may read columns of public.notes by grants on them: id, body",
    ),
    Case(
        rule(SecretColumnsHidden),
        SETUP,
        "create policy seen on notes for select to pgc_user using (true)",
        "pgc_user may read public.notes.password of every row",
        "drop policy seen on notes",
    ),
    Case(
        rule(OwnersUnderRls),
        SETUP,
        "grant create on schema public to pgc_admin; alter table notes owner to pgc_admin; grant pgc_admin to pgc_user",
        "the policies of public.notes do not hold for pgc_user",
    ),
    Case(
        rule(ApiRolesStayUnderRls, "pgc_anon"),
        SETUP + "alter role pgc_admin bypassrls; grant pgc_admin to pgc_user",
        "grant select on notes to pgc_admin",
        "role pgc_user may act as pgc_admin, and so bypasses row-level security",
        "revoke pgc_admin from pgc_user",
    ),
    Case(
        rule(ApiRolesStayUnderRls),
        SETUP,
        "grant pg_read_server_files to pgc_anon",
        "role pgc_anon may act as pg_read_server_files",
        "revoke pg_read_server_files from pgc_anon",
        name="a role that reads files",
    ),
    Case(
        rule(NoCreateForApiRoles),
        SETUP,
        "grant create on schema public to public",
        "PUBLIC may create objects in schema public",
    ),
    Case(
        rule(SecurityDefinersFixSearchPath),
        SETUP
        + "create function fixed() returns int language sql security definer set search_path = '' as 'select 1';"
        + "create function also() returns int language sql security definer set search_path = public, pg_temp"
        + " as 'select 1'; create function mine() returns int language sql as 'select 1'",
        "create function loose(int) returns int language sql security definer as 'select 1'",
        "the search_path of public.loose(integer), which runs with its owner's rights, is the caller's",
    ),
    Case(
        rule(SecurityDefinersFixSearchPath),
        SETUP + "create schema shared;"
        "create function via() returns int language sql security definer set search_path = shared as 'select 1';",
        "grant create on schema shared to public",
        "goes through shared, in which PUBLIC may create objects",
        "revoke create on schema shared from public",
        name="a path that others may plant in",
    ),
    Case(
        rule(SecurityDefinersNotCallable),
        SETUP
        + "create function closed() returns int language sql security definer as 'select 1';"
        + "revoke execute on function closed from public;"
        + "create function allowed() returns int language sql security definer as 'select 1';"
        + "create function fires() returns trigger language plpgsql security definer as 'begin return new; end'",
        "create procedure open(int) language sql security definer as 'select 1'",
        "PUBLIC may call public.open(integer), which runs with the rights of",
    ),
    Case(
        rule(NoExecuteThroughPublic),
        SETUP
        + "create function allowed() returns int language sql as 'select 1';"
        + "create function fires() returns trigger language plpgsql as 'begin return new; end'",
        "create function open() returns int language sql as 'select 1'",
        "everybody may call public.open()",
    ),
    Case(
        rule(NewTablesClosed),
        SETUP,
        "alter default privileges for role pgc_admin in schema public grant select on tables to pgc_anon",
        "pgc_anon will have SELECT on the next table that pgc_admin makes in schema public",
    ),
    Case(
        rule(NewFunctionsClosed, "FOR ROLE pgc_user ON FUNCTIONS"),
        SETUP + "grant create on schema public to pgc_admin, pgc_user; alter table allowed owner to pgc_user",
        "alter table notes owner to pgc_admin",
        "everybody will have EXECUTE on the next function that pgc_admin makes",
    ),
    Case(
        rule(HiddenFromGraphql),
        SETUP
        + "create schema graphql_public;"
        + "create function graphql_public.graphql() returns int language sql as 'select 1';",
        "grant usage on schema graphql_public to pgc_anon",
        "table public.notes shows in the GraphQL schema of pgc_user",
        "revoke usage on schema graphql_public from pgc_anon",
    ),
    Case(
        rule(StoragePoliciesNameBucket, "*.fine", schemas=["storage"]),
        SETUP
        + "create schema storage; create table storage.objects (id int, bucket_id text, owner uuid);"
        + "create policy bound on storage.objects using (bucket_id = 'a');"
        + f"create policy fine on storage.objects using ({OWN})",
        f"create policy loose on storage.objects for select to pgc_user using ({OWN})",
        "policy storage.objects.loose is for the objects of every bucket",
        "drop policy loose on storage.objects",
    ),
    Case(
        rule(PublishedTablesUnderRls, publication="pgc_stream"),
        SETUP + "set local client_min_messages = error; create publication pgc_stream for table notes, allowed",
        "create table open (id int); alter publication pgc_stream add table open",
        "publication pgc_stream streams public.open",
    ),
    Case(
        rule(AnonymousSignInsConsidered, "nothing", signed_in="pgc_user"),
        SETUP
        + "create policy asks on notes as restrictive using ((auth.jwt() ->> 'is_anonymous')::boolean is not true)",
        "drop policy asks on notes",
        "1 table is open to anonymous sign-ins as pgc_user: public.notes",
        "create policy asks on notes as restrictive using ((auth.jwt() ->> 'is_anonymous')::boolean is not true)",
    ),
    Case(
        rule(QueuesUnderRls),
        SETUP
        + "create schema pgmq; create schema pgmq_public; create table pgmq.q_jobs (id int);"
        + "grant select, delete on pgmq.q_jobs to pgc_user",
        "grant usage on schema pgmq_public to pgc_user",
        "row-level security is disabled on the queue pgmq.q_jobs, which pgc_user can reach",
    ),
    Case(
        rule(ForeignKeysIndexed),
        SETUP
        + "create table good (a int, b int, unique (b, a)); create table refs (x int, y int,"
        + "foreign key (x, y) references good (b, a)); create index on refs (y desc, x, (x + y))",
        "alter table notes add column good_b int, add column good_a int,"
        " add constraint fk foreign key (good_b, good_a) references good (b, a);"
        " create index on notes (good_b); create index on notes (good_a, good_b) where id > 3",
        "foreign key fk of public.notes has no index on (good_b, good_a)",
    ),
    Case(
        rule(IndexesNotDuplicate),
        SETUP
        + "create index on notes (owner); create index on notes (owner desc); create index on notes (owner)"
        + " where id > 1; create index on notes using hash (owner)",
        "create index twice on notes (id)",
        "index twice of public.notes does what notes_pkey does",
    ),
    Case(
        rule(TablesHavePrimaryKey),
        SETUP
        + "create table cut (id int primary key) partition by list (id); create table one partition of cut default",
        "create table bare (id int unique)",
        "public.bare has no primary key",
        "alter table bare add primary key (id)",
    ),
    Case(
        rule(NoOidReferencesInColumns),
        SETUP + "alter table allowed add bad regproc; alter table notes add good regclass",
        "alter table notes add bad regnamespace[]",
        "column public.notes.bad is of type regnamespace[], which pg_upgrade refuses",
        "alter table notes drop bad",
    ),
    Case(
        rule(AuthReferencedByPrimaryKey),
        SETUP + "alter table notes add foreign key (owner) references auth.users",
        "alter table notes add constraint bad foreign key (body) references auth.users (email)",
        "foreign key bad of public.notes refers to auth.users (email)",
        "alter table notes drop constraint bad",
    ),
    Case(
        rule(ExtensionsNotExposed, "citext"),
        SETUP + "create schema extensions; create extension citext schema public",
        "create extension pg_trgm schema public",
        "extension pg_trgm is in the exposed schema public",
    ),
    Case(
        rule(ExtensionsUpToDate, "citext"),
        SETUP + "create extension citext version '1.4'; create extension pg_trgm",
        "drop extension pg_trgm; create extension pg_trgm version '1.3'",
        "extension pg_trgm is of version 1.3; the server offers",
    ),
]


def _param(case: Case) -> Any:
    marks = [pytest.mark.pg(">= 15")] if "security_invoker" in case.setup else []
    return pytest.param(case, id=case.name or case.expectation.kind, marks=marks)


@pytest.mark.parametrize("case", [_param(case) for case in CASES])
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


ODD = (
    SETUP
    + """
create schema "Api x"; grant usage on schema "Api x" to pgc_anon, pgc_user;
create table "Api x"."Ta.ble" ("Id" int primary key, "Own er" uuid, "sel""ect" text, ref int);
alter table "Api x"."Ta.ble" add foreign key (ref) references "Api x"."Ta.ble";
alter table "Api x"."Ta.ble" enable row level security; grant all on "Api x"."Ta.ble" to pgc_user;
create policy "my ""pol'icy" on "Api x"."Ta.ble" to pgc_user
    using ("Own er" = auth.uid() and "sel""ect" <> 'auth.uid() from where (') with check (true);
create function "Api x"."F n"("a b" int default 1, out x int) language sql security definer as $$ select 1 $$;
create procedure "Api x".p(inout x int) language plpgsql security definer as $$ begin x := 1; end $$;
create aggregate "Api x".agg(int) (sfunc = int4pl, stype = int);
create materialized view "Api x"."M V" as select * from "Api x"."Ta.ble"; grant select on "Api x"."M V" to pgc_anon;
create index "I x" on "Api x"."Ta.ble" ("Own er"); create index "I y" on "Api x"."Ta.ble" ("Own er");
create view "Api x".v as select "Id" from "Api x"."Ta.ble"; grant select ("Id") on "Api x".v to pgc_anon;
"""
)


@pytest.mark.pg(">= 15")
def test_repairs_of_odd_names_run_twice_and_leave_nothing(lab: psycopg.Connection[Any]) -> None:
    suite = advice(schemas=["Api x"], roles=ROLES, without=["AnonymousSignInsConsidered"])
    with lab.transaction(force_rollback=True):
        lab.execute(ODD.encode())
        assert sum(outcome.status == "failed" for outcome in verify(suite, lab).outcomes) == 12
        for _ in range(2):  # what one rule mends another may find fault with
            for outcome in verify(suite, lab).outcomes:
                for repair in [repair.sql for finding in outcome.findings for repair in finding.repair]:
                    lab.execute(repair.encode())
                    lab.execute(repair.encode())
        assert [f.message for outcome in verify(suite, lab).outcomes for f in outcome.findings] == []


OPEN = "create role pgc_late login; create schema api; create table api.rows (id int); grant select on api.rows to {};"
PLATFORM = SETUP + "create role anon; grant usage on schema public to anon; create schema storage;"


@pytest.mark.parametrize(
    ("setup", "objects"),
    [
        (OPEN.format("pgc_late"), []),
        (OPEN.format("pgc_late") + "grant usage on schema api to pgc_late", ["api.rows"]),
        (OPEN.format("pgc_late") + "grant usage on schema api to public", ["api.rows"]),
        (OPEN.format("public") + "grant usage on schema api to pgc_late", ["api.rows"]),
        (OPEN.format("pgc_late") + "create role pgc_other; grant usage on schema api to pgc_other", []),
        (
            OPEN.format("pgc_late")
            + "create role pgc_member; grant pgc_late to pgc_member; grant usage on schema api to pgc_member",
            ["api.rows"],
        ),
        (OPEN.format("pgc_late") + "grant usage on schema api to pgc_late; alter role pgc_late bypassrls", []),
        (OPEN.format("pgc_late") + "grant usage on schema api to pgc_late; alter table api.rows owner to pgc_late", []),
        ("create role pgc_late; create table storage_like (id int); grant select on storage_like to pgc_late", None),
    ],
)
def test_where_nobody_says_every_way_in_is_looked_at(judge: Any, setup: str, objects: list[str] | None) -> None:
    objects = ["public.storage_like"] if objects is None else objects
    outcome = judge("grant usage on schema public to public;" + setup, ExposedTablesUnderRls())
    assert [finding.object for finding in outcome.findings] == objects


@pytest.mark.parametrize(
    ("setup", "objects"),
    [
        ("create schema storage; grant usage on schema storage to pgc_user; {}", ["storage.own"]),  # no platform: ours
        (PLATFORM.removeprefix(SETUP) + "grant usage on schema storage to anon, pgc_user; {}", []),
    ],
)
def test_the_platforms_schemas_are_its_own_only_where_there_is_a_platform(
    judge: Any, setup: str, objects: list[str]
) -> None:
    table = "create table storage.own (id int); grant select on storage.own to pgc_user;"
    before = SETUP.replace("grant all on allowed to pgc_anon", "") + "do $$ begin if not exists (select from pg_roles"
    before += " where rolname = 'anon') then create role anon; end if; end $$;"
    outcome = judge(before + setup.replace("create role anon;", "").format(table), ExposedTablesUnderRls())
    assert [finding.object for finding in outcome.findings] == objects


def test_policies_on_the_platforms_tables_are_looked_at(judge: Any) -> None:
    setup = "create table storage.objects (bucket_id text); create policy p on storage.objects using (true);"
    before = SETUP + "do $$ begin create role anon; exception when duplicate_object then null; end $$;"
    outcome = judge(before + PLATFORM.removeprefix(SETUP).replace("create role anon;", "") + setup, PoliciesEnforced())
    assert [finding.object for finding in outcome.findings] == ["storage.objects"]


@pytest.mark.parametrize("named", [{"schemas": ["nowhere"]}, {"roles": ["nobody_at_all"]}])
def test_what_is_named_and_not_there_is_no_pass(judge: Any, named: dict[str, Any]) -> None:
    assert judge("", ExposedTablesUnderRls(**named)).status == "skipped"  # the missing one is a failure of its own


RECURSIVE = "exists (select from notes n where n.id = 1)"


@pytest.mark.parametrize(
    ("policies", "statement"),
    [
        (f"create policy a on notes for select using ({RECURSIVE})", "select from notes"),
        (f"create policy a on notes for all using ({RECURSIVE})", "select from notes"),
        (f"create policy a on notes for insert with check ({RECURSIVE})", "insert into notes values (7)"),
        (f"create policy a on notes as restrictive for select using ({RECURSIVE})", "select from notes"),
        (
            f"alter policy own on notes using (true); create policy a on notes for insert with check ({RECURSIVE})",
            "insert into notes values (7)",
        ),
        (f"create policy a on notes for select to pgc_anon using ({RECURSIVE})", "select from notes"),
        (
            (
                "create table refs (id int); alter table refs enable row level security;"
                "grant select on refs to pgc_user;"
                "create policy b on refs using (exists (select from notes)); create policy a on notes using"
                " (exists (select from refs))"
            ),
            "select from notes",
        ),
        (
            (
                "create table refs (id int); grant select on refs to pgc_user;"
                "create policy b on refs using (exists (select from notes)); create policy a on notes using"
                " (exists (select from refs))"
            ),
            "select from notes",
        ),
        (
            (
                "create function any_note() returns boolean language sql security definer as"
                " 'select exists (select from public.notes)'; create policy a on notes using (any_note())"
            ),
            "select from notes",
        ),
    ],
)
def test_what_is_called_recursive_is_what_postgres_refuses(
    lab: psycopg.Connection[Any], policies: str, statement: str
) -> None:
    with lab.transaction(force_rollback=True):
        lab.execute((SETUP + "grant insert on notes to pgc_user;" + policies).encode())
        found = judged(PoliciesNotRecursive(schemas=["public"], roles=["pgc_user"]), lab).findings
        lab.execute("set local role pgc_user")
        try:
            lab.execute(statement.encode())
            refused = False
        except psycopg.errors.InvalidObjectDefinition:  # infinite recursion detected in policy
            refused = True
        except psycopg.errors.InsufficientPrivilege:  # the policy itself says no
            refused = False
    assert bool(found) == refused


@pytest.mark.pg(">= 15")
def test_every_rule_is_public_and_says_what_its_findings_are_about(judge: Any) -> None:
    assert {rule.__name__ for rule in RULES} <= set(pgcontract.__all__)
    for case in CASES:
        (*_, finding) = judge(case.setup + ";" + case.broken, case.expectation).findings
        assert finding.object, case
        assert finding.expected, case


def test_the_docs_list_every_rule_with_its_level() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "advice.md").read_text("utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE)) == {r.__name__: r.level for r in RULES}
