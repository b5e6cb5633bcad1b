from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from pgcontract.embedded import apply_setup

if TYPE_CHECKING:
    from pgcontract.embedded import Databases

pytestmark = pytest.mark.extension("vector", "uuid-ossp")  # which the example's schema has

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]
Clone: TypeAlias = Callable[[str], str]
Connect: TypeAlias = Callable[[str], Connection]
Dump: TypeAlias = Callable[[str], list[str]]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "supabase"
RECONCILE = (EXAMPLE / "reconcile.sql").read_bytes()
SAMPLE = (EXAMPLE / "sample.sql").read_bytes()

TABLES = [
    *("user_profiles", "prompt_atoms", "vibe_configs", "agent_runs", "background_events"),
    *("user_template_customizations", "template_versions", "template_customization_history"),
    *("template_usage_analytics", "template_feedback", "shared_template_customizations", "template_presets"),
    *("organizations", "organization_members", "invitations", "usage_metrics"),
]


@pytest.fixture(scope="session")
def whole(server: Databases, fresh_name: Callable[[], str], reconciled: str, dump: Dump) -> list[str]:
    """What every copy of the reconciled database is, before anything of it is broken."""
    name = fresh_name()
    lines = dump(server.create_database(name, reconciled))
    server.drop_database(name)
    return lines


def test_three_runs_one_catalog(clone: Clone, platform: str, reconciled: str, dump: Dump) -> None:
    expected = dump(clone(reconciled))
    url = clone(platform)
    for _ in range(3):
        apply_setup(url, [EXAMPLE / "reconcile.sql"])
        assert dump(url) == expected


def test_the_driver_runs_it_too(clone: Clone, platform: str, reconciled: str, dump: Dump) -> None:
    url = clone(platform)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(RECONCILE)
    assert dump(url) == dump(clone(reconciled))


def test_sample_and_reconcile_change_no_row_twice(clone: Clone, sampled: str, connect: Connect) -> None:
    connection = connect(clone(sampled))

    def rows() -> list[list[tuple[object, ...]]]:
        queries = [f"select t from public.{table} t order by t::text" for table in TABLES]
        queries.append("select last_value from public.usage_metrics_id_seq")
        return [connection.execute(query.encode()).fetchall() for query in queries]

    before = rows()
    assert all(before), "the sample has rows in every table"
    for script in (SAMPLE, RECONCILE, SAMPLE):
        connection.execute(script)
        assert rows() == before


BREAKS = {
    "column": "alter table public.prompt_atoms drop column tags cascade",
    "column of a composite key": "alter table public.user_template_customizations drop column user_id cascade",
    "generated column": "alter table public.agent_runs drop column prompt_tokens cascade",
    "generated column made plain": "alter table public.agent_runs alter total_tokens drop expression",
    "identity": "alter table public.usage_metrics alter id drop identity",
    "identity column": "alter table public.usage_metrics drop column id cascade",
    "type": "alter table public.vibe_configs alter creativity type real",
    "type under a generated column": """alter table public.agent_runs drop column total_tokens,
        alter prompt_tokens type bigint,
        add column total_tokens bigint generated always as (prompt_tokens + completion_tokens) stored""",
    "type with a default": """alter table public.template_presets alter sort_order drop default,
        alter sort_order type text""",
    "default": "alter table public.user_profiles alter plan drop default, alter locale set default 'de'",
    "default where none belongs": "alter table public.agent_runs alter model set default 'large'",
    "nullability": "alter table public.agent_runs alter status drop not null",
    "nullability where null belongs": "alter table public.agent_runs alter model set not null",
    "primary key": "alter table public.organizations drop constraint organizations_pkey cascade",
    "other primary key": """alter table public.organization_members drop constraint organization_members_pkey,
        add constraint members_pk primary key (user_id, organization_id)""",
    "foreign key": "alter table public.agent_runs drop constraint agent_runs_parent_run_id_user_id_fkey",
    "foreign key action": """alter table public.usage_metrics drop constraint usage_metrics_user_id_fkey,
        add constraint usage_metrics_user_id_fkey foreign key (user_id) references auth.users""",
    "foreign key not valid": """alter table public.usage_metrics drop constraint usage_metrics_user_id_fkey,
        add constraint usage_metrics_user_id_fkey foreign key (user_id) references auth.users
            on delete set null not valid""",
    "unique": "alter table public.vibe_configs drop constraint vibe_configs_user_id_name_key",
    "check": "alter table public.template_feedback drop constraint template_feedback_rating_check",
    "check that says something else": """alter table public.template_feedback
        drop constraint template_feedback_rating_check,
        add constraint template_feedback_rating_check check (rating < 100)""",
    "index": "drop index public.agent_runs_user_id_created_at_idx, public.prompt_atoms_embedding_idx",
    "index that says something else": """drop index public.prompt_atoms_tags_idx;
        create index prompt_atoms_tags_idx on public.prompt_atoms (tags)""",
    "policy": "drop policy owner_select on public.vibe_configs",
    "policy widened": "alter policy owner_select on public.vibe_configs to public using (true)",
    "policy too many": "create policy open on public.vibe_configs using (true)",
    "row-level security off": "alter table public.invitations disable row level security",
    "trigger": "drop trigger record_history on public.user_template_customizations",
    "trigger disabled": "alter table public.user_template_customizations disable trigger record_history",
    "trigger on users": "drop trigger create_user_profile on auth.users",
    "trigger on users disabled": "alter table auth.users disable trigger create_user_profile",
    "function": "drop function public.increment_template_usage(uuid, text)",
    "function that policies use": "drop function private.organization_ids(text) cascade",
    "function made definer": "alter function public.invite_member(uuid, text, text) security definer reset all",
    "function granted": "grant execute on function public.claim_background_events(integer) to public, authenticated",
    "table": "drop table public.user_template_customizations cascade",
    "grant": "grant all on public.user_profiles to public, anon, authenticated",
    "grant on a column": "grant update (plan) on public.user_profiles to authenticated",
    "grant missing": "revoke all on public.vibe_configs from authenticated, service_role",
    "schema": "drop schema private cascade",
    "schema opened": "grant usage on schema private to anon",
    "extension": 'drop extension "uuid-ossp"; drop extension vector cascade',
    "extension elsewhere": "alter extension vector set schema public",
    "default privileges": "alter default privileges in schema public grant all on tables to anon",
}


