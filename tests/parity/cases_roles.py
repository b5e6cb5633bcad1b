"""Roles and memberships."""

from __future__ import annotations

from pgcontract import MemberOf, NotMemberOf, ObjectAbsent, ObjectsAre, RoleExists

SETUP = """
do $$
declare command text;
begin
    foreach command in array array[
        'create role parity_group', 'create role parity_other', 'create role parity_user login in role parity_group'
    ] loop
        begin
            execute command;
        exception when duplicate_object or unique_violation then null;  -- roles belong to the whole cluster
        end;
    end loop;
end $$;
"""

CASES = {
    "roles_are": (
        ObjectsAre("role", ["parity_user", "parity_group", "parity_other"], prefix="parity_"),
        ObjectsAre("role", ["parity_user"], prefix="parity_"),
    ),
    "users_are": (
        ObjectsAre("user", ["parity_user"], prefix="parity_"),
        ObjectsAre("user", ["parity_group"], prefix="parity_"),
    ),
    "groups_are": (
        ObjectsAre("group", ["parity_group", "parity_other"], prefix="parity_"),
        ObjectsAre("group", ["parity_group"], prefix="parity_"),
    ),
    "has_role": (RoleExists("parity_group"), RoleExists("parity_nobody")),
    "hasnt_role": (ObjectAbsent("role", "parity_nobody"), ObjectAbsent("role", "parity_group")),
    "has_user": (RoleExists("parity_user", login=True), RoleExists("parity_group", login=True)),
    "hasnt_user": (ObjectAbsent("user", "parity_group"), ObjectAbsent("user", "parity_user")),
    "has_group": (RoleExists("parity_group", login=False), RoleExists("parity_user", login=False)),
    "hasnt_group": (ObjectAbsent("group", "parity_user"), ObjectAbsent("group", "parity_group")),
    "is_superuser": (RoleExists("postgres", superuser=True), RoleExists("parity_user", superuser=True)),
    "isnt_superuser": (RoleExists("parity_user", superuser=False), RoleExists("postgres", superuser=False)),
    "is_member_of": (MemberOf("parity_user", "parity_group"), MemberOf("parity_user", "parity_other")),
    "isnt_member_of": (NotMemberOf("parity_user", "parity_other"), NotMemberOf("parity_user", "parity_group")),
}
