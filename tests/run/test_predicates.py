"""An author's SQL calls functions that do what they like: no other expectation loses its verdict, no value is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import (
    Fresh,
    QueryReturnsNothing,
    RowCount,
    RowsSatisfy,
    Scanning,
    Suite,
    ValuesInSet,
    ValuesNotNull,
    verify,
)
from pgcontract.run.scan import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.embedded import Databases
    from pgcontract.verdict import Outcome

SETUP = """
create role pgc_nobody; create role pgc_other;
create table t (id int, s text, v varchar);
insert into t values (1, 'secret-1', 'x');
create table other (id int, at timestamptz default '1987-06-05');
insert into other values (1);
create materialized view later as select 1 as id with no data;
create function fails(code text, said text) returns bool language plpgsql as
    $$begin raise exception using errcode = code, message = 'no ' || said; end$$;
create function says(text) returns bool language plpgsql as
    $$declare b bool; begin execute 'select ' || $1 into b; return b; end$$;
create function sets() returns bool language sql as $$
    select set_config('row_security', 'on', true) || set_config('role', 'pgc_nobody', true)
        || set_config('search_path', 'public', true) || set_config('timezone', 'Asia/Tokyo', true) is not null
$$;
create view seen as select id, public.sets() as is_set from t;
"""
# Lost, in another's way, no right, out of memory, no lock, cancelled, a foreign server, …: would be, were it true.
CODES = ("08006", "40001", "42501", "53200", "55P03", "57014", "58030", "HV000", "55000", "54001", "22012", "42703")


def outcomes(
    connection: psycopg.Connection[Any],
    expectations: Sequence[Expectation],
    more: str = "",
    rows_as: str | None = None,
    **options: Any,
) -> tuple[Outcome, ...]:
    with connection.transaction(force_rollback=True):
        connection.execute(f"{SETUP}{more}".encode())
        return verify(Suite("s", expectations, rows_as=rows_as), connection, **options).outcomes


@pytest.mark.parametrize("values", [True, False])
def test_what_a_function_raises_is_its_own(connection: psycopg.Connection[Any], values: bool) -> None:  # noqa: FBT001
    failing: list[Expectation] = [RowsSatisfy("t", f"fails('{code}', s)") for code in CODES]
    failing += [
        RowsSatisfy("t", "says(s)"),
        RowsSatisfy("t", "s::int > 0"),
        RowsSatisfy("t", "currval('hits_id_seq') > 0"),
    ]
    asked = [*failing, RowCount("t", 1), ValuesInSet("t", "s", ["a"]), Fresh("other", "at", "1 day")]
    found = outcomes(connection, asked, scanning=Scanning(values=values))
    assert [each.status for each in found] == [*["errored"] * len(failing), "passed", "failed", "failed"]
    shown = ["secret" in str(each.reason) for each in found[: len(failing)]]
    assert shown == [values] * (len(failing) - 1) + [False]
    assert values or "secret-1" not in str(found)
    assert ("days" in found[-1].findings[0].message) is values, "how old it is, tells the value"


def test_what_a_function_sets_is_undone(connection: psycopg.Connection[Any]) -> None:
    now = (
        "current_user <> 'pgc_other' or current_setting('row_security') = 'on' or current_setting('timezone') <> 'UTC'"
    )
    own = RowsSatisfy("t", "sets() and set_config('role', 'none', true) is not null")
    asked = [own, ValuesNotNull("seen", "is_set"), RowCount("other", 1), QueryReturnsNothing(f"select where {now}")]
    granted = "grant select on t, other, seen to pgc_other; grant pgc_nobody to pgc_other"
    assert [each.status for each in outcomes(connection, asked, granted, rows_as="pgc_other")] == ["passed"] * 4


def test_what_cannot_be_read_yet_is_asked_for_once(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def counted(connection: psycopg.Connection[Any], statement: str, path: str = "", **more: Any) -> object:
        said.append(statement)
        return run(connection, statement, path, **more)

    monkeypatch.setattr("pgcontract.run.scan.run", counted)
    found = outcomes(connection, [RowsSatisfy("later", f"id <> {number}") for number in range(20)])
    assert {each.reason for each in found} == {'materialized view "later" has not been populated'}
    assert len(said) == 2


PLANTED = """
create function public.lower(varchar) returns text language plpgsql as 'begin raise exception ''planted''; end';
create function public.eq(varchar, varchar) returns bool language plpgsql as 'begin raise exception ''planted''; end';
create operator public.= (leftarg = varchar, rightarg = varchar, function = public.eq);
"""
OWNED = "alter function public.lower(varchar) owner to {0}; alter operator public.= (varchar, varchar) owner to {0};"


PREDICATES = {
    "calm() is not null and lower(v) <> ''": "public.lower(character varying) might be called for another lower: ",
    'calm() is not null and "lower"(v) <> $$$$': "public.lower(character varying) ",
    "calm() <> 2 and v = 'x'": "operator public.=(character varying,character varying) ",
    "calm() <> 2 and v in ('x')": "operator public.=",
    "calm() <> 2 and v is not distinct from 'x'": "operator public.=",
    "calm() <> 2 and v operator(pg_catalog.=) 'x'": None,
    "calm() <> 2 and pg_catalog.lower(v) <> ''": None,
    "calm() <> 2 and v <> 'lower(='": None,
    "lower(v) <> '' and v = 'x'": None,
}


def test_what_is_planted_is_not_called(connection: psycopg.Connection[Any]) -> None:
    """The schema is searched, for one of its own functions is called; others there fit better than the server's."""
    asked: list[Expectation] = [RowsSatisfy("t", predicate) for predicate in PREDICATES]
    found = outcomes(connection, asked, PLANTED + OWNED.format("pgc_nobody"))
    assert [each.status for each in found] == ["errored" if refused else "passed" for refused in PREDICATES.values()]
    for refused, each in zip(PREDICATES.values(), found, strict=True):
        assert str(each.reason).startswith(refused or "")


def test_what_somebody_trusted_has_made_is_called(connection: psycopg.Connection[Any]) -> None:
    (found,) = outcomes(connection, [RowsSatisfy("t", "calm() = 1 and lower(v) = 'x'")], PLANTED)
    assert found.reason == "planted"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_who_is_to_blame_is_told_in_every_encoding(
    server: Databases, fresh_name: Callable[[], str], encoding: str
) -> None:
    """SQL_ASCII knows no characters: the place of an error behind other letters is told in bytes."""
    name = fresh_name()
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        like = f"encoding '{encoding}' lc_collate 'C' lc_ctype 'C' template template0"
        connection.execute(f"create database {name} {like}".encode())
    try:
        with psycopg.connect(server.url(name)) as connection:
            connection.execute("create table t (s text); insert into t values ('')")
            asked = [RowsSatisfy("t", predicate) for predicate in ("s <> 'ééééé' and nope > 1", "s <> 'ééé'")]
            found = verify(Suite("s", asked), connection).outcomes
    finally:
        server.drop_database(name)
    assert [each.status for each in found] == ["errored", "passed"]
    assert "(at character 18 of " in str(found[0].reason)
