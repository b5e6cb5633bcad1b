"""Files that are looked at again and again, for whether they changed.

They are few, and to look at a file takes microseconds. So they are polled: that works on any file system, network
drives and containers' mounts among them, where a kernel's own notices do not come, and needs no further package.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PAUSE = 0.1
"""Seconds between two looks; what changes is taken for whole when it stayed as it is for as long."""

_PATIENCE = 30
"""Looks after which it is not waited any longer for files to come to rest."""

_OTHERS = frozenset({"__pycache__", "node_modules"})

Stamp = tuple[int, int, int]
"""When a file was written last, in nanoseconds, its size, and which file it is: editors put another in its place."""


@dataclass(slots=True)
class Files:
    """Files, and folders with all that is in them, as they were when they were last looked at.

    Attributes:
        pause: Seconds between two looks.
    """

    pause: float = PAUSE
    _paths: set[Path] = field(default_factory=set)
    _stamps: dict[Path, Stamp] = field(default_factory=dict)

    def add(self, paths: Iterable[Path]) -> None:
        """Look at these, too, from now on."""
        new = set(paths) - self._paths
        self._paths |= new
        self._stamps |= stamps(new)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._stamps)

    def wait(self, seconds: float | None = None) -> tuple[Path, ...]:
        """Wait until some of them changed, and then stay as they are for a moment.

        Args:
            seconds: How long to wait at most; for ever when None.

        Returns:
            Those that changed, came or went, in the order of their names; none when the time was over before.
        """
        end = None if seconds is None else time.monotonic() + seconds
        before = self._stamps
        while (now := self._settled()) == before:
            if end is not None and time.monotonic() >= end:
                return ()
        self._stamps = now
        return tuple(sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path)))

    def _settled(self) -> dict[Path, Stamp]:
        """How the files are, once they were the same twice; or in the end anyway, where something never rests."""
        last = self._stamps
        for _ in range(_PATIENCE):
            time.sleep(self.pause)
            now = stamps(self._paths)
            if now == last:
                break
            last = now
        return last


def stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """What tells the files apart from later ones; those that are not there are left out."""
    found = {}
    for path in paths:
        for file, read in _within(path):
            try:
                status = read()
            except OSError:  # gone meanwhile, or a link that leads nowhere
                continue
            found[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _within(path: Path) -> Iterator[tuple[Path, Callable[[], os.stat_result]]]:
    """The file, or the folder's files, with how each is asked; hidden ones are editors' and version control's."""
    if not path.is_dir():
        yield path, path.stat
        return
    try:
        with os.scandir(path) as entries:
            inside = [entry for entry in entries if entry.name[0] != "." and entry.name not in _OTHERS]
    except OSError:
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _within(Path(entry.path))
        else:
            yield Path(entry.path), entry.stat
