"""What the platform gives, what of it we count on, and what stands outside the tables."""

from __future__ import annotations

from pgcontract import (
    AclIs,
    CommentIs,
    DefaultAclIs,
    ExtensionInstalled,
    FunctionPresent,
    MemberOf,
    OwnerIs,
    PrivilegeGranted,
    PrivilegeNotGranted,
    PublicationPresent,
    RoleExists,
    SchemaExists,
    TableExists,
    TriggerPresent,
)

from .shared import API_ROLES, CORE, SERVER, USER

CALLER = "whoever calls the API acts as this role"
TIMEOUTS = {"anon": "statement_timeout=3s", USER: "statement_timeout=8s"}
TAKEN = "a connection has no rights until it takes one of these roles"
INSIDE = "what stands there is called by policies and triggers only"
BROADCAST = "nobody listens to changes of these tables"
CLOSED = "a new table is closed until a grant opens it"

platform = [
    ExtensionInstalled("uuid-ossp", minimum="1.1", in_schema="extensions"),
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
            bypass_rls=role == SERVER,
            inherit=True,
            create_role=False,
            create_database=False,
            replication=False,
            connection_limit=-1,
            member_of=[],
            settings=TIMEOUTS.get(role, ()),
            because="the server acts as this role" if role == SERVER else CALLER,
        )
        for role in API_ROLES
    ),
    RoleExists(
        "authenticator",
        login=True,
        superuser=False,
        bypass_rls=False,
        inherit=False,
        create_role=False,
        create_database=False,
        replication=False,
        connection_limit=-1,
        member_of=API_ROLES,
        settings="statement_timeout=8s",
        because=TAKEN,
    ),
    *(MemberOf("authenticator", role, admin=False, inherit=False, because=TAKEN) for role in API_ROLES),
    # What stands in a schema, ../contract.py says for all of it.
    SchemaExists("public"),
    CommentIs("schema", "public", "standard public schema"),
    AclIs("schema", "public", {"public": "usage", **dict.fromkeys(API_ROLES, "usage"), "postgres": "all"}),
    SchemaExists("private", because=INSIDE),
    OwnerIs("schema", "private", "postgres", because=INSIDE),
    CommentIs("schema", "private", None, because=INSIDE),
    AclIs("schema", "private", because=INSIDE),
    SchemaExists("extensions"),
    SchemaExists("auth"),
]

outlets = [
    # Realtime sends what is published to whoever listens: nothing.
    PublicationPresent("supabase_realtime", tables=[], all_tables=False, schemas=[], via_root=False, because=BROADCAST),
    # New tables, sequences and functions are closed until a grant opens them.
    DefaultAclIs("tables", "postgres", {"postgres": "all", SERVER: "all"}, in_schema="public", because=CLOSED),
    DefaultAclIs("sequences", "postgres", {"postgres": "all", SERVER: "all"}, in_schema="public", because=CLOSED),
    DefaultAclIs(
        "functions", "postgres", {"postgres": "execute", SERVER: "execute"}, in_schema="public", because=CLOSED
    ),
]

privileges = [
    PrivilegeGranted(USER, "usage", on_schema="extensions"),
    *(PrivilegeNotGranted(role, "create", on_schema="public") for role in API_ROLES),
    *(PrivilegeNotGranted(role, ["usage", "create"], on_schema="private", because=INSIDE) for role in API_ROLES),
    *(PrivilegeNotGranted(role, "create", on_database=True) for role in API_ROLES),
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
        arguments=[],
        state="ORIGIN",
        because="every user has a profile",
        tags=CORE,
    ),
    FunctionPresent("auth.uid()", "uuid", volatility="stable", because="the policies rest on it"),
]
