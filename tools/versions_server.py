"""Run a downloaded Postgres for as long as a block lasts.

The package's own embedded server is one version and knows it; this one runs them all, with the same keeper, which
stops the server and removes its directory however this process ends.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from versions_download import UnavailableError

from pgcontract.embedded import account, place, prepared
from pgcontract.embedded.keeper import Keeper
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from versions_download import Download

_START_S = 60.0
# As the embedded server's, but for what only PostgreSQL 18 knows, and with room for every worker's connections.
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "1d",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_SINCE_14 = "--no-instructions"


@contextlib.contextmanager
def running(software: Download) -> Generator[str]:
    """Start a server on a Unix socket of its own, and stop it after the block.

    Yields:
        The URL of its database ``postgres``, as its superuser.

    Raises:
        UnavailableError: It does not run here; the message is Postgres's own where it gave one.
    """
    who = account.substitute()
    try:
        directory = place.choose(None, who)
        keeper = Keeper(directory, who)
    except DatabaseError as error:
        raise UnavailableError(str(error)) from error
    try:
        yield _start(software, keeper, directory)
    finally:
        keeper.close()


def _start(software: Download, keeper: Keeper, directory: Path) -> str:
    """Make a data directory, start the server on it, and wait until it answers."""
    data, socket = directory / "data", directory / "socket"
    _lay_out(directory, data, socket)
    options = [option for option in prepared.OPTIONS if option != _SINCE_14]
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    try:
        if keeper.run([software.program("initdb"), "--pgdata", str(data), *options]) != 0:
            raise UnavailableError(f"initdb failed: {_last_words(keeper)}")
        keeper.begin(
            [software.program("postgres"), "-D", str(data), *settings, "-c", f"unix_socket_directories={socket}"]
        )
        return _wait(keeper, data, f"postgresql://postgres@/postgres?host={quote(str(socket), safe='/')}&port=5432")
    except DatabaseError as error:
        raise UnavailableError(str(error)) from error


def _lay_out(directory: Path, data: Path, socket: Path) -> None:
    """Make its folders, and give them to the account that it runs as where we are root."""
    who = account.substitute()
    for folder in (data, socket):
        folder.mkdir(mode=0o700)
        if who is not None:
            prepared.give(folder, who)
    if who is not None:
        os.chown(directory, 0, who.gid)
        directory.chmod(0o710)


def _wait(keeper: Keeper, data: Path, url: str) -> str:
    """Wait until the server answers, and return its URL."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=10) as connection:
            if connection.execute("SHOW data_directory").fetchone() != (str(data),):
                raise UnavailableError(
                    "the connection reached another server: unset libpq's variables, PGHOSTADDR above all"
                )
            return url
        if keeper.ended():
            raise UnavailableError(f"it did not start: {_last_words(keeper)}")
        time.sleep(0.02)
    raise UnavailableError(f"it did not answer within {_START_S:.0f} s")


def _last_words(keeper: Keeper) -> str:
    """The last line of its log that is not empty."""
    return (keeper.log().split("\n\n")[0].strip().splitlines() or ["it printed nothing"])[-1]
