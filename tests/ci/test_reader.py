"""The role that docs/ci.md makes for production can do what verifying takes, and nothing that writes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pgcontract import verify
from pgcontract.contract.load import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ci.md").read_text("utf-8")

# As people write it, so that Postgres has to be asked for its own form; and of rows.
CONTRACT = """\
suite: notes
tables:
  notes:
    columns: {id: int8 not null, owner: uuid}
    policies:
      own: {roles: public, using: "((OWNER)=auth.uid())"}
expectations:
  - RowCount: {table: notes, at_least: 1}
"""
SCHEMA = """\
create schema auth;
create function auth.uid() returns uuid language sql as 'select null::uuid';
create table notes (id bigint not null, owner uuid);
insert into notes values (1);
alter table notes enable row level security;
create policy own on notes using (owner = auth.uid());
"""


@pytest.fixture
def reader(database: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A connection that may make the role, and the role's own URL; roles are the server's, so it is dropped."""
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        yield connection, make_conninfo(database, user=f"reader_{name}", password="choose one")
        connection.execute(f"drop owned by reader_{name}; drop role reader_{name}".encode())


@pytest.mark.pg(">= 14")
def test_it_verifies_and_writes_nothing(reader: tuple[psycopg.Connection, str]) -> None:
    connection, url = reader
    (made,) = re.findall(r"```sql\n(create role contract_reader.*?)```", PAGE, re.DOTALL)
    connection.execute(made.replace("contract_reader", str(psycopg.conninfo.conninfo_to_dict(url)["user"])).encode())
    report = verify(loads(CONTRACT), url)
    assert [(each.subject, each.reason) for each in report.outcomes if each.status != "passed"] == []
    with psycopg.connect(url) as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute("insert into public.notes values (2)")


def test_for_the_catalogs_usage_of_schemas_will_do(reader: tuple[psycopg.Connection, str]) -> None:
    connection, url = reader
    name = psycopg.conninfo.conninfo_to_dict(url)["user"]
    connection.execute(f"create role {name} login password 'choose one'; grant usage on schema auth to {name}".encode())
    report = verify(loads(CONTRACT.partition("expectations:")[0]), url)
    assert [(each.subject, each.reason) for each in report.outcomes if each.status != "passed"] == []
