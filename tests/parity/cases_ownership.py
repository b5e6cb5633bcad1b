"""Who owns what."""

from __future__ import annotations

from pgcontract import OwnerIs

SETUP = """
create schema app;
create table app.t (a int);
create index i on app.t (a);
create view app.v as select 1 as a;
create materialized view app.m as select 1 as a;
create sequence app.s;
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
}
CASES = {
    name: (OwnerIs(noun, what, "postgres", of), OwnerIs(noun, what, "pg_monitor", of))
    for name, (noun, what, of) in OWNED.items()
}