# make test tries some of them, make test-all each.
STEP = 1 if os.environ.get("PGCONTRACT_BREAKS") == "all" else 4
SOME = dict(list(BREAKS.items())[::STEP])


@pytest.mark.parametrize("sql", SOME.values(), ids=SOME.keys())
def test_half_built_database_is_repaired(
    clone: Clone, reconciled: str, whole: list[str], connect: Connect, dump: Dump, sql: str
) -> None:
    url = clone(reconciled)
    connection = connect(url)
    connection.execute(sql.encode())
    assert dump(url) != whole, "the break breaks something"
    connection.execute(RECONCILE)
    assert dump(url) == whole


@pytest.mark.parametrize("table", TABLES[::STEP])
def test_each_table_is_rebuilt(
    clone: Clone, reconciled: str, whole: list[str], connect: Connect, dump: Dump, table: str
) -> None:
    url = clone(reconciled)
    connection = connect(url)
    connection.execute(f"drop table public.{table} cascade".encode())
    connection.execute(RECONCILE)
    assert dump(url) == whole


def test_repair_keeps_the_rows(clone: Clone, sampled: str, connect: Connect) -> None:
    connection = connect(clone(sampled))
    query = b"select id, creativity, tone, settings from public.vibe_configs order by id"
    before = connection.execute(query).fetchall()
    connection.execute("""
        alter table public.vibe_configs alter creativity type real, alter tone drop not null, drop column settings;
        update public.vibe_configs set tone = null where tone = 'neutral';
    """)
    connection.execute(RECONCILE)
    assert connection.execute(query).fetchall() == before


def test_nulls_are_filled_from_the_default_or_stop_the_run(
    clone: Clone, sampled: str, connect: Connect, dump: Dump
) -> None:
    url = clone(sampled)
    connection = connect(url)
    connection.execute("alter table public.vibe_configs alter tone drop not null, alter name drop not null")
    connection.execute("update public.vibe_configs set tone = null")
    connection.execute(RECONCILE)
    assert connection.execute("select distinct tone from public.vibe_configs").fetchall() == [("neutral",)]

    connection.execute(
        "alter table public.vibe_configs alter name drop not null; update public.vibe_configs set name = null"
    )
    connection.execute("drop table public.usage_metrics")
    before = dump(url)
    with pytest.raises(psycopg.errors.NotNullViolation, match="name"):
        connection.execute(RECONCILE)
    connection.execute("rollback")
    assert dump(url) == before


def test_what_is_not_its_own_stays(clone: Clone, reconciled: str, connect: Connect, dump: Dump) -> None:
    url = clone(reconciled)
    connection = connect(url)
    connection.execute("""
        alter table public.vibe_configs add column nickname text,
            add constraint short check (char_length(nickname) < 9);
        create index nickname on public.vibe_configs (nickname);
        create function public.hook() returns trigger language plpgsql as 'begin return new; end';
        create trigger hook before insert on public.vibe_configs for each row execute function public.hook();
        create table public.other (id integer);
        alter table public.other enable row level security;
        create policy everyone on public.other using (true);
        grant select on public.other to anon;
    """)
    before = dump(url)
    connection.execute(RECONCILE)
    assert dump(url) == before


