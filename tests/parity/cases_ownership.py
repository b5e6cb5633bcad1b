"""Who owns what."""

from __future__ import annotations

from pgcontract import CatalogExpectation, DatabaseHas, OwnerIs

SETUP = """
create schema app;
create table app.t (a int);
create index i on app.t (a);
create view app.v as select 1 as a;
create materialized view app.m as select 1 as a;
create sequence app.s;
create type app.mood as enum ('sad');
create type app.pair as (a int);
create foreign data wrapper w;
create server srv foreign data wrapper w;
create foreign table app.far (a int) server srv;
create operator class app.ops for type int using hash as operator 1 =, function 1 hashint4(int);
create function app.f() returns int language sql as 'select 1';
"""
OWNED = {
    "schema_owner_is": ("schema", "app", None),
    "relation_owner_is": ("relation", "app.v", None),
    "table_owner_is": ("table", "app.t", None),
    "view_owner_is": ("view", "app.v", None),
    "materialized_view_owner_is": ("materialized view", "app.m", None),
    "sequence_owner_is": ("sequence", "app.s", None),
    "index_owner_is": ("index", "i", "app.t"),
    "function_owner_is": ("function", "app.f()", None),
    "tablespace_owner_is": ("tablespace", "pg_default", None),
    "composite_owner_is": ("composite type", "app.pair", None),
    "foreign_table_owner_is": ("foreign table", "app.far", None),
    "language_owner_is": ("language", "plpgsql", None),
    "opclass_owner_is": ("operator class", "app.ops", None),
    "type_owner_is": ("type", "app.mood", None),
}
CASES: dict[str, tuple[CatalogExpectation, CatalogExpectation]] = {
    name: (OwnerIs(noun, what, "postgres", of), OwnerIs(noun, what, "pg_monitor", of))
    for name, (noun, what, of) in OWNED.items()
}
CASES["db_owner_is"] = (DatabaseHas(owner="postgres"), DatabaseHas(owner="pg_monitor"))
