"""`--apply`: all or nothing, in one transaction, and only if the contract then holds; also refused or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from typer.testing import CliRunner

from pgcontract import (
    CheckConstraint,
    ColumnDefault,
    ColumnsAre,
    ColumnType,
    EnumLabels,
    FunctionPresent,
    IndexPresent,
    PrimaryKey,
    RowCount,
    Suite,
    TableExists,
    TablesAre,
    UniqueConstraint,
    ViewExists,
)
from pgcontract.cli.app import command_line
from pgcontract.embedded import apply_setup
from pgcontract.embedded.binaries import installed
from pgcontract.errors import DatabaseError
from pgcontract.repair.applying import apply, planned
from pgcontract.repair.script import script
from pgcontract.run.runner import snapshot, verify
from pgcontract.run.target import Timeouts

if TYPE_CHECKING:
    from pathlib import Path

WAITING = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
SETUP = "create table users (id int, name varchar(20), old int); insert into users values (1, 'x', 1), (1, 'y', 2)"
WIDER = ColumnType("users", "name", "varchar(80)")


def make(url: str, sql: str = SETUP) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def dump(url: str) -> str:
    """The whole database as pg_dump writes it, its rows too; the token that it draws each time is left out."""
    binaries = installed()
    if binaries is None:
        pytest.skip("there is no pg_dump")
    done = subprocess.run([binaries.program("pg_dump"), url], capture_output=True, text=True, check=True)
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def test_it_is_committed_and_holds(database: str) -> None:
    make(database)
    suite = Suite("s", [WIDER, TableExists("orders"), ColumnType("orders", "id", "bigint"), PrimaryKey("orders", "id")])
    applied = apply(suite, database)
    assert (applied.committed, applied.left, applied.why) == (True, (), None)
    assert verify(suite, database).passed
    assert apply(suite, database).ran == ()


def test_what_fails_takes_all_back(database: str) -> None:
    make(database)
    before = dump(database)
    applied = apply(Suite("s", [WIDER, TableExists("orders"), UniqueConstraint("users", "id")]), database)
    assert not applied.committed
    assert "could not create unique index" in str(applied.why)
    assert dump(database) == before


DESTROYING = Suite("s", [WIDER, ColumnsAre("users", ["id", "name"]), TablesAre(["users"])])
UNSAID = FunctionPresent("total(int)")


def test_what_is_not_allowed_takes_all_with_it(database: str) -> None:
    """Nothing is run, and it is said which hazard would have to be allowed; allowed, all of it is done."""
    make(database, f"{SETUP}; create table extra ()")
    before = dump(database)
    applied = apply(DESTROYING, database)
    assert (applied.committed, applied.holds, applied.ran) == (False, False, ())
    assert "2 statements that are not run without --allow 'data loss'" in str(applied.why)
    assert [each.partition(" (not run")[0] for each in applied.left] == [
        "column old is in table public.users, but not in the contract",
        "table public.extra is in schema public, but not in the contract",
    ]
    assert dump(database) == before
    applied = apply(DESTROYING, database, allow=["data loss"])
    assert (applied.holds, applied.left, len(applied.ran)) == (True, (), 3)
    assert list(snapshot(database).relations["public.users"].columns) == ["id", "name"]


def test_in_part_the_rest_is_done_and_what_is_left_is_named(database: str) -> None:
    make(database, f"{SETUP}; create table extra ()")
    applied = apply(DESTROYING + Suite("t", [UNSAID]), database, whole=False)
    assert (applied.committed, applied.holds, applied.why) == (True, False, None)
    assert [step.sql for step in applied.ran] == [
        "alter table public.users alter column name type character varying(80);"
    ]
    assert len(applied.left) == 3
    assert "extra" in snapshot(database).relations["public.extra"].name


def test_what_cannot_be_derived_takes_all_back(database: str) -> None:
    make(database)
    before = dump(database)
    applied = apply(Suite("s", [WIDER, UNSAID]), database)
    assert (applied.committed, len(applied.ran)) == (False, 1)
    assert "one thing would be left that no statement mends" in str(applied.why)
    (left,) = applied.left
    assert left.startswith("function public.total(integer) does not exist (the contract does not say")
    assert dump(database) == before


def test_what_does_not_break_the_contract_does_not_hinder(database: str) -> None:
    """A warning is left and named; what is ignored, or reads rows, is no matter of it."""
    make(database)
    warned = FunctionPresent("total(int)", severity="warning")
    suite = Suite("s", [WIDER, warned, FunctionPresent("other(int)"), RowCount("users", exactly=9)])
    (other,) = (outcome.findings[0] for outcome in verify(suite, database).outcomes if "other" in outcome.subject)
    applied = apply(suite.ignoring(other.fingerprint, because="it comes later"), database)
    assert (applied.committed, applied.holds, applied.why) == (True, True, None)
    assert [each.partition(" (")[0] for each in applied.left] == ["function public.total(integer) does not exist"]


def test_what_no_statement_is_derived_for_is_told_whatever_becomes_of_the_rest(database: str, tmp_path: Path) -> None:
    """A view calls an aggregate of the contract's, which cannot be made: the failure alone would not say why."""
    lone, table = FunctionPresent("total(int)", routine="aggregate"), ColumnType("t", "a", "int")
    view = ViewExists("v", definition="select public.total(t.a) from public.t")
    for suite, first in ((Suite("s", [lone, table, view]), "rolled back, nothing"), (Suite("s", [lone]), "nothing is")):
        (tmp_path / "c.yaml").write_text(suite.to_yaml(), encoding="utf-8")
        done = CliRunner().invoke(command_line(), ["reconcile", str(tmp_path / "c.yaml"), "--db", database, "--apply"])
        assert done.exit_code == 1
        assert done.stdout.startswith(first)
        assert "left: function public.total(integer) does not exist (the contract does not say" in done.stdout


