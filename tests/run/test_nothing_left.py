"""Probing leaves nothing behind: not a row, not a number of a sequence, not a notification; killed in the middle, too.

Shown by the whole of pg_dump, schema and data, `pg_sequences` and the rows counted, before and after.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.embedded.binaries import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.pg(">= 15")

KILLS = int(os.environ.get("PGCONTRACT_KILLS", "1"))
"""How often a run is killed; `make test-all` does it fifty times."""

SQL = """
create table notes (
    id bigserial primary key, user_id uuid not null references auth.users on delete cascade, body text not null
);
create table hist (id bigint generated always as identity primary key, note bigint, what text);
create table plans (id serial primary key, name text unique);
create sequence invoice_numbers;
create function keep() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into public.hist (note, what) values (coalesce(new.id, old.id), tg_op);
    perform pg_notify('probes', tg_op);
    perform nextval('public.invoice_numbers');
    return coalesce(new, old);
end $$;
create trigger keep after insert or update or delete on notes for each row execute function keep();
create function add_plan(name text) returns int language sql as
    $$ insert into plans (name) values (name) returning id $$;
create function next_invoice() returns bigint language sql as $$ select nextval('public.invoice_numbers') $$;
alter table notes enable row level security;
create policy own on notes using (user_id = auth.uid());
create policy peek on notes for select to authenticated using (true);
insert into auth.users (id, email) select gen_random_uuid(), n || '@example.org' from generate_series(1, 3) as n;
insert into notes (user_id, body) select id, email from auth.users;
insert into plans (name) values ('free'), ('paid');
"""
CONTRACT = """
suite: notes
expectations:
  - RlsBlocksAnon: notes
  - RlsBlocksAnon: plans
  - FunctionCallable: {function: add_plan(text), arguments: [new]}
  - FunctionCallable: next_invoice()
"""
COMMANDS = {
    "verify": ["verify", "contract.yaml", "--probes", "rollback"],
    "smoke": ["smoke"],
    "leaks": ["leaks"],
}


@pytest.fixture(scope="module")
def template(make_template: Callable[[Any], str]) -> str:
    from pgcontract.embedded import apply_setup  # noqa: PLC0415 - once

    def build(url: str) -> None:
        apply_setup(url, ["supabase"])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL.encode())

    return make_template(build)


@pytest.fixture
def url(clone: Callable[[str], str], template: str, tmp_path: Path) -> str:
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    return clone(template)


def everything(url: str) -> tuple[list[str], list[Any], list[Any]]:
    """The database, as far as anybody can see it."""
    binaries = installed()
    assert binaries is not None
    dump = subprocess.run([binaries.program("pg_dump"), "-d", url], capture_output=True, text=True, check=True).stdout
    lines = [line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
    with psycopg.connect(url, autocommit=True) as connection:
        sequences = connection.execute("select * from pg_sequences order by 1, 2").fetchall()
        named = "select format('%I.%I', schemaname, tablename) from pg_tables"
        tables = connection.execute(f"{named} where schemaname !~ '^(pg_|information)' order by 1".encode()).fetchall()
        counts = [connection.execute(f"select '{t}', count(*) from {t}".encode()).fetchone() for (t,) in tables]
    return lines, sequences, counts


def started(url: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pgcontract", *arguments, "--db", url]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def heard(url: str) -> Iterator[list[str]]:
    """The notifications that get out until the block ends."""
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as ears:
        ears.execute("listen probes")
        stopped = threading.Event()

        def listen() -> None:
            while not stopped.is_set():
                found.extend(note.payload for note in ears.notifies(timeout=0.2))

        listener = threading.Thread(target=listen)
        listener.start()
        yield found
        stopped.set()
        listener.join()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_run_leaves_the_database_as_it_was(url: str, tmp_path: Path, heard: list[str], command: str) -> None:
    before = everything(url)
    run = started(url, tmp_path, *COMMANDS[command])
    shown, said = run.communicate()
    assert run.returncode in {0, 1}, said
    assert "notes" in shown
    assert everything(url) == before
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_notify('probes', 'can be heard')")
    time.sleep(0.3)
    assert heard == ["can be heard"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_control_would_notice(url: str, command: str) -> None:
    before = everything(url)
    change = {
        "verify": "select nextval('invoice_numbers')",
        "smoke": "delete from plans where name = 'free'",
        "leaks": "alter table notes add check (body <> '')",
    }[command]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change.encode())
    assert everything(url) != before


def test_a_run_that_is_killed_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    moments = random.Random(f"kill {os.getpid()}")  # noqa: S311 - any moment will do, and all should
    before = everything(url)
    with psycopg.connect(url, autocommit=True) as watcher:
        for number in range(KILLS):
            name = list(COMMANDS)[::-1][number % len(COMMANDS)]
            run_and_kill(watcher, partial(started, url, tmp_path, *COMMANDS[name]), moments)
            assert everything(url) == before, f"{name} was killed, and left something behind"


def run_and_kill(
    watcher: psycopg.Connection[Any], start: Callable[[], subprocess.Popen[str]], moments: random.Random
) -> None:
    """Kill a run while it is connected; one that ended before that says that the next is to be killed earlier."""
    longest = 2.0
    while True:
        run = connected(watcher, start())
        began = time.monotonic()
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.communicate(timeout=moments.uniform(0, longest))
        caught = bool(sessions(watcher))
        run.kill()
        run.communicate()
        wait_until(lambda: not sessions(watcher))
        if caught:
            return
        longest = (time.monotonic() - began) / 2


def connected(watcher: psycopg.Connection[Any], run: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """The run, once it is connected."""
    wait_until(lambda: bool(sessions(watcher)) or run.poll() is not None)
    return run


def sessions(watcher: psycopg.Connection[Any]) -> list[Any]:
    asked = "select pid from pg_stat_activity where application_name = 'pgcontract' and datname = current_database()"
    return watcher.execute(asked).fetchall()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.02)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_shadow_only_reads_the_database(url: str, tmp_path: Path, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"alter database {name} set default_transaction_read_only = on".encode())
    before = everything(url)
    arguments = [word for word in COMMANDS[command] if word not in {"--probes", "rollback"}]
    run = started(url, tmp_path, *arguments, "--probes", "shadow")
    shown, said = run.communicate()
    assert run.returncode in {0, 1}, said
    assert "notes" in shown
    assert everything(url) == before
