"""The small process that owns an embedded server: it runs it, and removes every trace when its parent is gone.

A parent that gets SIGKILL cannot clean up, and nothing but a process of its own notices in time. So this one makes
the directory, starts Postgres, as its child, and waits at a pipe that the kernel closes when the parent dies, however
it dies. Then, or on the line ``stop``, it stops the server and removes the directory.

It is run as a file by a bare interpreter (``python -I -S watcher.py DIRECTORY``), so it imports the standard library
only. It lives in a session of its own: the terminal's Ctrl-C is for the parent, which decides what it means.

An order is a line of JSON on standard input, an answer one on standard output:

- ``{"argv": [...], "user": [uid, gid] | null, "wait": true}`` runs a program. The answer ``{"status": 0, "pid": 7}``
  tells how it ended, null while it runs (it is awaited only where asked for); ``{"error": "..."}``, that it did not
  start.
- ``{"argv": null}`` asks for the status of the last one, null where there was none yet.

A directory that could not be made is the answer to the first order, and the end.

What a program prints goes to ``DIRECTORY/log``.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# How often the parent's life is looked at beside the pipe: a forked grandchild may hold the pipe open.
HEARTBEAT_S = 1.0
# Postgres itself kills backends that do not heed an immediate shutdown within 5 seconds.
PATIENCE_S = 10.0


def orders(stream: int, parent: int) -> Iterator[dict[str, Any]]:
    """The parent's orders, until it says ``stop``, closes the pipe or is no more."""
    pending = b""
    while os.getppid() == parent:
        if not select.select([stream], [], [], HEARTBEAT_S)[0]:
            continue
        received = os.read(stream, 65536)
        if not received:
            return
        *lines, pending = (pending + received).split(b"\n")
        for line in lines:
            if line == b"stop":
                return
            yield json.loads(line)


def start(order: dict[str, Any], log: int) -> subprocess.Popen[bytes]:
    """Start the order's program, as its user, with nothing of ours but the log."""
    user, group = order["user"] or (None, None)
    groups: list[int] | None = None if user is None else []
    return subprocess.Popen(  # noqa: S603 - the parent's own order
        order["argv"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        user=user,
        group=group,
        extra_groups=groups,
    )


def answer(**reply: object) -> None:
    """Tell the parent; if it is gone, the next look at the pipe says so."""
    try:
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        pass


def stop(child: subprocess.Popen[bytes]) -> None:
    """Stop a server at once; its data is about to be removed, so nothing is worth writing down first."""
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGQUIT)
    try:
        child.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def remove(directory: str) -> None:
    """Remove the directory; a dying process may still put a file into it, so look twice."""
    for _ in range(20):
        shutil.rmtree(directory, ignore_errors=True)
        if not os.path.lexists(directory):
            return
        time.sleep(0.1)


def leave(_signal: int, _frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that the cleaning happens."""
    raise SystemExit(0)


def obey(order: dict[str, Any], children: list[subprocess.Popen[bytes]], log: int) -> None:
    """Carry out one order and answer it."""
    if order["argv"] is not None:
        try:
            children.append(start(order, log))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            answer(error=f"{order['argv'][0]}: {error}")
            return
        if order["wait"]:
            children[-1].wait()
    last = children[-1] if children else None
    answer(status=last and last.poll(), pid=last and last.pid)


def main(directory: str, parent: int) -> None:
    """Obey the parent; clean up when it is done or dead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    children: list[subprocess.Popen[bytes]] = []
    try:
        os.mkdir(directory, 0o700)  # noqa: PTH102 - pathlib takes longer to import than all the rest
    except OSError as error:
        answer(error=str(error))
        return
    try:
        log = os.open(f"{directory}/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for order in orders(0, parent):
            obey(order, children, log)
    finally:
        for child in children:
            stop(child)
        remove(directory)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
