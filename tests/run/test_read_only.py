"""Where transactions are read-only, as on a standby, nothing is told of what would be written: neither good nor bad."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from pgcontract import ConstraintRefuses, CrudWorks, NotReadableBy, ReadableBy, Suite, verify
from pgcontract.contract.principals import Principal

SQL = """
create table notes (id int primary key, tenant_id int not null);
alter table notes enable row level security;
create policy own on notes using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int);
create view all_notes as select * from notes;
grant select on notes, all_notes to public;
"""


@pytest.fixture
def url(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SQL)
        connection.execute(f'alter database "{connection.info.dbname}" set default_transaction_read_only = on'.encode())
    return database


def test_probes_that_write_are_skipped_and_say_why(url: str) -> None:
    me = "pg_read_all_settings"
    probes = [
        CrudWorks("notes", by="tenant 1"),
        ReadableBy("all_notes", by="tenant 1", rows="all"),
        NotReadableBy("notes", by="tenant 1"),
        ConstraintRefuses("notes", "notes_pkey"),
    ]
    tenant = Principal(name="tenant 1", role=me, settings={"app.tenant_id": "1"})
    report = verify(Suite("notes", probes, principals=[tenant]), url, probes="rollback")
    told = {one.kind: (one.status, one.reason) for one in report.outcomes}
    assert {status for status, _ in told.values()} == {"skipped"}, told
    assert all("where transactions may write" in (reason or "") for _, reason in told.values())


@pytest.mark.parametrize(("command", "status"), [("leaks", 3), ("matrix", 3), ("smoke", 0)])
def test_commands_say_so(url: str, command: str, status: int) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pgcontract", command, "--db", url], capture_output=True, text=True, check=False
    )
    assert run.returncode == status, run.stderr
    assert ("read-only" if status else "where transactions may write") in " ".join((run.stdout + run.stderr).split())
    assert "no leak" not in run.stdout
    assert "agree" not in run.stdout
