"""Our end of the pipe to the watcher: give it programs to run, and the directory to remove."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from pgcontract.embedded import watcher
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pgcontract.embedded.account import Account

_STOP_S = 30.0
_KILL_S = 10.0


class Keeper:
    """Owns a directory and the programs that run in it: all are gone when this process is, however it ends.

    Attributes:
        directory: The directory.
    """

    def __init__(self, directory: Path, account: Account | None) -> None:
        """Start the watcher, and wait until it has made the directory.

        Args:
            directory: What to make, for our eyes only, and to remove in the end; nothing is there yet.
            account: Who runs the programs; None for us.

        Raises:
            DatabaseError: The directory cannot be made.
        """
        self.directory = directory
        self._user = account and [account.uid, account.gid]
        self._creator = os.getpid()
        self._running: int | None = None
        self._process = self._spawn()
        try:
            self._order({"argv": None})
        except BaseException:
            self._end()
            raise

    def run(self, argv: Sequence[str]) -> int:
        """Run a program to its end and return its exit status."""
        return int(self._order({"argv": argv, "user": self._user, "wait": True})["status"])

    def begin(self, argv: Sequence[str]) -> None:
        """Start a program that runs until `close`."""
        self._running = self._order({"argv": argv, "user": self._user, "wait": False})["pid"]

    def ended(self) -> bool:
        """Whether what `begin` started has ended by itself."""
        return self._order({"argv": None})["status"] is not None

    def log(self) -> str:
        """What the programs have printed."""
        with contextlib.suppress(OSError):
            return (self.directory / "log").read_text(encoding="utf-8", errors="replace")
        return ""

    def close(self) -> None:
        """End the programs and remove the directory; in a forked child, which owns neither, do nothing."""
        if os.getpid() != self._creator:
            return
        self._end()
        if self.directory.exists():  # somebody killed the watcher
            self._clean_up()

    def _end(self) -> None:
        """Let the watcher do its last work, and wait for it."""
        self._say_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # Neither libpq's settings nor the user's language are the server's business.
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", "-S", watcher.__file__, str(self.directory), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment | {"LC_ALL": "C"},
            start_new_session=True,
        )

    def _order(self, order: dict[str, object]) -> dict[str, Any]:
        """Send an order and return the answer."""
        pipe, answers = self._process.stdin, self._process.stdout
        answer = b""
        if pipe is not None and answers is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(json.dumps(order).encode() + b"\n")
                pipe.flush()
                answer = answers.readline()
        reply: dict[str, Any] = (
            json.loads(answer) if answer else {"error": "the process that watches over it has ended"}
        )
        if "error" in reply:
            raise DatabaseError(f"the embedded Postgres did not start: {reply['error']}")
        return reply

    def _say_stop(self) -> None:
        pipe = self._process.stdin
        if pipe is not None and not pipe.closed:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(b"stop\n")
                pipe.flush()

    def _clean_up(self) -> None:
        """Do the watcher's work in its stead."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._running, signal.SIGQUIT)
            deadline = time.monotonic() + _KILL_S
            while _alive(self._running) and time.monotonic() < deadline:
                time.sleep(0.02)
        shutil.rmtree(self.directory, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
