"""The command as a process: terminals, pipes, signals, and what it leaves running."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Run = Any

COMMAND = [sys.executable, "-m", "pgcontract"]


def ran(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def broken(url: str, here: Path) -> list[str]:
    """A command line that has much to say and ends with 1."""
    listed = "".join(f"  - TableExists: t{number}\n" for number in range(300))
    (here / "long.yaml").write_text(f"suite: long\nexpectations:\n{listed}")
    return ["verify", "long.yaml", "--db", url]


def test_version_and_help(here: Path) -> None:  # noqa: ARG001
    assert ran("--version").stdout == f"pgcontract {__version__}\n"
    helped = ran("--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    for command in ("verify", "demo", "schema", "explain"):
        assert command in helped.stdout


def test_the_installed_command_is_the_same(here: Path) -> None:  # noqa: ARG001
    installed = Path(sys.executable).with_name("pgcontract")
    assert subprocess.run([installed, "--version"], capture_output=True, text=True, check=True).stdout == (
        ran("--version").stdout
    )


def test_starting_imports_nothing_heavy(here: Path) -> None:  # noqa: ARG001
    heavy = "pydantic sqlalchemy psycopg jinja2 rich ruamel hypothesis".split()  # noqa: SIM905 - a list of words
    script = f"""
import sys, pgcontract
from pgcontract.cli.app import COMMANDS, command_line
command_line("verify")
print([name for name in COMMANDS if f"pgcontract.cli.{{name}}" in sys.modules])
command_line()
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['verify']\n[]\n"


def test_schema_and_explain(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(run("schema").out)["title"] == "pgcontract contract"
    monkeypatch.setenv("COLUMNS", "60")
    explained = run("explain", "ColumnType")
    assert (explained.status, explained.err) == (0, "")
    assert explained.out.startswith("ColumnType  (catalog lane)\n<table>.<column> has the type <type>.\n")
    assert "required" in explained.out
    assert len(run("explain").out.splitlines()) >= 20
    unknown = run("explain", "ColumnTyp")
    assert (unknown.status, unknown.out) == (2, "")
    assert unknown.err == "pgcontract: no expectation is called ColumnTyp\n  Perhaps you meant ColumnType.\n"


def test_nobody_reads_any_more(broken: list[str]) -> None:
    """As behind `| head -1`, but that whoever read is gone for certain."""
    for arguments in (broken, [*broken, "--format", "json"], ["explain"], ["--help"]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_output_is_one_line(here: Path) -> None:  # noqa: ARG001
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "pgcontract: standard output cannot be written: No space left on device\n"


def in_a_terminal(arguments: list[str], **environment: str) -> tuple[int, str]:
    """The status, and all that a terminal shows."""
    import pty  # noqa: PLC0415 - not on every system

    main, other = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=other, stderr=other, env=os.environ | {"TERM": "xterm"} | environment
    ) as process:
        os.close(other)
        shown = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # how Linux says that nobody writes any more
                break
            if not piece:
                break
            shown += piece
    os.close(main)
    return process.returncode, shown.decode()


def test_colour_and_progress_only_on_a_terminal(url: str, here: Path) -> None:  # noqa: ARG001
    arguments = ["verify", "contract.yaml", "--db", url]
    status, shown = in_a_terminal(arguments)
    assert status == 0
    assert "\x1b[1;32m" in shown
    assert "checking the catalog" in shown or "done" in shown
    _, plain = in_a_terminal(arguments, NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*3\dm", plain)
    piped = ran(*arguments)
    assert "\x1b" not in piped.stdout + piped.stderr
    assert piped.stderr == ""


@pytest.mark.parametrize("columns", ["20", "40", "200"])
def test_any_width(run: Run, broken: list[str], columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    ended = run(*broken)
    assert (ended.status, ended.err) == (1, "")
    assert "long is broken" in ended.out.splitlines()[-1]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding(url: str, here: Path, encoding: str) -> None:
    (here / "c.yaml").write_text("suite: '♥'\nexpectations: [TableExists: '♥']", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "verify", "c.yaml", "--db", url, "--format", "terminal", "--format", "json"],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    shown, brace, read = done.stdout.partition(b"{\n")
    assert b" is broken on " in shown
    assert json.loads((brace + read).decode("utf-8"))["suite"] == "♥"


def servers(folder: Path) -> list[str]:
    """The Postgres processes whose data stands below the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line and "postgres" in line:
            found.append(line)
    return found


def test_embedded(here: Path) -> None:
    (here / "good.sql").write_text("create table users (id uuid);\n")
    (here / "bad.sql").write_text("create table users (id uuid);\ninsert into nope values (1);\n")
    arguments = ["verify", "contract.yaml", "--db", "embedded", "--setup"]
    private = {"TMPDIR": str(here), "XDG_RUNTIME_DIR": str(here)}
    done = ran(*arguments, "good.sql", **private)
    assert (done.returncode, done.stderr) == (0, "starting a private PostgreSQL\n")
    failed = ran(*arguments, "bad.sql", **private)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.splitlines()[-1] == 'pgcontract: bad.sql:2: relation "nope" does not exist'
    assert servers(here) == []


def test_an_interrupted_run_ends_with_130(url: str, here: Path, change: Callable[[str, str], None]) -> None:
    change(url, "create function slow() returns int language sql stable as 'select 1 from pg_catalog.pg_sleep(120)'")
    (here / "c.yaml").write_text("suite: s\nexpectations: [FunctionCallable: slow]")
    with (
        subprocess.Popen(
            [*COMMAND, "verify", "c.yaml", "--db", url], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
        psycopg.connect(url, autocommit=True) as watching,
    ):
        busy = (
            b"select from pg_catalog.pg_stat_activity where query like '%slow%' and pid <> pg_catalog.pg_backend_pid()"
        )
        while process.poll() is None and not watching.execute(busy).rowcount:
            time.sleep(0.05)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_an_interrupt_inside_a_text_that_is_run_ends_with_130(here: Path) -> None:
    """CPython would end the process by the signal, whoever has handled it."""
    (here / "contract.py").write_text('exec("raise KeyboardInterrupt")\n')
    assert ran("verify", "contract.py", "--db", "postgresql://127.0.0.1:1/none").returncode == 130


def test_an_interrupted_demo_leaves_nothing(here: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "demo"], stderr=subprocess.PIPE, env=os.environ | {"TMPDIR": str(here)}, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "starting a private PostgreSQL\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert not (here / "report.html").exists()
    assert servers(here) == []


def test_demo(here: Path) -> None:
    done = ran("demo", "--output", "shown.html")
    assert done.returncode == 0, done.stdout + done.stderr
    *_, verdict, place = done.stdout.splitlines()
    assert "holds" in verdict
    assert place == f"The report: {here / 'shown.html'}"
    assert (here / "shown.html").stat().st_size > 10_000


def test_demo_says_early_that_its_report_cannot_be_written(here: Path) -> None:  # noqa: ARG001
    done = ran("demo", "--output", "nowhere/report.html")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pgcontract: nowhere/report.html cannot be written: there is no folder nowhere\n"
