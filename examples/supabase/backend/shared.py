"""What the tables have in common: columns, policies, foreign keys, grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CORE, TEMPLATES, BILLING = frozenset({"core"}), frozenset({"templates"}), frozenset({"billing"})

USER, SERVER = "authenticated", "service_role"
API_ROLES = ("anon", USER, SERVER)

NAMES = {
    CORE: ["user_profiles", "prompt_atoms", "vibe_configs", "agent_runs", "background_events"],
    TEMPLATES: [
        *("template_presets", "user_template_customizations", "template_versions", "template_customization_history"),
        *("template_usage_analytics", "template_feedback", "shared_template_customizations"),
    ],
    BILLING: ["organizations", "organization_members", "invitations", "usage_metrics"],
}

ID = {"id": "uuid not null default gen_random_uuid()"}
CREATED = {"created_at": "timestamptz not null default now()"}
UPDATED = {"updated_at": "timestamptz not null default now()"}

# On every update of any column, whatever it changes: where a table is closed, nothing narrows a trigger
BEFORE_UPDATE: Mapping[str, Any] = {"timing": "before", "events": "update", "level": "row"}
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
    """A policy for whoever is signed in; `more` is its expressions, and why it is there."""
    return {"command": command, "roles": "authenticated", **more}


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
