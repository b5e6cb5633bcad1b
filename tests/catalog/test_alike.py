"""Policies that are alike are deparsed once, and read as if each had been."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pgcontract.catalog import snapshot
from pgcontract.catalog.stream import Stream

Connection = psycopg.Connection[Any]

# What is stored for these differs in less and less from what is stored for the first.
SCHEMA = """
create table t (id int, owner name, "select" int, other int);
create table same (id int, owner name, "select" int, other int);
create table renamed (id int, landlord name, "select" int, other int);
create table swapped (id int, owner name, other int, "select" int);
create table moved (gone int, id int, owner name, "select" int, other int);
alter table moved drop column gone;
create table typed (id int, owner text, "select" int, other int);
create role alike_reader;
"""
TABLES = ["t", "same", "renamed", "swapped", "moved", "typed"]
EXPRESSIONS = {
    "a column": "true or {owner} = current_user",
    "another place": "      true or {owner}   = current_user",
    "a reserved word": '"select" > 0 or other > 1',
    "a subquery": "exists (select from t as inner_t where inner_t.id = {table}.id)",
    "a subquery with the same names": "id in (select id from same where same.id = {table}.id)",
    "a whole row": "({table}.*) is not null",
    "a row as a value": "{table} is distinct from null",
    "a system column": "tableoid > 0 or {owner} is null",
    "a string that looks like a tree": "{owner} <> ' :location 5 {{VAR :varattno 2'",
}


@pytest.fixture
def policed(connection: Connection) -> Connection:
    connection.execute(SCHEMA)
    for table in TABLES:
        for number, expression in enumerate(EXPRESSIONS.values()):
            text = expression.format(table=table, owner="landlord" if table == "renamed" else "owner")
            connection.execute(f"create policy p{number} on {table} using ({text}) with check ({text})".encode())
        connection.execute(f"create policy w on {table} for insert to alike_reader with check (other > 1)".encode())
        connection.execute(f"create policy u on {table} for select using (other > 1)".encode())
    return connection


@pytest.fixture(autouse=True)
def _without_the_role(connection: Connection) -> Any:
    yield
    connection.execute("drop owned by alike_reader")
    connection.execute("drop role alike_reader")


def _asked(connection: Connection, *, shared: bool) -> tuple[Any, int]:
    """What is read, and how many policies were deparsed for it."""
    seen: list[str] = []
    original = Stream.send

    def spying(stream: Stream, statement: str, values: Any = (), *, again: bool = False) -> int:
        if "-- What policies say" in statement:
            seen.extend(values[0].strip("{}").split(","))
        return original(stream, statement, values, again=again)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stream, "send", spying)
        return snapshot._fetch(connection, connection.info.server_version, shared=shared), len(seen)  # noqa: SLF001 - both ways


def test_what_is_shared_reads_as_if_it_were_not(policed: Connection) -> None:
    (shared, fewer), (apart, all_) = _asked(policed, shared=True), _asked(policed, shared=False)
    assert shared == apart
    for table in TABLES:
        policies = apart.tables[f"public.{table}"].policies
        assert shared.tables[f"public.{table}"].policies == policies
        assert len(policies) == len(EXPRESSIONS) + 2
    assert all_ == len(TABLES) * (len(EXPRESSIONS) + 2)
    # t and same share six of nine and both the others, and `another place` is `a column`, whatever the table.
    assert fewer <= all_ - 8


def test_a_role_that_a_policy_is_for(policed: Connection) -> None:
    policies = snapshot.read(policed).tables["public.t"].policies
    assert policies["w"].roles == ("alike_reader",)
    assert policies["u"].roles == ("PUBLIC",)
    assert (policies["u"].using, policies["u"].with_check) == ("(other > 1)", None)
    assert (policies["w"].using, policies["w"].with_check) == (None, "(other > 1)")


def test_a_column_that_is_renamed_meanwhile_renames_no_others(database: str, policed: Connection) -> None:
    """The deparsed text has the names of now: it is not given to the tables that have the names of before."""
    with psycopg.connect(database) as other:
        other.execute("set transaction isolation level repeatable read")
        other.execute("select from pg_class")
        policed.execute("alter table t rename column owner to lessee")
        found = snapshot.read(other)
        assert found.tables["public.same"].policies["p0"].using == "(true OR (owner = CURRENT_USER))"
