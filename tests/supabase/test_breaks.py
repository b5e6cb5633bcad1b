"""Ways to break the example's database, one at a time, and exactly what of its contract fails then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from pgcontract import Suite, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.embedded import Databases
    from pgcontract.verdict import Report

pytestmark = pytest.mark.extension("vector", "uuid-ossp")  # which the example's schema has

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]

# What closed tables, functions and schemas say once more of what is missing, and of all that is more.
CLOSED = {
    *("ColumnsAre", "ColumnKindsAre", "ObjectsAre", "IndexesAre", "TriggersAre", "RulesAre", "ParentsAre"),
    *("TableStorage", "Clustered", "ReplicaIdentity", "AclIs", "CommentIs", "CommentsAre", "RlsNotForced"),
    *("ViewsAre", "MaterializedViewsAre", "ForeignTablesAre", "OperatorsAre"),
}
OF_USERS = [
    *("user_profiles", "prompt_atoms", "vibe_configs", "agent_runs", "background_events"),
    *("user_template_customizations", "template_versions", "template_customization_history"),
    *("template_usage_analytics", "template_feedback"),
]
OF_TENANTS = [
    *("shared_template_customizations", "organizations", "organization_members", "invitations", "usage_metrics"),
]
TABLES = [*OF_USERS, *OF_TENANTS, "template_presets"]

COMMANDS = ("select", "insert", "update", "delete")

# Functions as the contract writes them
INCREMENT = "public.increment_template_usage(uuid, text)"
MATCH = "public.match_prompt_atoms(vector, int, double precision)"
INVITE, ACCEPT = "public.invite_member(uuid, text, text)", "public.accept_invitation(text)"
CREATE, TRANSFER = "public.create_organization(text, text)", "public.transfer_organization_ownership(uuid, uuid)"
METER = "public.record_usage_metric(uuid, text, numeric, text, uuid)"
USAGE, STATS = "public.get_organization_usage(uuid, timestamptz)", "public.get_template_usage_stats(text, date)"
RECORD = "public.record_template_usage(text, text, bigint, jsonb)"
RESTORE = "public.restore_template_version(uuid, int)"
ROLLBACK = "public.rollback_template_customization(uuid, uuid)"
CLAIM = "public.claim_background_events(int)"


def all_of(kind: str, tables: list[str]) -> list[str]:
    return [f"{kind} public.{table}" for table in tables]


# By name: the SQL, and each outcome that fails, as often as it does. What needs a missing object is skipped.
BREAKS: dict[str, tuple[str, list[str]]] = {
    # Tables
    "table dropped": (
        "drop table public.vibe_configs",
        ["TableExists public.vibe_configs", "TablesAre public"],
    ),
    "table dropped that others refer to": (
        "drop table public.template_presets cascade",
        ["TableExists public.template_presets", "TablesAre public"],
    ),
    "table renamed": (
        "alter table public.template_feedback rename to feedback",
        ["TableExists public.template_feedback", "TablesAre public"],
    ),
    "table moved": (
        "alter table public.agent_runs set schema private",
        ["TableExists public.agent_runs", "TablesAre public", "TablesAre private"],
    ),
    "tables that functions use dropped": (
        "drop table public.organizations, public.user_template_customizations, public.prompt_atoms cascade",
        [
            *all_of("TableExists", ["organizations", "user_template_customizations", "prompt_atoms"]),
            "TablesAre public",
            *(f"FunctionCallable {name}" for name in (INCREMENT, INCREMENT, RESTORE, ROLLBACK, MATCH, CREATE, ACCEPT)),
        ],
    ),
    "extra table": ("create table public.notes (id int)", ["TablesAre public"]),
    "extra partitioned table": (
        """
        create table public.logs (at date) partition by range (at);
        create table public.logs_2026 partition of public.logs default
        """,
        ["TablesAre public"],
    ),
    "all tables dropped": (
        f"drop table {', '.join(f'public.{table}' for table in TABLES)} cascade",
        [
            *all_of("TableExists", TABLES),
            "TablesAre public",
            f"FunctionPresent {CLAIM}",  # it returned rows of a table
            "SequencePresent public.usage_metrics_id_seq",
            *(f"FunctionCallable {name}" for name in (INCREMENT, INCREMENT, RECORD, STATS, RESTORE, ROLLBACK, MATCH)),
            *(f"FunctionCallable {name}" for name in (CREATE, INVITE, ACCEPT, TRANSFER, USAGE, USAGE, METER)),
        ],
    ),
    # Columns
    "column dropped": ("alter table public.prompt_atoms drop column tags", ["ColumnExists public.prompt_atoms.tags"]),
    "column of a check dropped": (
        "alter table public.template_feedback drop column rating",
        ["ColumnExists public.template_feedback.rating", "CheckConstraint public.template_feedback"],
    ),
    "column of the policies dropped": (
        "alter table public.template_feedback drop column user_id cascade",
        [
            "ColumnExists public.template_feedback.user_id",
            *(f"PolicyPresent public.template_feedback.owner_{command}" for command in COMMANDS),
            "PoliciesAre public.template_feedback",
        ],
    ),
    "column of a policy renamed": (
        "alter table public.template_presets rename column is_public to shown",
        [
            "ColumnExists public.template_presets.is_public",
            "IndexPresent public.template_presets",  # whose predicate it was
            "PolicyPresent public.template_presets.public_select",
        ],
    ),
    "column renamed": (
        "alter table public.agent_runs rename column model to model_name",
        # The grant has moved to a column that the contract does not know.
        ["ColumnExists public.agent_runs.model", "PrivilegeNotGranted public.agent_runs"],
    ),
    "type changed": (
        "alter table public.organizations alter seats type bigint",
        ["ColumnType public.organizations.seats"],
    ),
    "type changed under a check": (
        "alter table public.agent_runs alter cost_usd type float8",
        # Postgres has rewritten the check with casts.
        ["ColumnType public.agent_runs.cost_usd", "CheckConstraint public.agent_runs"],
    ),
    "time zone lost": (
        "alter table public.usage_metrics alter created_at type timestamp",
        ["ColumnType public.usage_metrics.created_at"],
    ),
    "text narrowed to varchar": (
        "alter table public.prompt_atoms alter name type varchar(120)",
        ["ColumnType public.prompt_atoms.name"],
    ),
    "numeric widened": (
        "alter table public.vibe_configs alter creativity type numeric(5,2)",
        ["ColumnType public.vibe_configs.creativity"],
    ),
    "other dimensions": (
        "alter table public.prompt_atoms alter embedding type extensions.vector(768)",
        ["ColumnType public.prompt_atoms.embedding"],
    ),
    "default changed": (
        "alter table public.user_profiles alter plan set default 'pro'",
        ["ColumnDefault public.user_profiles.plan"],
    ),
    "default dropped": (
        "alter table public.user_profiles alter plan drop default",
        ["ColumnDefault public.user_profiles.plan"],
    ),
    "default where none belongs": (
        "alter table public.agent_runs alter model set default 'large'",
        ["ColumnDefault public.agent_runs.model"],
    ),
    "default that a function counts on dropped": (
        "alter table public.template_usage_analytics alter metadata drop default",
        ["ColumnDefault public.template_usage_analytics.metadata", *[f"FunctionCallable {INCREMENT}"] * 2],
    ),
    "nullable": (
        "alter table public.agent_runs alter status drop not null",
        ["ColumnNotNull public.agent_runs.status"],
    ),
    "not nullable": (
        """
        alter table public.vibe_configs alter description set default '';
        update public.vibe_configs set description = '';
        alter table public.vibe_configs alter description drop default, alter description set not null
        """,
        ["ColumnNullable public.vibe_configs.description"],
    ),
    "identity dropped": (
        "alter table public.usage_metrics alter id drop identity",
        [
            "ColumnIdentity public.usage_metrics.id",
            "SequencePresent public.usage_metrics_id_seq",
            f"FunctionCallable {METER}",
        ],
    ),
    # Constraints
    "primary key dropped": (
        "alter table public.vibe_configs drop constraint vibe_configs_pkey",
        ["PrimaryKey public.vibe_configs"],
    ),
    "primary key in another order": (
        """
        alter table public.organization_members drop constraint organization_members_pkey,
        add primary key (user_id, organization_id)
        """,
        ["PrimaryKey public.organization_members"],
    ),
    "unique dropped": (
        "alter table public.vibe_configs drop constraint vibe_configs_user_id_name_key",
        ["UniqueConstraint public.vibe_configs"],
    ),
    "unique on other columns": (
        """
        alter table public.template_feedback drop constraint template_feedback_user_id_template_id_key,
        add unique (user_id, template_id, preset_id)
        """,
        ["UniqueConstraint public.template_feedback"],
    ),
    "foreign key dropped": (
        "alter table public.agent_runs drop constraint agent_runs_parent_run_id_user_id_fkey",
        ["ForeignKey public.agent_runs"],
    ),
    "foreign key on fewer columns": (
        """
        alter table public.template_versions drop constraint template_versions_customization_id_user_id_fkey,
        add foreign key (customization_id) references public.user_template_customizations (id) on delete cascade
        """,
        ["ForeignKey public.template_versions"],
    ),
    "foreign key with another action": (
        """
        alter table public.usage_metrics drop constraint usage_metrics_user_id_fkey,
        add foreign key (user_id) references auth.users (id) on delete cascade
        """,
        ["ForeignKey public.usage_metrics"],
    ),
    "foreign key not valid": (
        """
        alter table public.usage_metrics drop constraint usage_metrics_user_id_fkey,
        add foreign key (user_id) references auth.users (id) on delete set null not valid
        """,
        ["ForeignKey public.usage_metrics"],
    ),
    "check dropped": (
        "alter table public.template_feedback drop constraint template_feedback_rating_check",
        ["CheckConstraint public.template_feedback"],
    ),
    "check widened": (
        """
        alter table public.invitations drop constraint invitations_role_check,
        add constraint invitations_role_check check (role in ('admin', 'member', 'owner'))
        """,
        ["CheckConstraint public.invitations"],
    ),
    "check not valid": (
        """
        alter table public.organizations drop constraint organizations_seats_check,
        add constraint organizations_seats_check check (seats >= 1) not valid
        """,
        ["CheckConstraint public.organizations"],
    ),
    # Indexes
    "index dropped": ("drop index public.agent_runs_user_id_created_at_idx", ["IndexPresent public.agent_runs"]),
    "index with its columns turned round": (
        """
        drop index public.organization_members_user_id_role_idx;
        create index organization_members_user_id_role_idx on public.organization_members (role, user_id)
        """,
        ["IndexPresent public.organization_members"],
    ),
    "index in another order": (
        """
        drop index public.agent_runs_user_id_created_at_idx;
        create index agent_runs_user_id_created_at_idx on public.agent_runs (user_id, created_at)
        """,
        ["IndexPresent public.agent_runs"],
    ),
    "index no longer unique": (
        """
        drop index public.organization_members_owner_idx;
        create index organization_members_owner_idx on public.organization_members (organization_id)
            where role = 'owner'
        """,
        ["IndexPresent public.organization_members.organization_members_owner_idx"],
    ),
    "index with another predicate": (
        """
        drop index public.background_events_queue_idx;
        create index background_events_queue_idx on public.background_events (priority, run_at)
            where status in ('pending', 'failed')
        """,
        ["IndexPresent public.background_events.background_events_queue_idx"],
    ),
    "index without its predicate": (
        "drop index public.vibe_configs_user_id_default_idx;create unique index on public.vibe_configs (user_id)",
        ["IndexPresent public.vibe_configs.vibe_configs_user_id_default_idx"],
    ),
    "index of another method": (
        "drop index public.prompt_atoms_tags_idx;create index prompt_atoms_tags_idx on public.prompt_atoms (tags)",
        ["IndexPresent public.prompt_atoms"],
    ),
    "index with another operator class": (
        """
        drop index public.prompt_atoms_embedding_idx;
        create index on public.prompt_atoms using hnsw (embedding extensions.vector_l2_ops)
        """,
        ["IndexPresent public.prompt_atoms"],
    ),
    "index invalid": (
        "update pg_index set indisvalid = false where indexrelid = 'public.invitations_email_idx'::regclass",
        ["IndexPresent public.invitations"],
    ),
    # Row-level security
    "row-level security disabled": (
        "alter table public.invitations disable row level security",
        ["RlsEnabled public.invitations", "RlsBlocksAnon public.invitations"],
    ),
    "row-level security disabled where rows are for all": (
        "alter table public.template_presets disable row level security",
        ["RlsEnabled public.template_presets"],
    ),
    "policy dropped": (
        "drop policy owner_select on public.vibe_configs",
        ["PolicyPresent public.vibe_configs.owner_select", "PoliciesAre public.vibe_configs"],
    ),
    "policy renamed": (
        "alter policy owner_delete on public.agent_runs rename to owner_may_delete",
        ["PolicyPresent public.agent_runs.owner_delete", "PoliciesAre public.agent_runs"],
    ),
    "extra policy": (
        "create policy support on public.user_profiles for select to authenticated using (true)",
        ["PoliciesAre public.user_profiles", "RlsBlocksAnon public.user_profiles"],
    ),
    "using (true)": (
        "alter policy owner_select on public.prompt_atoms using (true)",
        ["PolicyPresent public.prompt_atoms.owner_select", "RlsBlocksAnon public.prompt_atoms"],
    ),
    "open to whoever is signed in": (
        "alter policy member_select on public.usage_metrics using ((select auth.uid()) is not null)",
        ["PolicyPresent public.usage_metrics.member_select", "RlsBlocksAnon public.usage_metrics"],
    ),
    "with check (true) on update": (
        "alter policy owner_update on public.vibe_configs with check (true)",
        ["PolicyPresent public.vibe_configs.owner_update"],
    ),
    "with check (true) on insert": (
        "alter policy owner_insert on public.vibe_configs with check (true)",
        ["PolicyPresent public.vibe_configs.owner_insert"],
    ),
    "one condition less": (
        """
        alter policy admin_update on public.organization_members
            with check (organization_id in (select private.organization_ids('admin')))
        """,
        ["PolicyPresent public.organization_members.admin_update"],
    ),
    "member for admin": (
        """
        alter policy admin_insert on public.invitations with check
            (organization_id in (select private.organization_ids('member')) and (select auth.uid()) = invited_by)
        """,
        ["PolicyPresent public.invitations.admin_insert"],
    ),
    "once a row instead of once a statement": (
        "alter policy owner_select on public.agent_runs using (auth.uid() = user_id)",
        ["PolicyPresent public.agent_runs.owner_select"],
    ),
    "policy to public": (
        "alter policy owner_select on public.template_versions to public",
        ["PolicyPresent public.template_versions.owner_select"],
    ),
    "policy to one role more": (
        "alter policy public_select on public.template_presets to anon, authenticated",
        ["PolicyPresent public.template_presets.public_select"],
    ),
    "policy for another command": (
        """
        drop policy owner_select on public.background_events;
        create policy owner_select on public.background_events to authenticated
            using ((select auth.uid()) = user_id)
        """,
        ["PolicyPresent public.background_events.owner_select"],
    ),
    "policy restrictive": (
        """
        drop policy member_select on public.usage_metrics;
        create policy member_select on public.usage_metrics as restrictive for select to authenticated
            using (organization_id in (select private.organization_ids('member')))
        """,
        ["PolicyPresent public.usage_metrics.member_select"],
    ),
    # Grants
    "select to anon": ("grant select on public.user_profiles to anon", ["PrivilegeNotGranted public.user_profiles"]),
    "insert to anon": (
        "grant insert on public.template_feedback to anon",
        ["PrivilegeNotGranted public.template_feedback"],
    ),
    "a column to anon": (
        "grant select (display_name) on public.user_profiles to anon",
        ["PrivilegeNotGranted public.user_profiles"],
    ),
    "select to public": (
        "grant select on public.organizations to public",
        ["PrivilegeNotGranted public.organizations"],  # anon's: the others have it anyway
    ),
    "truncate": (
        "grant truncate on public.agent_runs to authenticated",
        ["PrivilegeNotGranted public.agent_runs", "RlsBlocksAnon public.agent_runs"],
    ),
    "maintain": (
        "grant maintain on public.usage_metrics to authenticated",
        ["PrivilegeNotGranted public.usage_metrics"],
    ),
    "one column more": (
        "grant update (plan) on public.user_profiles to authenticated",
        ["PrivilegeNotGranted public.user_profiles"],
    ),
    "the table for some columns": (
        "grant update on public.organization_members to authenticated",
        ["PrivilegeNotGranted public.organization_members"],
    ),
    "select revoked": (
        "revoke select on public.vibe_configs from authenticated",
        ["PrivilegeGranted public.vibe_configs"],
    ),
    "a column revoked": (
        "revoke insert (vibe) on public.agent_runs from authenticated",
        ["PrivilegeGranted public.agent_runs"],
    ),
    "the server's grants revoked": (
        "revoke all on public.usage_metrics from service_role",
        ["PrivilegeGranted public.usage_metrics", f"FunctionCallable {USAGE}", f"FunctionCallable {METER}"],
    ),
    "sequence granted": (
        "grant all on sequence public.usage_metrics_id_seq to anon",
        ["PrivilegeNotGranted public.usage_metrics_id_seq"],
    ),
    "private schema opened": (
        "grant usage on schema private to authenticated",
        ["PrivilegeNotGranted private"],
    ),
    "create on public": ("grant create on schema public to authenticated", ["PrivilegeNotGranted public"]),
    # Functions
    "function dropped": (f"drop function {STATS}", [f"FunctionPresent {STATS}"]),
    "function with other arguments": (
        f"""
        drop function {RESTORE};
        create function public.restore_template_version(uuid, bigint) returns int language sql
            set search_path = '' as 'select 1'
        """,
        [f"FunctionPresent {RESTORE}"],
    ),
    "function with another result": (
        f"""
        drop function {ROLLBACK};
        create function public.rollback_template_customization(uuid, uuid) returns bigint language sql
            set search_path = '' as 'select 1::bigint';
        revoke all on function {ROLLBACK} from public, anon, service_role;
        grant execute on function {ROLLBACK} to authenticated
        """,
        [f"FunctionPresent {ROLLBACK}"],
    ),
    "security definer": (f"alter function {INVITE} security definer", [f"FunctionPresent {INVITE}"]),
    "security invoker": (
        f"alter function {CREATE} security invoker",
        [f"FunctionPresent {CREATE}", f"FunctionCallable {CREATE}"],
    ),
    "search_path reset": (f"alter function {ACCEPT} reset search_path", [f"FunctionPresent {ACCEPT}"]),
    "search_path set": (f"alter function {ACCEPT} set search_path = public", [f"FunctionPresent {ACCEPT}"]),
    "volatility": (
        "alter function private.organization_ids(text) volatile",
        ["FunctionPresent private.organization_ids(text)"],
    ),
    "execute to public": (
        f"grant execute on function {CLAIM} to public",
        [f"PrivilegeNotGranted {CLAIM}"] * 2,  # anon's and authenticated's
    ),
    "execute to anon": (f"grant execute on function {CREATE} to anon", [f"PrivilegeNotGranted {CREATE}"]),
    "execute revoked": (
        f"revoke execute on function {TRANSFER} from authenticated",
        [f"PrivilegeGranted {TRANSFER}", f"FunctionCallable {TRANSFER}"],
    ),
    "execute revoked on what policies call": (
        "revoke execute on function private.organization_ids(text) from authenticated",
        [
            "PrivilegeGranted private.organization_ids(text)",
            f"FunctionCallable {INVITE}",
            f"FunctionCallable {USAGE}",
        ],
    ),
    "function that raises": (
        """
        create or replace function public.claim_background_events(p_limit int default 10)
            returns setof public.background_events language plpgsql set search_path = ''
            as $$ begin raise 'out of order'; end $$
        """,
        [f"FunctionPresent {CLAIM}", f"FunctionCallable {CLAIM}"],
    ),
    "function that lets everybody in": (
        """
        create or replace function private.organization_ids(p_minimum_role text) returns setof uuid language sql
            stable security definer set search_path = '' as 'select id from public.organizations'
        """,
        ["FunctionPresent private.organization_ids(text)", *all_of("RlsBlocksAnon", OF_TENANTS)],
    ),
    # Triggers
    "trigger dropped": (
        "drop trigger record_history on public.user_template_customizations",
        ["TriggerPresent public.user_template_customizations.record_history"],
    ),
    "trigger on users dropped": (
        "drop trigger create_user_profile on auth.users",
        ["TriggerPresent auth.users.create_user_profile"],
    ),
    "trigger disabled": (
        "alter table public.user_template_customizations disable trigger record_history",
        ["TriggerPresent public.user_template_customizations.record_history"],
    ),
    "trigger that fires on replicas": (
        "alter table auth.users enable replica trigger create_user_profile",
        ["TriggerPresent auth.users.create_user_profile"],
    ),
    "trigger moved to after": (
        """
        drop trigger set_version on public.user_template_customizations;
        create trigger set_version after update on public.user_template_customizations
            for each row execute function private.set_customization_version()
        """,
        ["TriggerPresent public.user_template_customizations.set_version"],
    ),
    "trigger on one event less": (
        """
        drop trigger record_history on public.user_template_customizations;
        create trigger record_history after insert on public.user_template_customizations
            for each row execute function private.record_customization_history()
        """,
        ["TriggerPresent public.user_template_customizations.record_history"],
    ),
    "trigger with another function": (
        """
        drop trigger set_updated_at on public.vibe_configs;
        create trigger set_updated_at before update on public.vibe_configs
            for each row execute function private.set_customization_version()
        """,
        ["TriggerPresent public.vibe_configs.set_updated_at"],
    ),
    "trigger for each statement": (
        """
        drop trigger set_updated_at on public.invitations;
        create trigger set_updated_at before update on public.invitations
            for each statement execute function private.set_updated_at()
        """,
        ["TriggerPresent public.invitations.set_updated_at"],
    ),
    "trigger that never fires": (
        """
        drop trigger set_updated_at on public.invitations;
        create trigger set_updated_at before update on public.invitations
            for each row when (false) execute function private.set_updated_at()
        """,
        ["TriggerPresent public.invitations.set_updated_at"],
    ),
    "trigger on some columns": (
        """
        drop trigger set_updated_at on public.invitations;
        create trigger set_updated_at before update of status on public.invitations
            for each row execute function private.set_updated_at()
        """,
        ["TriggerPresent public.invitations.set_updated_at"],
    ),
    # Extensions and schemas
    "extension dropped": ('drop extension "uuid-ossp"', ["ExtensionInstalled uuid-ossp"]),
    "extension dropped with what uses it": (
        "drop extension vector cascade",
        ["ExtensionInstalled vector", "ColumnExists public.prompt_atoms.embedding", f"FunctionPresent {MATCH}"],
    ),
    "extension moved": (
        "alter extension vector set schema public",
        ["ExtensionInstalled vector", f"FunctionCallable {MATCH}"],  # its body names the operator by its schema
    ),
    # Roles
    "member of the server's role": (
        "grant service_role to authenticated",
        [
            "RoleExists authenticated",
            # What authenticated had less than the server; each privilege that it had on some columns is one of its own.
            *all_of("PrivilegeNotGranted", ["background_events", "template_presets", "usage_metrics"]),
            *all_of("PrivilegeNotGranted", ["template_customization_history"]),
            *all_of("PrivilegeNotGranted", ["user_profiles"]) * 3,
            *all_of("PrivilegeNotGranted", ["agent_runs", "user_template_customizations", "invitations"]) * 2,
            *all_of("PrivilegeNotGranted", ["template_versions", "organizations", "organization_members"]) * 2,
            f"PrivilegeNotGranted {METER}",
            f"PrivilegeNotGranted {CLAIM}",
        ],
    ),
    "authenticated bypasses row-level security": (
        "alter role authenticated bypassrls",
        ["RoleExists authenticated", *all_of("RlsBlocksAnon", [*OF_USERS, *OF_TENANTS])],
    ),
    "the server no longer does": (
        "alter role service_role nobypassrls",
        ["RoleExists service_role", f"FunctionCallable {METER}"],
    ),
    "anon may log in": ("alter role anon login", ["RoleExists anon"]),
    "anon reads everything": (
        "grant pg_read_all_data to anon",
        [
            "RoleExists anon",
            *all_of("PrivilegeNotGranted", TABLES),
            "PrivilegeNotGranted private",
            "PrivilegeNotGranted public.usage_metrics_id_seq",
        ],
    ),
}
MARKS = {
    "maintain": [pytest.mark.pg(">= 17")],  # before, nobody could be granted it
    "anon reads everything": [pytest.mark.pg(">= 14")],
}


# Each verifies the whole contract: every second one of each noun here, all of them by `make test-all`.
TRIED = [*BREAKS] if os.environ.get("PGCONTRACT_BREAKS") == "all" else [*BREAKS][::4]


@pytest.fixture(scope="module")
def connection(
    server: Databases, sampled: str, fresh_name: Callable[[], str], keep: Callable[[Connection], None]
) -> Iterator[Connection]:
    """One database for all of them, each rolled back."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name, sampled), autocommit=True) as opened:
        keep(opened)
        yield opened
    server.drop_database(name)


