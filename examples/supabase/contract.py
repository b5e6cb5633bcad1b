"""What the backend's database should be. contract.yaml says the same, and reconcile.sql makes it so.

A column is written as CREATE TABLE has it: without `default` it has none. `policies` and `grants` are exact: one policy
or privilege more is a failure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract import (
    ExtensionInstalled,
    FunctionCallable,
    FunctionPresent,
    PrivilegeGranted,
    PrivilegeNotGranted,
    RlsBlocksAnon,
    RlsIsolates,
    RoleExists,
    SchemaExists,
    Suite,
    TableExists,
    TablesAre,
    TriggerPresent,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract import Expectation

CORE, TEMPLATES, BILLING = frozenset({"core"}), frozenset({"templates"}), frozenset({"billing"})

API_ROLES = ("anon", "authenticated", "service_role")

# ----------------------------------------------------------------------------------------------------------------------
# What tables have in common
# ----------------------------------------------------------------------------------------------------------------------

ID = {"id": "uuid not null default gen_random_uuid()"}
CREATED = {"created_at": "timestamptz not null default now()"}
UPDATED = {"updated_at": "timestamptz not null default now()"}

# On every update of any column, whatever it changes
BEFORE_UPDATE: Mapping[str, Any] = {
    "timing": "before",
    "events": "update",
    "columns": [],
    "level": "row",
    "when": True,
}
SET_UPDATED_AT = {"set_updated_at": {**BEFORE_UPDATE, "function": "private.set_updated_at()"}}

ALL_ROWS = ["select", "insert", "update", "delete"]

# Each command has a policy: (select auth.uid()) = user_id
OWNED: Mapping[str, Any] = {
    "owner": "user_id",
    "named": "owner_{command}",
    "because": "a user sees and changes his own rows, and nobody else's",
}

# A policy calls private.organization_ids, which gives the organizations in which the caller has at least that role.
MEMBERS = "organization_id in (select private.organization_ids('member'))"
ADMINS = "organization_id in (select private.organization_ids('admin'))"
NOT_THE_OWNER = f"{ADMINS} and role <> 'owner'"
SHARED = f"(select auth.uid()) = user_id and {MEMBERS}"


def policy(command: str, **more: str) -> dict[str, Any]:
    """A permissive policy for whoever is signed in; `more` is its expressions, and why it is there."""
    return {"command": command, "roles": "authenticated", "permissive": True, **more}


MEMBER_SELECT = policy("select", using=MEMBERS, because="members see what is their organization's")
ADMIN_DELETE = policy("delete", using=ADMINS, because="admins clear up in their organization")


def references(columns: str | list[str], target: str, on_delete: str = "cascade", **more: str) -> dict[str, Any]:
    """A foreign key."""
    return {"columns": columns, "references": target, "on_delete": on_delete, **more}


OF_USER = references("user_id", "auth.users(id)")
OF_ORGANIZATION = references("organization_id", "organizations(id)")
OF_CUSTOMIZATION = references(
    ["customization_id", "user_id"],
    "user_template_customizations(id, user_id)",
    because="nobody attaches a row of his own to another's customization",
)


def search(column: str, method: str = "gin") -> dict[str, Any]:
    """An index without which searches are slow, and right all the same."""
    return {"columns": column, "method": method, "severity": "warning"}


def grants(*authenticated: str | Mapping[str, list[str]]) -> dict[str, list[Any]]:
    """Nothing for anon, all rows for the server, and for whoever is signed in what is given, exactly."""
    return {"anon": [], "authenticated": [*authenticated], "service_role": ALL_ROWS}


# ----------------------------------------------------------------------------------------------------------------------
# The platform
# ----------------------------------------------------------------------------------------------------------------------

CALLER = "whoever calls the API acts as this role"

platform = [
    ExtensionInstalled("uuid-ossp", in_schema="extensions"),
    ExtensionInstalled(
        "vector",
        minimum="0.5",
        in_schema="extensions",
        because="the index on prompt_atoms.embedding is an hnsw one",
    ),
    *(
        RoleExists(
            role,
            login=False,
            superuser=False,
            bypass_rls=role == "service_role",
            create_role=False,
            member_of=[],
            because="the server acts as this role" if role == "service_role" else CALLER,
        )
        for role in API_ROLES
    ),
    RoleExists("authenticator", superuser=False, bypass_rls=False, create_role=False),
]

# ----------------------------------------------------------------------------------------------------------------------
# Core: what belongs to one user
# ----------------------------------------------------------------------------------------------------------------------

core = [
    table(
        "user_profiles",
        columns={
            "user_id": "uuid not null",
            "display_name": "text null",
            "avatar_url": "text null",
            "locale": "text not null default 'en'",
            "timezone": "text not null default 'UTC'",
            "preferences": "jsonb not null default '{}'",
            "onboarding_completed_at": "timestamptz null",
            "plan": "text not null default 'free'",
            "subscription_status": "text not null default 'inactive'",
            "stripe_customer_id": "text null",
            "stripe_subscription_id": "text null",
            "current_period_end": "timestamptz null",
            "cancel_at_period_end": "boolean not null default false",
            **CREATED,
            **UPDATED,
        },
        primary_key="user_id",
        foreign_keys=[OF_USER],
        unique=["stripe_customer_id", "stripe_subscription_id"],
        checks=[
            "char_length(display_name) between 1 and 100",
            "jsonb_typeof(preferences) = 'object'",
            "plan in ('free', 'pro', 'team', 'enterprise')",
            "subscription_status in ('inactive', 'trialing', 'active', 'past_due', 'canceled')",
        ],
        indexes=[
            search("preferences jsonb_path_ops"),
            {"columns": "current_period_end", "where": "plan <> 'free'"},
        ],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        # The plan and what Stripe calls the user are not the user's to write; the profile goes with the account.
        grants=grants(
            "select",
            {
                "insert": [
                    *("user_id", "display_name", "avatar_url", "locale", "timezone", "preferences"),
                    "onboarding_completed_at",
                ],
                "update": [
                    *("display_name", "avatar_url", "locale", "timezone", "preferences"),
                    "onboarding_completed_at",
                ],
            },
        ),
        tags=CORE,
    ),
    table(
        "prompt_atoms",
        columns={
            **ID,
            "user_id": "uuid not null",
            "name": "text not null",
            "kind": "text not null default 'instruction'",
            "content": "text not null",
            "tags": "text[] not null default '{}'",
            "embedding": "vector(1536) null",
            "metadata": "jsonb not null default '{}'",
            "is_favorite": "boolean not null default false",
            "archived_at": "timestamptz null",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER],
        unique=[["user_id", "name"]],
        checks=[
            "char_length(name) between 1 and 120",
            "kind in ('instruction', 'context', 'example', 'constraint', 'persona')",
            "char_length(content) between 1 and 20000",
        ],
        indexes=[
            {"columns": ["user_id", "created_at desc"], "where": "archived_at is null"},
            ["user_id", "kind"],
            {"columns": "tags", "method": "gin"},
            search("metadata jsonb_path_ops"),
            {"columns": "embedding vector_cosine_ops", "method": "hnsw"},
        ],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        grants=grants("select", "insert", "update", "delete"),
        tags=CORE,
    ),
    table(
        "vibe_configs",
        columns={
            **ID,
            "user_id": "uuid not null",
            "name": "text not null",
            "description": "text null",
            "tone": "text not null default 'neutral'",
            "formality": "smallint not null default 50",
            "creativity": "numeric(3,2) not null default 0.70",
            "settings": "jsonb not null default '{}'",
            "is_default": "boolean not null default false",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER],
        unique=[["user_id", "name"]],
        checks=[
            "char_length(name) between 1 and 80",
            "tone in ('neutral', 'friendly', 'formal', 'playful', 'direct')",
            "formality between 0 and 100",
            "creativity between 0 and 1",
        ],
        indexes=[
            {"columns": "user_id", "where": "is_default", "unique": True, "because": "a user has one default"},
            search("settings jsonb_path_ops"),
        ],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        grants=grants("select", "insert", "update", "delete"),
        tags=CORE,
    ),
    table(
        "agent_runs",
        columns={
            **ID,
            "user_id": "uuid not null",
            "parent_run_id": "uuid null",
            "agent_name": "text not null",
            "model": "text null",
            "status": "text not null default 'queued'",
            "input": "jsonb not null default '{}'",
            "vibe": "jsonb null",
            "output": "jsonb null",
            "error_message": "text null",
            "prompt_tokens": "int not null default 0",
            "completion_tokens": "int not null default 0",
            "total_tokens": "int null",  # generated, from the two above
            "cost_usd": "numeric(12,6) not null default 0",
            "metadata": "jsonb not null default '{}'",
            "started_at": "timestamptz null",
            "finished_at": "timestamptz null",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[
            OF_USER,
            references(
                ["parent_run_id", "user_id"],
                "agent_runs(id, user_id)",
                because="a run hangs on a run of the same user",
            ),
        ],
        unique=[["id", "user_id"]],
        checks=[
            "status in ('queued', 'running', 'succeeded', 'failed', 'canceled')",
            "prompt_tokens >= 0 and completion_tokens >= 0",
            "cost_usd >= 0",
            "finished_at >= started_at",
        ],
        indexes=[
            ["user_id", "created_at desc"],
            ["parent_run_id", "user_id"],
            {"columns": ["status", "created_at"], "where": "status in ('queued', 'running')"},
            search("metadata jsonb_path_ops"),
        ],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        # How a run went and what it cost are not the user's to write.
        grants=grants(
            "select",
            {
                "insert": ["id", "user_id", "parent_run_id", "agent_name", "model", "input", "vibe", "metadata"],
                "update": ["metadata"],
            },
            "delete",
        ),
        tags=CORE,
    ),
    table(
        "background_events",
        columns={
            **ID,
            "user_id": "uuid null",
            "event_type": "text not null",
            "payload": "jsonb not null default '{}'",
            "status": "text not null default 'pending'",
            "priority": "smallint not null default 100",
            "attempts": "int not null default 0",
            "max_attempts": "int not null default 5",
            "dedupe_key": "text null",
            "run_at": "timestamptz not null default now()",
            "locked_at": "timestamptz null",
            "processed_at": "timestamptz null",
            "last_error": "text null",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER],
        checks=[
            "event_type ~ '^[a-z][a-z0-9_.]*$'",
            "status in ('pending', 'processing', 'done', 'failed')",
            "attempts >= 0 and attempts <= max_attempts",
        ],
        indexes=[
            ["user_id", "created_at desc"],
            {"columns": ["priority", "run_at"], "where": "status = 'pending'"},
            {
                "columns": "dedupe_key",
                "where": "status in ('pending', 'processing')",
                "unique": True,
                "because": "an event is not queued twice",
            },
            search("payload jsonb_path_ops"),
        ],
        rls={
            **OWNED,
            "commands": "select",
            "because": "users follow what concerns them; the server writes",
        },
        policies={},
        triggers=SET_UPDATED_AT,
        grants=grants("select"),
        tags=CORE,
    ),
]

# ----------------------------------------------------------------------------------------------------------------------
# Template system: what users make of templates
# ----------------------------------------------------------------------------------------------------------------------

templates = [
    table(
        "template_presets",
        columns={
            **ID,
            "template_id": "text not null",
            "name": "text not null",
            "description": "text null",
            "category": "text not null default 'general'",
            "settings": "jsonb not null default '{}'",
            "tags": "text[] not null default '{}'",
            "is_public": "boolean not null default true",
            "sort_order": "int not null default 0",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        unique=[["template_id", "name"]],
        checks=["char_length(name) between 1 and 120"],
        indexes=[
            {"columns": ["category", "sort_order"], "where": "is_public"},
            {"columns": "tags", "method": "gin"},
        ],
        rls=True,
        policies={"public_select": policy("select", using="is_public")},
        triggers=SET_UPDATED_AT,
        grants=grants("select"),
        tags=TEMPLATES,
    ),
    table(
        "user_template_customizations",
        columns={
            **ID,
            "user_id": "uuid not null",
            "template_id": "text not null",
            "preset_id": "uuid null",
            "name": "text not null default 'Default'",
            "customizations": "jsonb not null default '{}'",
            "is_active": "boolean not null default true",
            "version": "int not null default 1",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, references("preset_id", "template_presets(id)", "set null")],
        unique=[["id", "user_id"], ["user_id", "template_id", "name"]],
        checks=[
            "char_length(name) between 1 and 120",
            "jsonb_typeof(customizations) = 'object'",
            "version >= 1",
        ],
        indexes=[
            {"columns": ["user_id", "updated_at desc"], "where": "is_active"},
            "preset_id",
            search("customizations jsonb_path_ops"),
        ],
        rls=OWNED,
        policies={},
        triggers={
            **SET_UPDATED_AT,
            "set_version": {**BEFORE_UPDATE, "function": "private.set_customization_version()"},
            "record_history": {
                **BEFORE_UPDATE,
                "function": "private.record_customization_history()",
                "timing": "after",
                "events": ["insert", "update"],
                "because": "versions and history are written by this trigger and by nobody else",
            },
        },
        # The version is counted by a trigger.
        grants=grants(
            "select",
            {
                "insert": ["id", "user_id", "template_id", "preset_id", "name", "customizations", "is_active"],
                "update": ["template_id", "preset_id", "name", "customizations", "is_active"],
            },
            "delete",
        ),
        tags=TEMPLATES,
    ),
    table(
        "template_versions",
        columns={
            **ID,
            "customization_id": "uuid not null",
            "user_id": "uuid not null",
            "version": "int not null",
            "name": "text not null",
            "customizations": "jsonb not null",
            "label": "text null",
            **CREATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, OF_CUSTOMIZATION],
        unique=[["customization_id", "version"]],
        checks=["version >= 1", "char_length(label) between 1 and 80"],
        indexes=[["customization_id", "user_id", "version desc"], ["user_id", "created_at desc"]],
        rls=OWNED,
        policies={},
        grants=grants("select", {"update": ["label"]}, "delete"),  # a trigger writes them
        tags=TEMPLATES,
    ),
    table(
        "template_customization_history",
        columns={
            **ID,
            "customization_id": "uuid not null",
            "user_id": "uuid not null",
            "action": "text not null",
            "version": "int not null",
            "old_values": "jsonb null",
            "new_values": "jsonb not null",
            "changed_by": "uuid null",
            **CREATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, references("changed_by", "auth.users(id)", "set null"), OF_CUSTOMIZATION],
        checks=["action in ('created', 'updated')", "(action = 'created') = (old_values is null)"],
        indexes=[
            ["customization_id", "user_id", "created_at desc"],
            ["user_id", "created_at desc"],
            "changed_by",
        ],
        rls=OWNED,
        policies={},
        grants=grants("select", "delete"),  # a trigger writes it; users cannot forge
        tags=TEMPLATES,
    ),
    table(
        "template_usage_analytics",
        columns={
            **ID,
            "user_id": "uuid not null",
            "template_id": "text not null",
            "customization_id": "uuid null",
            "event_type": "text not null default 'applied'",
            "usage_date": "date not null default current_date",
            "usage_count": "int not null default 1",
            "total_duration_ms": "bigint not null default 0",
            "last_used_at": "timestamptz not null default now()",
            "metadata": "jsonb not null default '{}'",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, OF_CUSTOMIZATION],
        checks=[
            "event_type in ('viewed', 'applied', 'exported', 'shared')",
            "usage_count >= 1",
            "total_duration_ms >= 0",
        ],
        indexes=[
            {
                "columns": ["customization_id", "user_id", "event_type", "usage_date"],
                "where": "customization_id is not null",
                "unique": True,
                "because": "increment_template_usage counts in one row a day",
            },
            {
                "columns": ["user_id", "template_id", "event_type", "usage_date"],
                "where": "customization_id is null",
                "unique": True,
                "because": "record_template_usage counts in one row a day",
            },
            ["customization_id", "user_id"],
            ["user_id", "usage_date desc"],
            ["template_id", "usage_date desc"],
        ],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        grants=grants("select", "insert", "update", "delete"),
        tags=TEMPLATES,
    ),
    table(
        "template_feedback",
        columns={
            **ID,
            "user_id": "uuid not null",
            "template_id": "text not null",
            "preset_id": "uuid null",
            "rating": "smallint not null",
            "comment": "text null",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, references("preset_id", "template_presets(id)", "set null")],
        unique=[["user_id", "template_id"]],
        checks=["rating between 1 and 5", "char_length(comment) <= 4000"],
        indexes=[["template_id", "rating"], "preset_id"],
        rls=OWNED,
        policies={},
        triggers=SET_UPDATED_AT,
        grants=grants("select", "insert", "update", "delete"),
        tags=TEMPLATES,
    ),
    table(
        "shared_template_customizations",
        columns={
            **ID,
            "customization_id": "uuid not null",
            "user_id": "uuid not null",
            "organization_id": "uuid not null",
            "name": "text not null",
            "description": "text null",
            "customizations": "jsonb not null default '{}'",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[OF_USER, OF_ORGANIZATION, OF_CUSTOMIZATION],
        unique=[["customization_id", "user_id", "organization_id"]],
        checks=["char_length(name) between 1 and 120"],
        indexes=["user_id", ["organization_id", "created_at desc"]],
        rls={**OWNED, "commands": ["select", "delete"]},
        policies={
            "owner_insert": policy(
                "insert",
                with_check=SHARED,
                because="one shares one's own, with an organization that one is a member of",
            ),
            "owner_update": policy(
                "update",
                using="(select auth.uid()) = user_id",
                with_check=SHARED,
                because="one shares one's own, with an organization that one is a member of",
            ),
            "member_select": MEMBER_SELECT,
            "admin_delete": ADMIN_DELETE,
        },
        triggers=SET_UPDATED_AT,
        grants=grants("select", "insert", "update", "delete"),
        tags=TEMPLATES,
    ),
]

# ----------------------------------------------------------------------------------------------------------------------
# Billing and organizations: what belongs to a tenant
# ----------------------------------------------------------------------------------------------------------------------

billing = [
    table(
        "organizations",
        columns={
            **ID,
            "name": "text not null",
            "slug": "text not null",
            "settings": "jsonb not null default '{}'",
            "plan": "text not null default 'free'",
            "seats": "int not null default 5",
            "stripe_customer_id": "text null",
            "stripe_subscription_id": "text null",
            "created_by": "uuid null",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[references("created_by", "auth.users(id)", "set null")],
        unique=["slug", "stripe_customer_id", "stripe_subscription_id"],
        checks=[
            "char_length(name) between 1 and 120",
            "slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'",
            "plan in ('free', 'pro', 'team', 'enterprise')",
            "seats >= 1",
        ],
        indexes=["created_by"],
        rls=True,
        policies={
            "member_select": policy("select", using="id in (select private.organization_ids('member'))"),
            "admin_update": policy(
                "update",
                using="id in (select private.organization_ids('admin'))",
                with_check="id in (select private.organization_ids('admin'))",
            ),
            "owner_delete": policy("delete", using="id in (select private.organization_ids('owner'))"),
        },
        triggers=SET_UPDATED_AT,
        # Billing is the server's; organizations are founded by create_organization.
        grants=grants("select", {"update": ["name", "slug", "settings"]}, "delete"),
        tags=BILLING,
    ),
    table(
        "organization_members",
        columns={
            "organization_id": "uuid not null",
            "user_id": "uuid not null",
            "role": "text not null default 'member'",
            "invited_by": "uuid null",
            "joined_at": "timestamptz not null default now()",
            **CREATED,
            **UPDATED,
        },
        primary_key=["organization_id", "user_id"],
        foreign_keys=[OF_ORGANIZATION, OF_USER, references("invited_by", "auth.users(id)", "set null")],
        checks=["role in ('owner', 'admin', 'member')"],
        indexes=[
            ["user_id", "role"],
            "invited_by",
            {
                "columns": "organization_id",
                "where": "role = 'owner'",
                "unique": True,
                "because": "an organization has one owner",
            },
        ],
        rls=True,
        policies={
            "member_select": MEMBER_SELECT,
            "admin_update": policy(
                "update",
                using=NOT_THE_OWNER,
                with_check=NOT_THE_OWNER,
                because="no admin makes or unmakes an owner",
            ),
            "admin_delete": policy("delete", using=NOT_THE_OWNER, because="no admin makes or unmakes an owner"),
            "self_delete": policy(
                "delete",
                using="(select auth.uid()) = user_id and role <> 'owner'",
                because="anyone may leave, but an organization keeps its owner",
            ),
        },
        triggers=SET_UPDATED_AT,
        # Members come by invitation, and keep their organization.
        grants=grants("select", {"update": ["role"]}, "delete"),
        tags=BILLING,
    ),
    table(
        "invitations",
        columns={
            **ID,
            "organization_id": "uuid not null",
            "email": "text not null",
            "role": "text not null default 'member'",
            "token_hash": "text not null",
            "status": "text not null default 'pending'",
            "invited_by": "uuid not null",
            "accepted_by": "uuid null",
            "accepted_at": "timestamptz null",
            "expires_at": "timestamptz not null default now() + interval '7 days'",
            **CREATED,
            **UPDATED,
        },
        primary_key="id",
        foreign_keys=[
            OF_ORGANIZATION,
            references("invited_by", "auth.users(id)"),
            references("accepted_by", "auth.users(id)", "set null"),
        ],
        unique=["token_hash"],
        checks=[
            "email = lower(email) and email like '%_@_%'",
            "role in ('admin', 'member')",
            {"expression": "token_hash ~ '^[0-9a-f]{64}$'", "because": "the token itself is not stored"},
            "status in ('pending', 'accepted', 'revoked')",
            "(status = 'accepted') = (accepted_at is not null)",
        ],
        indexes=[
            {"columns": ["organization_id", "email"], "where": "status = 'pending'", "unique": True},
            ["organization_id", "created_at desc"],
            {"columns": "email", "where": "status = 'pending'"},
            "invited_by",
            "accepted_by",
        ],
        rls=True,
        policies={
            "member_select": MEMBER_SELECT,
            "admin_insert": policy(
                "insert",
                with_check=f"{ADMINS} and (select auth.uid()) = invited_by",
                because="an admin invites in his own name",
            ),
            "admin_update": policy("update", using=ADMINS, with_check=ADMINS),
            "admin_delete": ADMIN_DELETE,
        },
        triggers=SET_UPDATED_AT,
        grants=grants(
            "select",
            {
                "insert": ["organization_id", "email", "role", "token_hash", "invited_by", "expires_at"],
                "update": ["role", "expires_at"],
            },
            "delete",
        ),
        tags=BILLING,
    ),
    table(
        "usage_metrics",
        columns={
            "id": "bigint not null",  # an identity
            "organization_id": "uuid not null",
            "user_id": "uuid null",
            "metric": "text not null",
            "quantity": "numeric(14,4) not null default 1",
            "idempotency_key": "text not null default gen_random_uuid()::text",
            "metadata": "jsonb not null default '{}'",
            "recorded_at": "timestamptz not null default now()",
            **CREATED,
        },
        primary_key="id",
        foreign_keys=[OF_ORGANIZATION, references("user_id", "auth.users(id)", "set null")],
        unique=[
            {
                "columns": ["organization_id", "idempotency_key"],
                "because": "a use that is reported twice is billed once",
            }
        ],
        checks=["metric ~ '^[a-z][a-z0-9_]*$'", "quantity >= 0"],
        indexes=[
            ["organization_id", "metric", "recorded_at desc"],
            "user_id",
            search("recorded_at", "brin"),
        ],
        rls=True,
        policies={"member_select": MEMBER_SELECT},
        grants=grants("select"),  # the server meters
        tags=BILLING,
    ),
]

# ----------------------------------------------------------------------------------------------------------------------
# Functions
# ----------------------------------------------------------------------------------------------------------------------


def function(  # noqa: PLR0913 - each is a property of a function
    signature: str,
    returns: str,
    *execute: str,
    volatility: Literal["volatile", "stable"] = "volatile",
    security: Literal["definer", "invoker"] = "invoker",
    because: str | None = None,
    tags: frozenset[str] = frozenset(),
) -> Iterator[Expectation]:
    """A function that looks nothing up by search_path, and that of the API roles these may execute."""
    yield FunctionPresent(
        signature,
        returns,
        volatility=volatility,
        security=security,
        settings='search_path=""',
        because=because,
        tags=tags,
    )
    for role in execute:
        yield PrivilegeGranted(role, "execute", function=signature, because=because, tags=tags)
    for role in API_ROLES:
        if role not in execute:
            yield PrivilegeNotGranted(role, "execute", function=signature, because=because, tags=tags)


USER, SERVER = "authenticated", "service_role"
WAY_IN = "nobody may insert an organization or a membership himself"

functions = [
    # What policies and triggers call. Nobody calls these by name: the API roles may not use the schema.
    function(
        "private.organization_ids(text)",
        "setof uuid",
        USER,
        volatility="stable",
        security="definer",
        because="the policies of the tenants' tables rest on it",
        tags=BILLING,
    ),
    function("private.set_updated_at()", "trigger"),
    function("private.set_customization_version()", "trigger", tags=TEMPLATES),
    function(
        "private.record_customization_history()",
        "trigger",
        security="definer",
        because="users need no INSERT on the history, and cannot forge it",
        tags=TEMPLATES,
    ),
    function(
        "private.create_user_profile()",
        "trigger",
        security="definer",
        because="whoever signs up may not write profiles",
        tags=CORE,
    ),
    # For the API: template usage, versions and search, with the caller's rights
    function("increment_template_usage(uuid, text)", "int", USER, SERVER, tags=TEMPLATES),
    function("record_template_usage(text, text, bigint, jsonb)", "int", USER, tags=TEMPLATES),
    function(
        "get_template_usage_stats(text, date)",
        "table (template_id text, event_type text, usage_count bigint, total_duration_ms numeric,"
        " last_used_at timestamptz)",
        USER,
        volatility="stable",
        tags=TEMPLATES,
    ),
    function("restore_template_version(uuid, int)", "int", USER, tags=TEMPLATES),
    function("rollback_template_customization(uuid, uuid)", "int", USER, tags=TEMPLATES),
    function(
        "match_prompt_atoms(vector, int, double precision)",
        "table (id uuid, name text, content text, similarity double precision)",
        USER,
        volatility="stable",
        tags=CORE,
    ),
    # For the API: organizations. The definer functions are the only ways into an organization.
    function("create_organization(text, text)", "uuid", USER, security="definer", because=WAY_IN, tags=BILLING),
    function("accept_invitation(text)", "uuid", USER, security="definer", because=WAY_IN, tags=BILLING),
    function(
        "transfer_organization_ownership(uuid, uuid)",
        "void",
        USER,
        security="definer",
        because="no policy lets anyone touch the owner's row",
        tags=BILLING,
    ),
    function("invite_member(uuid, text, text)", "text", USER, tags=BILLING),
    function(
        "get_organization_usage(uuid, timestamptz)",
        "table (metric text, quantity numeric, events bigint)",
        USER,
        SERVER,
        volatility="stable",
        tags=BILLING,
    ),
    # For the server
    function("record_usage_metric(uuid, text, numeric, text, uuid)", "bigint", SERVER, tags=BILLING),
    function("claim_background_events(int)", "setof background_events", SERVER, tags=CORE),
]

# ----------------------------------------------------------------------------------------------------------------------
# The whole
# ----------------------------------------------------------------------------------------------------------------------

NAMES = {
    CORE: ["user_profiles", "prompt_atoms", "vibe_configs", "agent_runs", "background_events"],
    TEMPLATES: [
        *("template_presets", "user_template_customizations", "template_versions", "template_customization_history"),
        *("template_usage_analytics", "template_feedback", "shared_template_customizations"),
    ],
    BILLING: ["organizations", "organization_members", "invitations", "usage_metrics"],
}

schemas = [
    # A table that nobody wrote down here is one that nobody wrote policies for.
    TablesAre([name for names in NAMES.values() for name in names]),
    *(SchemaExists(name) for name in ("public", "private", "extensions", "auth")),
    PrivilegeGranted(USER, "usage", on_schema="public"),
    PrivilegeGranted(SERVER, "usage", on_schema="public"),
    PrivilegeGranted(USER, "usage", on_schema="extensions"),
    *(PrivilegeNotGranted(role, "create", on_schema="public") for role in API_ROLES),
    *(
        PrivilegeNotGranted(
            role,
            ["usage", "create"],
            on_schema="private",
            because="what stands there is called by policies and triggers only",
        )
        for role in API_ROLES
    ),
    *(PrivilegeNotGranted(role, ["usage", "select", "update"], sequence="usage_metrics_id_seq") for role in API_ROLES),
]

users = [
    TableExists("auth.users"),
    TriggerPresent(
        "auth.users",
        "create_user_profile",
        function="private.create_user_profile()",
        timing="AFTER",
        events="INSERT",
        level="ROW",
        when="true",
        because="every user has a profile",
        tags=CORE,
    ),
    FunctionPresent("auth.uid()", "uuid", volatility="stable", because="the policies rest on it"),
]

STRANGER = {"sub": "50000000-0000-4000-8000-000000000000", "email": "stranger@example.com"}

isolation = [
    # Nobody who is not signed in can see or change a row.
    *(RlsBlocksAnon(name, tags=tags) for tags, names in NAMES.items() for name in names),
    # Nor can a stranger who is: a user without rows, and in no organization. The presets are for everybody signed in.
    *(
        RlsBlocksAnon(name, USER, STRANGER, tags=tags)
        for tags, names in NAMES.items()
        for name in names
        if name != "template_presets"
    ),
    # Nor does a user or an organization get at rows of another, whatever these hold: they are made for it.
    *(RlsIsolates(name, owner="user_id", tags=CORE) for name in NAMES[CORE]),
    *(RlsIsolates(name, tags=BILLING) for name in NAMES[BILLING]),
]

# The users of sample.sql: Ada owns the organization Acme, Ben is a member of it, and Cleo has her own.
ADA = {"sub": "a0000000-0000-4000-8000-000000000001", "email": "ada@example.com"}
BEN = {"sub": "b0000000-0000-4000-8000-000000000002", "email": "ben@example.com"}
ACME = "0a000000-0000-4000-8000-000000000001"
CUSTOMIZATION = "a5000000-0000-4000-8000-000000000001"


def call(
    signature: str, *arguments: object, claims: Mapping[str, str] | None = None, tags: frozenset[str]
) -> FunctionCallable:
    """A call by a user, whom the claims name, or else by the server."""
    return FunctionCallable(signature, USER if claims else SERVER, arguments, claims, tags=tags)


calls = [
    call("increment_template_usage(uuid, text)", CUSTOMIZATION, claims=ADA, tags=TEMPLATES),
    call("increment_template_usage(uuid, text)", CUSTOMIZATION, "exported", tags=TEMPLATES),
    call(
        "record_template_usage(text, text, bigint, jsonb)",
        *("newsletter", "viewed", 1200, {"source": "contract"}),
        claims=ADA,
        tags=TEMPLATES,
    ),
    call("get_template_usage_stats(text, date)", claims=ADA, tags=TEMPLATES),
    call("restore_template_version(uuid, int)", CUSTOMIZATION, 1, claims=ADA, tags=TEMPLATES),
    call("rollback_template_customization(uuid, uuid)", CUSTOMIZATION, claims=ADA, tags=TEMPLATES),
    call("match_prompt_atoms(vector, int, double precision)", "[0.1, 0.2, 0.3]", 5, claims=ADA, tags=CORE),
    call("create_organization(text, text)", "Contract", "contract-check", claims=ADA, tags=BILLING),
    call("invite_member(uuid, text, text)", ACME, "frida@example.com", claims=ADA, tags=BILLING),
    call("accept_invitation(text)", "sample token for Ben", claims=BEN, tags=BILLING),
    call("transfer_organization_ownership(uuid, uuid)", ACME, BEN["sub"], claims=ADA, tags=BILLING),
    call("get_organization_usage(uuid, timestamptz)", ACME, claims=BEN, tags=BILLING),
    call("get_organization_usage(uuid, timestamptz)", ACME, "2026-01-01", tags=BILLING),
    call("record_usage_metric(uuid, text, numeric, text, uuid)", ACME, "runs", 1, "contract-check", tags=BILLING),
    call("claim_background_events(int)", 5, tags=CORE),
]

suite = Suite(
    "supabase-backend",
    [platform, core, templates, billing, functions, schemas, users, isolation, calls],
    principals="supabase",
)
