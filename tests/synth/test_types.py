"""Values of every type are ones that the server takes, from a `Maker` and from Hypothesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgcontract.synth import Maker, rows
from pgcontract.synth.inserting import insert

if TYPE_CHECKING:
    from tests.synth.conftest import Connection, Stage

BUILT_IN = """
    smallint | integer | bigint | numeric | numeric(5,2) | numeric(3,3) | real | double precision | money | boolean
    text | varchar(3) | varchar(40) | char(5) | char | "char" | name | bytea | uuid | date | time | time(0) | timetz
    timestamp | timestamptz | timestamptz(3) | interval | interval day to second(0) | interval year to month
    inet | cidr | macaddr | macaddr8 | bit | bit(12) | varbit | varbit(3) | json | jsonb | jsonpath | tsvector | tsquery
    point | line | lseg | box | path | polygon | circle | oid | xid | xid8 | cid | tid | pg_lsn | pg_snapshot
    txid_snapshot | int2vector | oidvector | refcursor | regclass | regtype | regproc | regprocedure | regoper
    regoperator | regnamespace | regrole | regcollation | regconfig | regdictionary
    int4range | int8range | numrange | tsrange | tstzrange | daterange
    int[] | text[] | varchar(3)[] | numeric(4,1)[] | timestamptz[] | uuid[] | jsonb[] | bytea[] | point[] | int[][]
    mood | mood[] | odd."Mood" | pair | pair[] | nested | spot | span | tiny | tiny[] | shout | shouts | code | table_of
"""
SINCE_14 = "int4multirange | int8multirange | nummultirange | tsmultirange | tstzmultirange | datemultirange | spans"
EXTENSIONS = (
    "citext | hstore | ltree | lquery | ltxtquery | cube | seg | vector(3) | vector | halfvec(4) | sparsevec(5)"
)

MADE = """
create schema odd;
create type mood as enum ('glad', 'so ''la la''', 'sad');
create type odd."Mood" as enum ('A, "b"', 'ä');
create type pair as (a int, "b c" text);
create type nested as (p pair, m mood, at timestamptz, many int[]);
create type spot as (x numeric(4,2), y numeric(4,2));
create type span as range (subtype = numeric{multirange});
create domain tiny as smallint check (value between 1 and 9);
create domain shout as text check (value = upper(value) and value <> '');
create domain shouts as shout[] check (cardinality(value) <= 2);
create domain code as shout not null check (value ~ '^[A-Z]{{2}}-[0-9]+$');
create table table_of (a int, b text);
set local search_path = public, odd;
"""


def listed(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split("|")]


def made(version: int) -> str:
    return MADE.format(multirange=", multirange_type_name = spans" if version >= 140000 else "")


def proves_that_rows_go_in(stage: Stage, setup: str, type_: str) -> None:
    """Three rows of a maker, of which one shows NULL and one a value; and whatever Hypothesis draws."""
    with stage(f"{setup} create table t (id int primary key, v {type_}, w {type_} not null)") as session:
        stored = Maker(session, session.catalog, canary=lambda *_: "mark-17").rows("t", 4)
        assert len(stored) == 4
        assert any(row.values["v"] is not None for row in stored)

        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(rows("t", session.catalog))
        def drawn(row: dict[str, object]) -> None:
            with session.trial():
                insert(session, session.catalog.tables["public.t"], row)

        drawn()


@pytest.mark.parametrize("type_", listed(BUILT_IN))
def test_the_server_takes_values_of(type_: str, stage: Stage, lab: Connection) -> None:
    proves_that_rows_go_in(stage, made(lab.info.server_version), type_)


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("type_", listed(SINCE_14))
def test_the_server_takes_multiranges(type_: str, stage: Stage) -> None:
    proves_that_rows_go_in(stage, made(140000), type_)


@pytest.mark.parametrize("type_", listed(EXTENSIONS))
def test_the_server_takes_values_of_extensions(type_: str, stage: Stage, lab: Connection) -> None:
    name = type_.partition("(")[0]
    extension = {"lquery": "ltree", "ltxtquery": "ltree", "halfvec": "vector", "sparsevec": "vector"}.get(name, name)
    found = lab.execute("select 1 from pg_available_extensions where name = %s", [extension]).fetchone()
    lab.rollback()
    if found is None:
        pytest.skip(f"needs the extension {extension}, which this server does not offer")
    schema = (
        f'create schema "Ext"; create extension {extension} with schema "Ext"; set local search_path = public, "Ext";'
    )
    proves_that_rows_go_in(stage, schema, type_)


@pytest.mark.parametrize("value", [st.integers(5, 7), 6])
def test_a_pin_is_a_value_or_a_strategy(value: object, stage: Stage) -> None:
    with stage("create table t (id int, v int)") as session:
        assert Maker(session, session.catalog).row("t", {"v": value}).values["v"] in {5, 6, 7}
