"""A folder where what is costly to make is kept between runs: unpacked programs, a prepared data directory.

What lies in it is executed, so it is used only where nobody else can have written to it. Every entry is made under
another name and renamed into place, so that a second process sees all of it or nothing. Where there is no such folder
(no home, a read-only one) everything works without, only slower.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_ABANDONED_S = 3600.0  # building takes a second


def folder() -> Path | None:
    """Our cache folder, made if need be; None if there is none that we can trust.

    Root's is below ``/var/cache``, since the account that Postgres then runs as must reach it; anyone else's is below
    ``$XDG_CACHE_HOME`` or ``~/.cache``.
    """
    root = os.geteuid() == 0
    configured = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        home = None
    parent = Path("/var/cache") if root else home
    if parent is None or not parent.is_absolute():
        return None
    candidate = parent / "pgcontract"
    try:
        candidate.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_ours(candidate):
            return None
        if root:
            candidate.chmod(0o755)  # whatever the umask is: `nobody` goes through it to the programs
    except OSError:
        return None
    return candidate


def is_ours(path: Path) -> bool:
    """Whether it is a directory, not a link to one, that we own and nobody else may write to."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def find_or_build(shared: Path, name: str, build: Callable[[Path], None]) -> Path | None:
    """The entry of that name, built if it is not there; None if it cannot be kept.

    Args:
        shared: What `folder` returned.
        name: The entry's name; it holds every version that its content depends on.
        build: Fills an empty folder that it is given.
    """
    entry = shared / name
    if is_ours(entry):
        return entry
    _sweep(shared, name)
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=shared))
    except OSError:
        return None
    try:
        build(draft)
        draft.rename(entry)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)  # another process was faster, or the disk is full
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return entry if is_ours(entry) else None


def _sweep(shared: Path, name: str) -> None:
    """Remove the drafts of processes that were killed while they built."""
    for draft in shared.glob(f".{name}-*"):
        with contextlib.suppress(OSError):
            if draft.lstat().st_mtime < time.time() - _ABANDONED_S:
                shutil.rmtree(draft, ignore_errors=True)


def discard(entry: Path) -> None:
    """Remove an entry that turned out to be broken; a rename first, so that nobody finds half of it."""
    with contextlib.suppress(OSError):
        grave = Path(tempfile.mkdtemp(prefix=f".{entry.name}-", dir=entry.parent))
        entry.rename(grave / "entry")
        shutil.rmtree(grave, ignore_errors=True)