@pytest.fixture
def project_owner(clone: Clone, platform: str, connect: Connect) -> Iterator[Connection]:
    """Acts as a role such as "postgres" is on the platform: no superuser, and auth is not its own."""
    connection = connect(clone(platform))
    role = f"{connection.info.dbname}_owner"
    connection.execute("create extension vector schema extensions")  # the platform would let the role do this
    connection.execute(
        f"""
        create role {role} nosuperuser createdb createrole bypassrls;
        alter database {connection.info.dbname} owner to {role};
        grant all on schema public, extensions to {role};
        grant usage on schema auth to {role};
        grant all on auth.users to {role};
        set role {role};
    """.encode()
    )
    yield connection
    connection.execute(f"reset role; reassign owned by {role} to current_user; drop owned by {role}".encode())
    connection.execute(f"drop role {role}".encode())


def test_needs_no_superuser(project_owner: Connection, dump: Dump) -> None:
    url = f"{project_owner.info.dsn} user={project_owner.info.user}"
    runs = []
    for script in (RECONCILE, RECONCILE, SAMPLE, RECONCILE):
        project_owner.execute(script)
        runs.append(dump(url))
    assert runs[0] == runs[1] == runs[2] == runs[3]
    assert project_owner.execute("select count(*) from public.template_versions").fetchone() == (4,)


# Each finds what breaks a rule of ours; a query that could find nothing at all would prove nothing, so each is first
# shown the break that it must find.
RULES = {
    "policies name a role": (
        "create policy p on public.organizations using (true)",
        "select polname from pg_policy where polroles = '{0}'",
    ),
    "anon has no policy": (
        "create policy p on public.organizations to anon using (true)",
        "select polname from pg_policy where 'anon'::regrole = any (polroles)",
    ),
    "tables have row-level security": (
        "alter table public.organizations disable row level security",
        """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
           and not relrowsecurity""",
    ),
    "policies evaluate auth.uid() once": (
        "create policy p on public.vibe_configs to authenticated using (auth.uid() = user_id)",
        """select polname from pg_policy where coalesce(pg_get_expr(polqual, polrelid), '')
           || coalesce(pg_get_expr(polwithcheck, polrelid), '') ~ '(?<!SELECT )auth\\.uid\\(\\)'""",
    ),
    "functions pin search_path": (
        "create function public.f() returns integer language sql as 'select 1'",
        """select proname from pg_proc p where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
           and 'search_path=""' <> all (coalesce(proconfig, '{}'))""",
    ),
    "functions are not for everyone": (
        "create function public.f() returns integer language sql as 'select 1'",
        """select proname from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
           and has_function_privilege('anon', oid, 'execute')""",
    ),
    "anon may do nothing": (
        "grant select (id) on public.organizations to anon",
        """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and (
               has_any_column_privilege('anon', oid, 'select, insert, update, references')
               or has_table_privilege('anon', oid, 'delete, truncate, trigger'))""",
    ),
    "nobody truncates, references or makes triggers": (
        "grant truncate on public.organizations to service_role",
        """select relname, r from pg_class, unnest(array['anon', 'authenticated', 'service_role']) r
           where relnamespace = 'public'::regnamespace and relkind = 'r'
           and has_table_privilege(r, pg_class.oid, 'truncate, references, trigger')""",
    ),
    "sequences are closed": (
        "grant usage on sequence public.usage_metrics_id_seq to authenticated",
        """select relname from pg_class, unnest(array['anon', 'authenticated', 'service_role']) r
           where relkind = 'S' and relnamespace = 'public'::regnamespace
           and has_sequence_privilege(r, pg_class.oid, 'usage, select, update')""",
    ),
    "foreign keys are indexed": (
        "drop index public.organizations_created_by_idx",
        """select conname from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
           and not exists (
               select from pg_index where indrelid = conrelid and indpred is null
               and (string_to_array(indkey::text, ' ')::smallint[])[1:cardinality(conkey)] = conkey)""",
    ),
    "new tables are closed": (
        "alter default privileges in schema public grant select on tables to anon",
        """select defaclobjtype from pg_default_acl, aclexplode(defaclacl) a where defaclrole = current_user::regrole
           and a.grantee in ('anon'::regrole, 'authenticated'::regrole)""",
    ),
}


@pytest.mark.parametrize(("break_it", "offenders"), RULES.values(), ids=RULES.keys())
def test_rules(clone: Clone, reconciled: str, connect: Connect, break_it: str, offenders: str) -> None:
    connection = connect(clone(reconciled))
    assert connection.execute(offenders.encode()).fetchall() == []
    connection.execute(break_it.encode())
    assert len(connection.execute(offenders.encode()).fetchall()) >= 1
