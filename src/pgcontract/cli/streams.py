"""Standard output and standard error as they may be found: closed, full, read by nobody, in an encoding with gaps."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EIO", "EFBIG", "EDQUOT") if hasattr(errno, name))


def prepare() -> None:
    """See to it that both are there, and that a letter which they cannot write is an escape rather than an error.

    A program may be started with one of them closed. Whatever is opened next would get its number: a connection to a
    database, say, into which results would then be written.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def why_not_written(error: BaseException | None) -> str | None:
    """Why standard output could not be written, where that is what the error says."""
    if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
        return f"standard output cannot be written: {error.strerror}"
    return None


def give_up() -> None:
    """Nobody gets anything more: Python flushes once more when it ends, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
