"""Servers that the benchmarks start for themselves, and how they take the time."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import peers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """A server from `binaries`, on a socket of its own, that is gone afterwards."""
    memory = Path("/dev/shm")  # noqa: S108 - a disk would be measured too
    folder = Path(tempfile.mkdtemp(prefix="pgcontract-benchmark-", dir=memory if memory.is_dir() else None))
    run = peers.as_ordinary_user(folder)
    data = folder / "data"
    run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c jit=off"
    run([binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def timed(work: Callable[[], object]) -> float:
    """The seconds that the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
