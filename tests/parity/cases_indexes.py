"""What indexes, triggers and policies are like."""

from __future__ import annotations

from pgcontract import IndexPresent, PoliciesAre, PolicyPresent, PrimaryKey, TriggerPresent

SETUP = """
create table users (id int primary key, name text, tags int[], gone boolean);
create unique index named on users (name);
create index partial on users (name) where not gone;
create index tagged on users using gin (tags);
create function touch() returns trigger language plpgsql as 'begin return new; end';
create function other() returns trigger language plpgsql as 'begin return new; end';
create trigger touched before update on users for each row execute function touch();
create policy mine on users for select to pg_monitor using (id > 0);
"""

CASES = {
    "index_is_unique": (
        IndexPresent("users", "name", name="named", unique=True),
        IndexPresent("users", "tags", name="tagged", method="gin", unique=True),
    ),
    "index_is_primary": (PrimaryKey("users", "id"), PrimaryKey("users", "name")),
    "index_is_partial": (
        IndexPresent("users", "name", name="partial", where="not gone"),
        IndexPresent("users", "name", name="named", where="not gone"),
    ),
    "index_is_type": (
        IndexPresent("users", "tags", name="tagged", method="gin"),
        IndexPresent("users", "tags", name="tagged", method="gist"),
    ),
    "is_indexed": (IndexPresent("users", "name"), IndexPresent("users", "gone")),
    "has_trigger": (TriggerPresent("users", "touched"), TriggerPresent("users", "untouched")),
    "trigger_is": (
        TriggerPresent("users", "touched", function="touch()"),
        TriggerPresent("users", "touched", function="other()"),
    ),
    "policies_are": (PoliciesAre("users", ["mine"]), PoliciesAre("users", [])),
    "policy_roles_are": (
        PolicyPresent("users", "mine", roles="pg_monitor"),
        PolicyPresent("users", "mine", roles="public"),
    ),
    "policy_cmd_is": (
        PolicyPresent("users", "mine", command="SELECT"),
        PolicyPresent("users", "mine", command="ALL"),
    ),
}
