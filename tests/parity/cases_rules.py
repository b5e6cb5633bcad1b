"""Rules, foreign tables, clustering, and the closed worlds of what hangs on a table."""

from __future__ import annotations

from pgcontract import (
    Clustered,
    ColumnsAre,
    ForeignTableExists,
    ForeignTablesAre,
    IndexesAre,
    ObjectAbsent,
    RulePresent,
    RulesAre,
    TriggersAre,
)

SETUP = """
create table notes (id int primary key, slug text, body text);
create unique index by_slug on notes (slug);
create index by_body on notes using hash (body) where body <> '';
alter table notes cluster on by_slug;
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update on notes for each row execute function touch();
create policy own on notes for select to public using (true);
create rule keep as on delete to notes do instead nothing;
create table plain (id int);
create foreign data wrapper wares;
create server warehouse foreign data wrapper wares;
create foreign table orders (id int) server warehouse;
"""

CASES = {
    "columns_are": (ColumnsAre("notes", ["id", "slug", "body"]), ColumnsAre("notes", ["id"])),
    "indexes_are": (IndexesAre("notes", ["notes_pkey", "by_slug", "by_body"]), IndexesAre("notes", "by_slug")),
    "hasnt_index": (ObjectAbsent("index", "by_id", of="notes"), ObjectAbsent("index", "by_slug", of="notes")),
    "is_clustered": (Clustered("notes", "by_slug"), Clustered("notes", "notes_pkey")),
    "triggers_are": (TriggersAre("notes", "touch"), TriggersAre("notes", [])),
    "hasnt_trigger": (ObjectAbsent("trigger", "stamp", of="notes"), ObjectAbsent("trigger", "touch", of="notes")),
    "rules_are": (RulesAre("notes", "keep"), RulesAre("notes", [])),
    "has_rule": (RulePresent("notes", "keep"), RulePresent("plain", "keep")),
    "hasnt_rule": (ObjectAbsent("rule", "keep", of="plain"), ObjectAbsent("rule", "keep", of="notes")),
    "rule_is_instead": (RulePresent("notes", "keep", instead=True), RulePresent("notes", "keep", instead=False)),
    "rule_is_on": (RulePresent("notes", "keep", event="DELETE"), RulePresent("notes", "keep", event="UPDATE")),
    "foreign_tables_are": (ForeignTablesAre("orders"), ForeignTablesAre(["orders", "notes"])),
    "has_foreign_table": (ForeignTableExists("orders"), ForeignTableExists("notes")),
    "hasnt_foreign_table": (ObjectAbsent("foreign table", "notes"), ObjectAbsent("foreign table", "orders")),
}
