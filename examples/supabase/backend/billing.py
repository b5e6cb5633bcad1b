"""Billing and organizations: what belongs to a tenant."""

from __future__ import annotations

from pgcontract import table

from .shared import (
    ADMIN_DELETE,
    ADMINS,
    BILLING,
    CREATED,
    ID,
    MEMBER_SELECT,
    NOT_THE_OWNER,
    OF_ORGANIZATION,
    OF_USER,
    SET_UPDATED_AT,
    UPDATED,
    grants,
    policy,
    references,
    search,
)

billing = [
    table(
        "organizations",
        comment="tenants, with their plan and billing state",
        closed=True,
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
        comment="who belongs to an organization, and as what",
        closed=True,
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
                "name": "organization_members_owner_idx",
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
        comment="invitations to an organization, by e-mail address",
        closed=True,
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
            {
                "expression": "(status = 'accepted') = (accepted_at is not null)",
                "name": "invitations_accepted_at_check",
            },
        ],
        indexes=[
            {
                "columns": ["organization_id", "email"],
                "where": "status = 'pending'",
                "unique": True,
                "name": "invitations_pending_idx",
            },
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
        comment="metered use of an organization",
        closed=True,
        columns={
            "id": {"type": "bigint", "nullable": False, "default": None, "identity": "always"},
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
