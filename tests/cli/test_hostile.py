"""What databases, contracts, files and arguments say never acts on a terminal, whatever the command and its errors."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.cli.console import progress_bar
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgcontract.embedded import Databases

Run = Any

# Blinks, is copied to the clipboard, rings, goes back, turns round, is coloured by rich, and clears the screen.
EVIL = "e\x1b[5;95mR\x1b]52;c;aGk=\x07\x08\r\u202e[red]x[/]\x9b2J"
FILE = EVIL.replace("/", "")
NAME = quote(EVIL)
RAISED = f"raise warning '%', {literal(EVIL)}; raise exception '%', {literal(EVIL)};"
SQL = [
    f"create role {NAME} login",
    f"create schema {NAME}",
    f"create table {NAME} (id int primary key, {NAME} text not null default {literal(EVIL)}, owner_id uuid)",
    f"comment on table {NAME} is {literal(EVIL)}",
    f"create table child (id int primary key, {NAME} int references {NAME} (id))",
    f"insert into {NAME} values (1, {literal(EVIL)}), (2, {literal(EVIL)})",
    f"create function {NAME}(a int) returns int language plpgsql as $$ begin {RAISED} end $$",
    f"alter table {NAME} enable row level security",
    f"create policy {NAME} on {NAME} using (owner_id = nullif(current_setting('app.me', true), '')::uuid or id > 0)",
    f"grant usage on schema public to {NAME}",
    f"grant select, insert, update, delete on {NAME} to {NAME}",
]
CONTRACT = {
    "suite": EVIL,
    "tables": {NAME: {"columns": {"id": "bigint", EVIL: "text", "gone": "text"}}},
    "expectations": [
        {"TableExists": {"table": quote(f"{EVIL}!"), "because": EVIL, "tags": [EVIL]}},
        {"FunctionCallable": f"{NAME}(int)"},
        {"ValuesInSet": {"table": NAME, "column": EVIL, "values": [f"{EVIL}!"]}},
    ],
}
WRONG = {"suite": EVIL, EVIL: 1, "tables": {EVIL: {"columns": {EVIL: EVIL}, EVIL: 1}}, "expectations": [{EVIL: 1}]}

# What is said must hold the words, as they are shown; DB stands for the database.
COMMANDS: dict[str, tuple[int, list[str]]] = {
    "verify": (1, ["verify", "c.json", "DB", "--probes", "rollback"]),
    "verify, all of it": (1, ["verify", "c.json", "DB", "--verbose", "--baseline", "b.yaml"]),
    "verify, as JSON": (1, ["verify", "c.json", "DB", "--format", "json"]),
    "verify, kept": (1, ["verify", "c.json", "DB", "--quiet", "--history", f"{FILE}runs"]),
    "a wrong contract": (2, ["verify", "wrong.json"]),
    "a contract that does not parse": (2, ["verify", f"{FILE}.json"]),
    "a contract that raises": (2, ["verify", "raises.py"]),
    "a contract that is not there": (2, ["verify", f"{FILE}.yaml"]),
    "a database that is not there": (3, ["verify", "c.json", "--db", "GONE"]),
    "an option": (2, ["verify", f"--{EVIL}"]),
    "an argument too many": (2, ["verify", "c.json", EVIL]),
    "a value": (2, ["verify", "c.json", "--probes", EVIL]),
    "a command": (2, [EVIL]),
    "a table that fits nothing": (2, ["verify", "contract.yaml", "--table", EVIL]),
    "a file to write": (2, ["verify", "c.json", "--output", f"{FILE}/x.html"]),
    "a format": (2, ["verify", "c.json", "--format", EVIL]),
    "a setup that fails": (2, ["verify", "c.json", "DB", "--setup", f"{FILE}.sql"]),
    "smoke": (0, ["smoke", "DB"]),
    "leaks": (1, ["leaks", "DB", "--owner", f"{NAME}.owner_id"]),
    "leaks of nothing": (2, ["leaks", "DB", "--schema", f"{EVIL}!"]),
    "matrix": (1, ["matrix", "DB"]),
    "advise": (0, ["advise", "DB", "--role", EVIL]),
    "history": (0, ["history", "runs"]),
    "history of nothing": (2, ["history", f"{FILE}nothing"]),
    "inventory": (0, ["inventory", "DB", "--format", "json", "--format", "mermaid"]),
    "profile": (0, ["profile", "DB"]),
    "diff": (1, ["diff", "c.json", "URL"]),
    "mutate": (0, ["mutate", "c.json", "DB", "--sample", "30"]),
    "reconcile": (1, ["reconcile", "c.json", "DB"]),
    "explain": (2, ["explain", EVIL]),
    "report": (2, ["report", f"{FILE}.json"]),
    "site": (2, ["site", f"{FILE}.json"]),
}


@pytest.fixture(scope="module")
def hostile(server: Databases) -> Iterator[str]:
    """A database whose every name is hostile, its own too."""
    database = f"{os.getpid()}{EVIL}"
    url = server.create_database(database)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in SQL:
            connection.execute(statement.encode())
    yield url
    server.drop_database(database)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"drop role {NAME}".encode())


@pytest.fixture(autouse=True)
def files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "1000")  # so that no name is broken in two
    (here / "c.json").write_text(json.dumps(CONTRACT))
    (here / "wrong.json").write_text(json.dumps(WRONG))
    (here / f"{FILE}.json").write_text("nonsense")
    (here / "raises.py").write_text(f"raise ValueError({EVIL!r})")
    (here / "b.yaml").write_text("format: pgcontract.baseline/1\nignore: []")
    (here / f"{FILE}.sql").write_text(f"do $$ begin {RAISED} end $$")


def acting(text: str) -> list[str]:
    """What of the text a terminal would obey, but for our own colours."""
    return re.findall(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", re.sub(r"\x1b\[(?!5;95m)[\d;]*m", "", text)
    )


@pytest.mark.parametrize("case", COMMANDS)
def test_nothing_acts(run: Run, hostile: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    status, arguments = COMMANDS[case]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    if case == "history":
        run("verify", "c.json", "--db", hostile, "--history", "runs")
    named = {"DB": ["--db", hostile], "URL": [hostile], "GONE": [hostile.replace("?", "x?")]}
    ended = run(*(word for argument in arguments for word in named.get(argument, [argument])))
    said = ended.out + ended.err
    assert ended.status == status, said
    assert acting(said) == []
    assert "e\\x1b[5;95m" in said or "\\u001b[5;95m" in said  # or nothing was tried
    assert said.count("[red]x") >= said.count("\\x9b2J") + said.count("\\u009b2J")


def test_nothing_acts_in_the_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar() as progress:
        progress(f"probing: {EVIL}", 1, 2)
    shown = terminal.getvalue()
    assert r"probing: e\x1b[5;95mR\x1b]52;c;aGk=" in shown  # the rest of it has no room
    controls = r"\x1b\[\?25[lh]|\x1b\[2K|\x1b\[1A|\r"
    assert acting(re.sub(controls, "", shown)) == []
    assert shown.endswith("\x1b[1A\x1b[2K")  # it is gone


@pytest.mark.parametrize("where", ["a file", "a dumb terminal"])
def test_there_is_no_bar_but_on_a_terminal(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb" if where == "a dumb terminal" else "xterm")
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: where == "a dumb terminal", raising=False)
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar() as progress:
        progress("probing", 1, 2)
    assert stream.getvalue() == ""
