"""Schemas, tables, columns, keys, indexes, triggers, policies, functions and extensions: what the frame has."""

from __future__ import annotations

from pgcontract import ColumnExists, ExtensionInstalled, IndexPresent, PrimaryKey, SchemaExists, TableExists, TablesAre

SETUP = """
create table users (id int primary key, name text);
create index on users (name);
"""

CASES = {
    "has_schema": (SchemaExists("public"), SchemaExists("nowhere")),
    "has_table": (TableExists("users"), TableExists("nobody")),
    "tables_are": (TablesAre(["users"]), TablesAre(["users", "more"])),
    "has_column": (ColumnExists("users", "name"), ColumnExists("users", "nick")),
    "has_pk": (PrimaryKey("users", "id"), PrimaryKey("users", "name")),
    "col_is_pk": (PrimaryKey("users", "id"), PrimaryKey("users", "name")),
    "has_index": (IndexPresent("users", "name"), IndexPresent("users", ["name", "id"])),
    "has_extension": (ExtensionInstalled("plpgsql"), ExtensionInstalled("nothing")),
}
