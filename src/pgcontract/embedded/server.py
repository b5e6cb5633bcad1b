"""A private Postgres server: prepared, started, stopped, and gone without a trace."""

from __future__ import annotations

import os
import shutil
import time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg

from pgcontract.embedded import account, binaries, cache, place, prepared
from pgcontract.embedded.databases import Databases
from pgcontract.embedded.keeper import Keeper
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from pgcontract.embedded.binaries import Binaries

_START_S = 60.0
_STATUS = slice(7, 8)
"""The line of the lock file that says how far it has come."""
# Nothing here has to outlive the server, so nothing need reach a disk; one client's patience is what counts.
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "1d",
    "autovacuum": "off",  # its workers hinder the cloning of templates
    "jit": "off",
    "io_method": "sync",  # three processes fewer to start
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",  # in the data directory, so that it goes with it
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
}


class _EndedEarlyError(DatabaseError):
    """Postgres ended by itself while it should have started."""


class Server(Databases):
    """A private Postgres, reached by a Unix socket that only this user may open.

    Use it as a context manager. It is gone when the block ends, and also when this process dies, by SIGKILL too: a
    small process of its own watches over it. Any number may run at once. Its databases are `Databases`' matter.

    Attributes:
        directory: What it occupies on disk or in memory, all of it.
    """

    def __init__(self, directory: Path | None = None) -> None:
        """Start it: a quarter of a second, and a second the first time.

        Args:
            directory: The folder to make its directory in; None for memory, or else the one for temporary files.

        Raises:
            DatabaseError: It is not installed, or cannot run here; the message says why.
        """
        if os.name != "posix":
            raise DatabaseError(
                "the embedded Postgres does not run on Windows yet", hint="Use WSL, or give the URL of a server."
            )
        self._account = account.substitute()
        self.directory = place.choose(directory, self._account)
        self._data = self.directory / "data"
        super().__init__(
            f"postgresql://postgres@/postgres?host={quote(str(self.directory / 'socket'), safe='/')}&port=5432"
        )
        self._keeper = Keeper(self.directory, self._account)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the server and remove its directory. In a forked child it does nothing: the server is its parent's."""
        super().close()
        self._keeper.close()

    def _start(self) -> None:
        """Start Postgres on a prepared data directory if there is one, else on a new one, which is then kept."""
        self._lay_out()
        software = binaries.usable(self._account, self.directory)
        shared = cache.folder()
        name = prepared.name(software)
        if shared is not None and cache.is_ours(shared / name):
            try:
                prepared.copy(shared / name, self._data, os.geteuid(), self._account)
                self._run(software)
            except (OSError, _EndedEarlyError):  # damaged: make another
                cache.discard(shared / name)
                shutil.rmtree(self._data, ignore_errors=True)
            else:
                return
        self._initialise(software)
        if shared is not None:
            cache.find_or_build(shared, name, self._keep)
        self._run(software)

    def _lay_out(self) -> None:
        """Make what the server needs around its data: it may write to the socket's folder, and only read ours."""
        with resources.as_file(resources.files("pgcontract.embedded") / "extensions") as extensions:
            shutil.copytree(extensions, self.directory / "extensions", copy_function=shutil.copyfile)
        socket = self.directory / "socket"
        socket.mkdir(mode=0o700)
        if self._account is not None:
            for path in (self.directory / "extensions").rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            prepared.give(socket, self._account)
            os.chown(self.directory, 0, self._account.gid)
            self.directory.chmod(0o710)

    def _initialise(self, software: Binaries) -> None:
        """Make a new data directory."""
        self._data.mkdir(mode=0o700)
        if self._account is not None:
            prepared.give(self._data, self._account)
        argv = [software.program("initdb"), "--pgdata", str(self._data), *prepared.OPTIONS]
        if self._keeper.run(_named(argv)) != 0:
            raise DatabaseError(f"initdb failed: {self._last_words()}", hint=_hint_for_initdb())

    def _keep(self, target: Path) -> None:
        """Keep a copy of the new data directory for the next start."""
        reader = os.geteuid() if self._account is None else self._account.uid
        prepared.copy(self._data, target, reader, None)

    def _run(self, software: Binaries) -> None:
        """Start Postgres and wait until it answers."""
        paths = {
            "unix_socket_directories": '"' + str(self.directory / "socket").replace('"', '""') + '"',
            "extension_control_path": f"$system:{self.directory / 'extensions' / 'share'}",
        }
        options = [word for name, value in (_SETTINGS | paths).items() for word in ("-c", f"{name}={value}")]
        self._keeper.begin([software.program("postgres"), "-D", str(self._data), *options])
        deadline = time.monotonic() + _START_S
        while not self._ready():
            if self._keeper.ended():
                raise _EndedEarlyError(f"the embedded Postgres did not start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise DatabaseError(f"the embedded Postgres did not answer within {_START_S:.0f} s")
            time.sleep(0.01)
        self._require_ours()

    def _ready(self) -> bool:
        """Whether it says in its lock file, where `pg_ctl` looks, too, that it takes connections."""
        try:
            lines = (self._data / "postmaster.pid").read_bytes().splitlines()
        except FileNotFoundError:
            return False
        return [line.strip() for line in lines[_STATUS]] == [b"ready"]

    def _require_ours(self) -> None:
        """Look whether our URL leads to what we started: libpq's PG* variables can lead elsewhere, or nowhere.

        Raises:
            DatabaseError: It does not.
        """
        said = ", ".join(sorted(name for name in os.environ if name.startswith("PG") and name in _variables()))
        hint = f"Unset what does not fit it of libpq's variables: {said}." if said else None
        try:
            with psycopg.connect(self.url(), connect_timeout=int(_START_S)) as connection:
                row = connection.execute("SELECT pg_catalog.current_setting('data_directory')").fetchone()
        except psycopg.OperationalError as error:
            words = " ".join(str(error).split())
            raise DatabaseError(f"the embedded Postgres cannot be reached: {words}", hint=hint) from None
        if row is None or Path(row[0]) != self._data:
            raise DatabaseError("the connection to the embedded Postgres reached another server", hint=hint)

    def _last_words(self) -> str:
        """The last line of the log that says what went wrong."""
        lines = self._keeper.log().strip().splitlines() or ["it printed nothing"]
        telling = [line for line in lines if "FATAL:" in line or "error:" in line or "could not" in line]
        return (telling or lines)[-1].strip()


def _variables() -> set[str]:
    """The variables of the environment that change what libpq does with a URL."""
    known = {option.envvar.decode() for option in psycopg.pq.Conninfo.get_defaults() if option.envvar is not None}
    return known | {"PGSERVICE", "PGSERVICEFILE", "PGTZ", "PGDATESTYLE"}


def _named(argv: list[str]) -> list[str]:
    """The command for initdb, which refuses a user id without a name: it then runs in a user namespace that lends one.

    Containers are often run under an arbitrary user id. The files belong to that id all the same.
    """
    unshare = shutil.which("unshare")
    if account.is_named() or unshare is None:
        return argv
    return [unshare, "--user", "--map-user=65534", "--", *argv]


def _hint_for_initdb() -> str | None:
    if account.is_named():
        return None
    return f"User id {os.geteuid()} has no entry in /etc/passwd, and Postgres insists on one. Add a line for it."
