"""Where a server's directory may lie: in memory when there is room, and short enough for a Unix socket.

It is only named here. The watcher makes it, so that there is no moment at which it exists and nobody would remove it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.embedded.account import Account

# A data directory is 31 MB, each database 8 MB, and writing fills WAL. Docker's own /dev/shm has 64 MB in all.
ROOM_BYTES = 512 * 2**20
# sun_path is 108 bytes on Linux and 104 on the BSDs and macOS, with the closing NUL.
_SOCKET_BYTES = 107 if sys.platform == "linux" else 103
_SOCKET = "pgcontract-01234567/socket/.s.PGSQL.5432"
# The colon parts extension_control_path, the comma libpq's list of hosts, and initdb refuses line breaks.
_SEPARATORS = frozenset(":,\n\r")


def choose(parent: Path | None, who: Account | None) -> Path:
    """A path for the directory of one server, at which there is nothing yet.

    Args:
        parent: The folder it is to be in; None for the best there is.
        who: The account that must get there; None for us.

    Raises:
        DatabaseError: The folder, or every candidate, is unusable.
    """
    complaints: list[str] = []
    for candidate in [parent] if parent is not None else _candidates():
        complaint = _unusable(candidate, who)
        if complaint is None:
            return candidate.resolve() / f"pgcontract-{secrets.token_hex(4)}"
        complaints.append(f"{candidate} {complaint}")
    raise DatabaseError(
        f"no place for the data of the embedded Postgres: {'; '.join(complaints)}",
        hint="Let TMPDIR name a writable folder with some room and a short path.",
    )


def _candidates() -> Iterator[Path]:
    """Memory first, then the folder for temporary files, then its usual places in case that one's path is too long."""
    yield Path("/dev/shm")  # noqa: S108 - the watcher makes a private directory in it
    yield Path(tempfile.gettempdir())
    yield Path("/tmp")  # noqa: S108 - likewise
    yield Path("/var/tmp")  # noqa: S108 - likewise


def _unusable(folder: Path, who: Account | None) -> str | None:
    """What stands against the folder, or None."""
    if not folder.is_dir():
        return "is not a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return "is not writable"
    if shutil.disk_usage(folder).free < ROOM_BYTES:
        return f"has less than {ROOM_BYTES // 2**20} MB left"
    return _bad_path(folder.resolve(), who)


def _bad_path(folder: Path, who: Account | None) -> str | None:
    """What stands against the folder's path, or None."""
    if who is not None and not all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents)):
        return f"is closed to user {who.uid}, as whom the server runs since Postgres refuses root"
    if _SEPARATORS.intersection(str(folder)):
        return "has a colon, a comma or a line break in its path"
    if len(os.fsencode(folder / _SOCKET)) > _SOCKET_BYTES:
        return "has a path too long for a Unix socket"
    return None