LABELLED = """
create type status as enum ('open');
create table jobs (id int, status status default 'open'); insert into jobs values (1, 'open')
"""
CLOSED = Suite(
    "s",
    [
        EnumLabels("status", ["open", "closed"]),
        ColumnDefault("jobs", "status", "'closed'"),
        CheckConstraint("jobs", "status in ('open', 'closed')", name="known"),
        IndexPresent("jobs", ["id"], name="jobs_closed", where="status = 'closed'"),
    ],
)


def test_a_label_is_committed_before_it_is_used(database: str) -> None:
    """Postgres refuses to use it in the transaction that adds it."""
    make(database, LABELLED)
    text = script(planned(CLOSED, database), title="x")
    assert text.index("add value") < text.index("begin;") < text.index("set default")
    applied = apply(CLOSED, database)
    assert (applied.holds, applied.left, applied.ran[0].first) == (True, (), True)


def test_a_label_stays_where_the_rest_is_rolled_back_and_that_is_said(database: str, tmp_path: Path) -> None:
    """Only for what could not be known before: what would be left anyhow is said before it is added."""
    make(database, f"{LABELLED}; create table users (id int); insert into users values (1), (1)")
    applied = apply(CLOSED + Suite("t", [UNSAID]), database)
    assert (applied.ran, "left that no statement mends" in str(applied.why)) == ((), True)
    assert snapshot(database).types["public.status"].labels == ("open",)
    (tmp_path / "c.yaml").write_text((CLOSED + Suite("t", [UniqueConstraint("users", "id")])).to_yaml(), "utf-8")
    done = CliRunner().invoke(command_line(), ["reconcile", str(tmp_path / "c.yaml"), "--db", database, "--apply"])
    assert done.stdout.startswith("rolled back, nothing but for 1 that ran before it is changed: a statement failed")
    after = snapshot(database)
    assert after.types["public.status"].labels == ("open", "closed")
    assert after.relations["public.jobs"].constraints == {}


def test_a_lock_that_cannot_be_had_takes_all_back(database: str) -> None:
    make(database)
    before = dump(database)
    with psycopg.connect(database) as other:
        other.execute("select 1 from users")
        applied = apply(Suite("s", [TableExists("orders"), WIDER]), database, timeouts=Timeouts(lock=0.05))
    assert not applied.committed
    assert "lock timeout" in str(applied.why)
    assert dump(database) == before


def test_a_connection_in_a_transaction_is_refused(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("select 1")
        with pytest.raises(DatabaseError, match="is in a transaction"):
            apply(Suite("s", [TableExists("t")]), connection)


def test_indexes_are_built_apart(database: str) -> None:
    """After the transaction, while writes go on; and where that fails, it is said that the rest stays."""
    make(database)
    suite = Suite("s", [WIDER, IndexPresent("users", "name"), IndexPresent("users", "id", unique=True)])
    applied = apply(suite, database, concurrently=True)
    assert [step.transactional for step in applied.ran] == [True, False]
    assert applied.committed
    assert str(applied.why).startswith(
        "after the transaction was committed, a statement failed: could not create unique"
    )


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)], ids=["killed", "interrupted"])
def test_what_is_ended_in_the_middle_leaves_it_as_it_was(
    how: signal.Signals, status: int, database: str, tmp_path: Path
) -> None:
    """It waits for a lock when its end comes, and has made a table before."""
    make(database)
    before = dump(database)
    contract = tmp_path / "contract.yaml"
    contract.write_text("suite: s\ntables: {a_new_one: {}, users: {columns: {name: varchar(80)}}}\n")
    arguments = ["reconcile", str(contract), "--db", database, "--apply", "--lock-timeout", "0"]
    with psycopg.connect(database) as other, psycopg.connect(database, autocommit=True) as watcher:
        other.execute("select 1 from users")
        running = subprocess.Popen([sys.executable, "-m", "pgcontract", *arguments], stderr=subprocess.DEVNULL)
        waits = 0
        for _ in range(400):
            waits = watcher.execute(WAITING).rowcount
            if waits:
                break
            time.sleep(0.05)
        assert waits, "it never waited"
        os.kill(running.pid, how)
        assert running.wait(20) == status
        for _ in range(200 if watcher.info.server_version >= 140000 else 0):
            if not (waits := watcher.execute(WAITING).rowcount):
                break
            time.sleep(0.05)
        assert not waits or watcher.info.server_version < 140000, "it still waits, and all who come behind it"
    assert dump(database) == before


def test_the_script_may_be_run_twice(database: str, tmp_path: Path) -> None:
    """By psql, which stops at the first error."""
    make(database)
    suite = Suite("s", [WIDER, TableExists("orders"), ColumnType("orders", "id", "int"), PrimaryKey("orders", "id")])
    suite += Suite("t", [IndexPresent("users", "name"), ColumnsAre("users", ["id", "name"])])
    file = tmp_path / "mend.sql"
    file.write_text(script(planned(suite, database, concurrently=True), title="twice", allow=["data loss"]))
    apply_setup(database, [file])
    after = snapshot(database)
    apply_setup(database, [file])
    assert snapshot(database) == after
    assert verify(suite, database).passed