@pytest.fixture(scope="module")
def suite(contract: Suite) -> Suite:
    """The example's, but for isolation, which takes seconds a table and has breaks in test_interference.py."""
    return Suite(contract.name, [one for one in contract if one.kind not in {"RlsIsolates", *CLOSED}])


def failed(report: Report) -> list[str]:
    return sorted(f"{outcome.kind} {outcome.subject}" for outcome in report.having("failed"))


def unexplained(report: Report) -> list[str]:
    """What was skipped for another reason than that something is missing, which fails as such."""
    missing = {finding.object for outcome in report.having("failed") for finding in outcome.findings}
    reasons = {outcome.reason or "" for outcome in report.having("skipped")}
    return sorted(reason for reason in reasons if not any(f" {name}, which does not" in reason for name in missing))


@pytest.mark.parametrize(
    ("sql", "expected"), [pytest.param(*BREAKS[name], id=name, marks=MARKS.get(name, [])) for name in TRIED]
)
def test_exactly_what_is_broken_fails(suite: Suite, connection: Connection, sql: str, expected: list[str]) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.encode())
        report = verify(suite, connection, probes="rollback")
    assert failed(report) == sorted(expected)
    assert not [f"{outcome.kind} {outcome.subject}: {outcome.reason}" for outcome in report.having("errored")]
    assert not unexplained(report)


def test_nothing_of_it_stays(suite: Suite, connection: Connection) -> None:
    for sql in ("drop schema public cascade", "alter role authenticated bypassrls"):
        with connection.transaction(force_rollback=True):
            connection.execute(sql.encode())
            assert not verify(suite, connection, probes="rollback").passed
    assert verify(suite, connection, probes="rollback").summary == {
        "passed": len(suite),
        "failed": 0,
        "errored": 0,
        "skipped": 0,
    }


@pytest.mark.parametrize("name", ["table renamed", "type changed", "using (true)", "select to public", "volatility"])
def test_by_url_it_is_the_same(
    clone: Callable[[str], str], sampled: str, connect: Callable[[str], Connection], suite: Suite, name: str
) -> None:
    url = clone(sampled)
    sql, expected = BREAKS[name]
    connect(url).execute(sql.encode())
    assert failed(verify(suite, url)) == sorted(expected)
