"""What is not there: schemas, relations, columns, keys, indexes, triggers, functions, extensions."""

from __future__ import annotations

from pgcontract import (
    CheckConstraint,
    ColumnDefault,
    ColumnNotNull,
    ColumnNullable,
    ColumnType,
    ForeignKey,
    ObjectAbsent,
    UniqueConstraint,
)

SETUP = """
create table orgs (id int primary key);
create table users (
    id int primary key, name text not null default 'x' unique, nick text, org int references orgs (id),
    constraint positive check (id > 0)
);
create table plain (a int);
create index users_nick on users (nick);
create view v as select 1 as a;
create materialized view m as select 1 as a;
create sequence s;
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touched before update on users for each row execute function touch();
"""

CASES = {
    "hasnt_schema": (ObjectAbsent("schema", "old"), ObjectAbsent("schema", "public")),
    "hasnt_table": (ObjectAbsent("table", "v"), ObjectAbsent("table", "users")),
    "hasnt_relation": (ObjectAbsent("relation", "old"), ObjectAbsent("relation", "v")),
    "hasnt_view": (ObjectAbsent("view", "users"), ObjectAbsent("view", "v")),
    "hasnt_materialized_view": (ObjectAbsent("materialized view", "v"), ObjectAbsent("materialized view", "m")),
    "hasnt_sequence": (ObjectAbsent("sequence", "users"), ObjectAbsent("sequence", "s")),
    "hasnt_column": (ObjectAbsent("column", "a", of="users"), ObjectAbsent("column", "id", of="users")),
    "col_not_null": (ColumnNotNull("users", "name"), ColumnNotNull("users", "nick")),
    "col_is_null": (ColumnNullable("users", "nick"), ColumnNullable("users", "name")),
    "col_has_default": (ColumnDefault("users", "name", "'x'"), ColumnDefault("users", "nick", "'x'")),
    "col_hasnt_default": (ColumnDefault("users", "nick", None), ColumnDefault("users", "name", None)),
    "col_type_is": (ColumnType("users", "id", "int4"), ColumnType("users", "id", "bigint")),
    "col_default_is": (ColumnDefault("users", "name", "'x'::text"), ColumnDefault("users", "name", "'y'")),
    "hasnt_pk": (ObjectAbsent("primary key", of="plain"), ObjectAbsent("primary key", of="users")),
    "has_fk": (ForeignKey("users", "org", "orgs"), ForeignKey("users", "id", "orgs")),
    "hasnt_fk": (ObjectAbsent("foreign key", of="plain"), ObjectAbsent("foreign key", of="users")),
    "col_isnt_pk": (
        ObjectAbsent("primary key", of="users", columns="name"),
        ObjectAbsent("primary key", of="users", columns="id"),
    ),
    "col_is_fk": (ForeignKey("users", "org", "orgs(id)"), ForeignKey("users", "id", "orgs(id)")),
    "col_isnt_fk": (
        ObjectAbsent("foreign key", of="users", columns="id"),
        ObjectAbsent("foreign key", of="users", columns="org"),
    ),
    "fk_ok": (ForeignKey("users", "org", "orgs(id)"), ForeignKey("users", "org", "users(id)")),
    "has_unique": (UniqueConstraint("users", "name"), UniqueConstraint("users", "nick")),
    "col_is_unique": (UniqueConstraint("users", "name"), UniqueConstraint("users", "org")),
    "has_check": (CheckConstraint("users", "id > 0"), CheckConstraint("plain", "a > 0")),
    "col_has_check": (CheckConstraint("users", "id > 0", name="positive"), CheckConstraint("users", "org > 0")),
    "hasnt_index": (ObjectAbsent("index", "old", of="users"), ObjectAbsent("index", "users_nick", of="users")),
    "hasnt_trigger": (ObjectAbsent("trigger", "old", of="users"), ObjectAbsent("trigger", "touched", of="users")),
    "hasnt_function": (ObjectAbsent("function", "touch(int)"), ObjectAbsent("function", "touch()")),
    "hasnt_extension": (ObjectAbsent("extension", "citext"), ObjectAbsent("extension", "plpgsql")),
}
