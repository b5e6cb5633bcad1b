from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import GrantsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create role pgc_ann; create role pgc_group; grant pgc_group to pgc_ann;
create schema app; create sequence app.s; create table app.notes (id int, body text);
create type app.mood as enum ('sad'); create foreign data wrapper pgc_wrapper;
create server pgc_server foreign data wrapper pgc_wrapper;
create function app.total(int) returns int language sql as 'select 1';
grant select, insert on app.notes to pgc_ann;
"""
W = "foreign data wrapper pgc_wrapper"
BOTH = ["SELECT", "INSERT"]
ONE: list[tuple[str, list[str], dict[str, Any], str, str]] = [
    ("pgc_ann", BOTH, {"table": "app.notes"}, "grant delete on app.notes to pgc_group", "through pgc_group"),
    ("pgc_ann", BOTH, {"table": "app.notes"}, "revoke insert on app.notes from pgc_ann", "has no INSERT"),
    ("pgc_ann", BOTH, {"table": "app.notes", "columns": "id"}, "grant update (id) on app.notes to public", "UPDATE"),
    ("pgc_ann", [], {"sequence": "app.s"}, "grant usage on sequence app.s to pgc_ann", "pgc_ann has USAGE"),
    ("pgc_ann", [], {"on_schema": "app"}, "grant usage on schema app to public", "through PUBLIC"),
    ("public", ["EXECUTE"], {"function": "app.total"}, "revoke all on function app.total from public", "no EXECUTE"),
    ("public", ["USAGE"], {"type": "app.mood"}, "revoke all on type app.mood from public", "PUBLIC has no USAGE"),
    ("public", ["USAGE"], {"language": "plpgsql"}, "revoke all on language plpgsql from public", "no USAGE"),
    ("pgc_ann", [], {"foreign_data_wrapper": "pgc_wrapper"}, f"grant usage on {W} to pgc_ann", "on foreign data"),
    ("pgc_ann", [], {"server": "pgc_server"}, "grant usage on foreign server pgc_server to pgc_ann", "has USAGE"),
    ("pgc_ann", [], {"tablespace": "pg_default"}, "grant create on tablespace pg_default to pgc_ann", "has CREATE"),
    ("public", ["CONNECT", "TEMPORARY"], {"on_database": True}, """
        do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$
    """, "PUBLIC has no TEMPORARY on database"),
    ("pgc_ann", ["EXECUTE"], {"function": "app.total", "grant_option": False},
     "grant execute on function app.total to pgc_group with grant option", "others through pgc_group"),
]  # fmt: skip
CASES = [Case(GrantsAre(role, held, **on), SETUP, broken, words) for role, held, on, broken, words in ONE]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_one_object_must_be_named() -> None:
    with pytest.raises(ValidationError, match="exactly one of table"):
        GrantsAre("pgc_ann", [])
