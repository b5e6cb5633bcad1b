"""Privileges: exactly these, on every kind of object."""

from __future__ import annotations

from pgcontract import GrantsAre

SETUP = """
do $$ begin
    create role held_parity;
exception when duplicate_object or unique_violation then null;  -- roles belong to the whole cluster
end $$;
create schema app;
create table app.t (a int, b int);
create sequence app.s;
create function app.f() returns int language sql as 'select 1';
create foreign data wrapper w;
create server srv foreign data wrapper w;
grant usage on schema app to held_parity;
grant select on app.t to held_parity;
grant usage on sequence app.s to held_parity;
"""
ME = "held_parity"
CASES = {
    "database_privs_are": (
        GrantsAre(ME, ["CONNECT", "TEMPORARY"], on_database=True),
        GrantsAre(ME, ["CREATE"], on_database=True),
    ),
    "tablespace_privs_are": (
        GrantsAre(ME, [], tablespace="pg_default"),
        GrantsAre(ME, ["CREATE"], tablespace="pg_default"),
    ),
    "schema_privs_are": (GrantsAre(ME, "USAGE", on_schema="app"), GrantsAre(ME, "CREATE", on_schema="app")),
    "table_privs_are": (GrantsAre(ME, "SELECT", table="app.t"), GrantsAre(ME, "DELETE", table="app.t")),
    "sequence_privs_are": (GrantsAre(ME, "USAGE", sequence="app.s"), GrantsAre(ME, [], sequence="app.s")),
    "any_column_privs_are": (
        GrantsAre(ME, "SELECT", table="app.t", columns=["a", "b"]),
        GrantsAre(ME, "UPDATE", table="app.t", columns=["a", "b"]),
    ),
    "column_privs_are": (
        GrantsAre(ME, "SELECT", table="app.t", columns="a"),
        GrantsAre(ME, "UPDATE", table="app.t", columns="a"),
    ),
    "function_privs_are": (GrantsAre(ME, "EXECUTE", function="app.f()"), GrantsAre(ME, [], function="app.f()")),
    "language_privs_are": (GrantsAre(ME, "USAGE", language="plpgsql"), GrantsAre(ME, [], language="plpgsql")),
    "fdw_privs_are": (GrantsAre(ME, [], foreign_data_wrapper="w"), GrantsAre(ME, "USAGE", foreign_data_wrapper="w")),
    "server_privs_are": (GrantsAre(ME, [], server="srv"), GrantsAre(ME, "USAGE", server="srv")),
}
