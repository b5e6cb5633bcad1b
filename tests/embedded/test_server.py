"""The embedded server: it serves, two run at once, and it is gone afterwards, however its parent ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, text

from pgcontract.embedded import Server, account, place, postgres
from pgcontract.embedded.keeper import Keeper
from pgcontract.embedded.psql import Script, target
from pgcontract.embedded.psql import run as run_psql
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the embedded Postgres does not run on Windows yet")

# A program that starts a server, says where it is and what runs it, and waits to be ended.
PROGRAM = """
import sys, time
from pathlib import Path
import psycopg
from pgcontract.embedded import Server

with Server() as server:
    pid = (server.directory / "data" / "postmaster.pid").read_text().split()[0]
    try:
        print(server.directory, pid, server._keeper._process.pid, flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        with psycopg.connect(server.url()) as connection:
            print("still", connection.execute("SELECT 'here'").fetchone()[0], flush=True)
        raise
"""


@pytest.fixture
def program() -> Iterator[tuple[subprocess.Popen[str], Path, list[int]]]:
    """The running program, its server's directory, and the ids of the server's and the watcher's process."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        directory, *pids = process.stdout.readline().split()
        yield process, Path(directory), [int(pid) for pid in pids]
        process.kill()


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that nobody has awaited yet does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.returncode == 0 and not done.stdout.strip().startswith("Z")


def gone(directory: Path, pids: list[int]) -> bool:
    deadline = time.monotonic() + 60
    while directory.exists() or any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_however_the_parent_ends(
    program: tuple[subprocess.Popen[str], Path, list[int]], ending: signal.Signals
) -> None:
    process, directory, pids = program
    assert directory.is_dir()
    assert all(map(alive, pids))
    process.send_signal(ending)
    process.wait(60)
    assert gone(directory, pids)


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("delay_s", [0.0, 0.03, 0.1, 0.3])
def test_a_parent_killed_while_it_starts_leaves_nothing(*, delay_s: float, cached: bool) -> None:
    with tempfile.TemporaryDirectory() as short:
        Path(short).chmod(0o711)
        program = f"""
from pathlib import Path
from pgcontract.embedded import Server, cache
if not {cached}:
    cache.folder = lambda: None
print("ready", flush=True)
server = Server(Path({short!r}))
input()
"""
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(delay_s)
            process.kill()
        deadline = time.monotonic() + 60
        while any(Path(short).iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(Path(short).iterdir()) == []


def test_the_terminals_interrupt_leaves_the_server_to_its_parent(
    program: tuple[subprocess.Popen[str], Path, list[int]],
) -> None:
    process, directory, pids = program
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    output, errors = process.communicate(timeout=60)
    assert output == "still here\n"
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert gone(directory, pids)


def test_killing_the_watcher_too_is_cleaned_up_after() -> None:
    with Server() as server:
        pid = int((server.directory / "data" / "postmaster.pid").read_text().split()[0])
        watcher = server._keeper._process  # noqa: SLF001 - nothing public tells it
        watcher.kill()
        watcher.wait()
        assert alive(pid)
    assert gone(server.directory, [pid])


def test_a_killed_server_leaves_no_directory() -> None:
    with Server() as server:
        pid = int((server.directory / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    assert gone(server.directory, [pid])


def test_a_forked_child_does_not_stop_its_parents_server() -> None:
    with Server() as server:
        child = os.fork()
        if child == 0:
            server._keeper.close()  # noqa: SLF001 - what leaving the block would do
            os._exit(0)
        os.waitpid(child, 0)
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_block_that_raises_leaves_nothing() -> None:
    def block() -> None:
        with Server() as server:
            directories.append(server.directory)
            assert server.directory.is_dir()
            raise ZeroDivisionError

    directories: list[Path] = []
    with pytest.raises(ZeroDivisionError):
        block()
    assert not directories[0].exists()


def test_closing_twice_is_closing_once() -> None:
    server = Server()
    server.close()
    server.close()
    assert not server.directory.exists()


def test_two_at_once_are_two() -> None:
    with Server() as one, Server() as other:
        assert one.directory != other.directory
        with psycopg.connect(one.url()) as connection:
            connection.execute("CREATE TABLE only_here ()")
        with psycopg.connect(other.url()) as connection:
            assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)


def test_many_start_at_once_without_a_prepared_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pgcontract.embedded.cache.folder", lambda: tmp_path)
    script = f"""
from pathlib import Path
from pgcontract.embedded import Server, cache
cache.folder = lambda: Path({str(tmp_path)!r})
with Server() as server:
    print(server.version)
"""
    running = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    versions = {process.communicate(timeout=60)[0] for process in running}
    assert len(versions) == 1
    assert len(list(tmp_path.iterdir())) == 1  # one entry, and no drafts


def test_the_url_serves_every_client() -> None:
    with postgres() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == ("postgres", "postgres")
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as sqlalchemy:
            assert sqlalchemy.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()
        for dialect in ("postgresql", "postgresql+psycopg", "postgres"):
            run_psql(Script("inline", text="SELECT 1;"), target(url.replace("postgresql", dialect)))


@pytest.mark.parametrize("extension", ["vector", "uuid-ossp", "pg_trgm", "citext"])
def test_an_extension_is_there(extension: str) -> None:
    with postgres() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA extensions")
        connection.execute(f'CREATE EXTENSION "{extension}" SCHEMA extensions')
        if extension == "vector":
            distance = connection.execute(
                "SELECT '[1,2]'::extensions.vector OPERATOR(extensions.<->) '[1,3]'::extensions.vector"
            )
            assert distance.fetchone() == (1.0,)


@pytest.mark.parametrize(
    "folder", ["with space", "quote'd", 'double"quote', "per%cent+plus", "dollar$HOME", "ünïcödé", "a;b&c"]
)
def test_an_odd_path_is_a_path(folder: str) -> None:
    with tempfile.TemporaryDirectory() as short:
        odd = Path(short) / folder
        odd.mkdir()
        Path(short).chmod(0o711)  # root's server runs as another
        with Server(odd) as server:
            assert server.directory.parent == odd
            with psycopg.connect(server.url()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
                connection.execute('CREATE EXTENSION "uuid-ossp"')
            engine = create_engine(server.url().replace("postgresql://", "postgresql+psycopg://"))
            with engine.connect() as sqlalchemy:
                assert sqlalchemy.execute(text("SELECT 1")).scalar() == 1
            engine.dispose()
            run_psql(Script("inline", text="SELECT 1;"), target(server.url()))


@pytest.mark.parametrize(
    ("folder", "complaint"),
    [("x" * 90, "too long for a Unix socket"), ("a:b", "a colon"), ("a,b", "a comma"), ("missing", "is not a folder")],
)
def test_an_impossible_path_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, complaint: str
) -> None:
    if folder != "missing":
        (tmp_path / folder).mkdir()
    monkeypatch.setattr("pgcontract.embedded.account.substitute", lambda: None)  # tmp_path is closed to root's other
    with pytest.raises(DatabaseError, match=complaint):
        Server(tmp_path / folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_roots_own_folders_are_passed_over(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(DatabaseError, match="closed to user"):
        Server(tmp_path)


def test_a_long_tmpdir_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    candidates = list(place._candidates())  # noqa: SLF001 - memory is set aside
    monkeypatch.setattr(place, "_candidates", lambda: iter(candidates[1:]))
    with Server() as server:
        assert long not in server.directory.parents


def test_a_full_place_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "ROOM_BYTES", 2**60)
    with pytest.raises(DatabaseError, match="MB left"):
        Server()


def test_without_the_wheel_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    made = place.choose(None, account.substitute())
    monkeypatch.setattr(place, "choose", lambda *_: made)
    monkeypatch.setattr("pgcontract.embedded.binaries.installed", lambda: None)
    with pytest.raises(DatabaseError, match="not installed") as caught:
        Server()
    assert caught.value.hint is not None
    assert "pgcontract[embedded]" in caught.value.hint
    assert not made.exists()


def test_what_is_there_already_is_not_taken_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(DatabaseError, match="File exists"):
        Keeper(tmp_path, None)
    assert (tmp_path / "mine").exists()


def test_libpqs_variables_do_not_lead_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {"PGHOST": "elsewhere", "PGPORT": "1", "PGUSER": "nobody", "PGDATABASE": "none", "PGSSLMODE": "require"}
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    with postgres() as url:
        run_psql(Script("inline", text="CREATE TABLE here ();"), target(url))
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('here')::text").fetchone() == ("here",)


@pytest.mark.parametrize(("name", "value"), [("PGSERVICE", "none"), ("PGHOSTADDR", "127.0.0.1")])
def test_variables_that_lead_nowhere_are_named_at_once(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Nothing is waited for: the server itself says when it takes connections."""
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGPORT", "1")
    with pytest.raises(DatabaseError, match=r"^the embedded Postgres cannot be reached: ") as caught:
        Server()
    assert {name, "PGPORT"} <= set(re.findall("PG[A-Z]+", caught.value.hint or ""))


def test_nobody_else_may_open_the_socket() -> None:
    with Server() as server:
        assert server.directory.stat().st_mode & 0o007 == 0
        assert (server.directory / "socket").stat().st_mode & 0o077 == 0
        assert (server.directory / "data").stat().st_mode & 0o077 == 0
