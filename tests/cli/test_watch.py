"""`pgcontract watch` as a process: a file is edited, and what that changed is said."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Run = Any

LONG = 60.0
"""Seconds until which what has to come must have come."""


class Watching:
    """A process that watches, and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, phrase: str = "Ctrl-C ends it") -> str:
        """What is said up to the line with the phrase, that line left out."""
        said = ""
        while phrase not in (line := self.lines.get(timeout=LONG)):
            said += line
        return said

    def interrupt(self) -> int:
        """The status with which it ends."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LONG)


@contextmanager
def watching(*arguments: str) -> Iterator[Watching]:
    command = [sys.executable, "-m", "pgcontract", "watch", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100"},
    ) as process:
        try:
            yield Watching(process)
        finally:
            if process.poll() is None:
                process.kill()


def put(file: Path, text: str) -> None:
    """Write a file as many editors do: beside its place, then moved there, so that nobody reads half of it."""
    draft = Path("draft")
    draft.write_text(text)
    draft.replace(file)


def test_edits_are_told_by_what_they_change(here: Path) -> None:
    contract, setup = here / "contract.yaml", here / "setup"
    with_orders = f"{contract.read_text()}  - TableExists: orders\n"
    setup.mkdir()
    (setup / "1.sql").write_text("create role app; create table users (id uuid)")
    (here / "applied").touch()
    arguments = ["--db", "embedded", "--setup", "setup", "--also", "applied", "-o", "run.json"]
    with watching("contract.yaml", *arguments) as seen:
        assert "\ncontract shop holds on " in seen.until()

        put(contract, with_orders)
        when, _, said = seen.until().partition("\n")  # without "starting a private PostgreSQL": it is there
        assert when.endswith(" contract.yaml changed")
        assert said.startswith("public.orders\n✗ ")
        assert "\ncontract shop is broken on " in said
        assert json.loads((here / "run.json").read_text())["passed"] is False

        put(contract, "suite: [")
        _, _, said = seen.until().partition("\n")
        assert said.startswith("pgcontract: contract.yaml:1:")

        put(setup / "2.sql", "create table orders ()")
        when, _, said = seen.until().partition("\n")
        assert when.endswith(" setup/2.sql changed")
        assert said.startswith("pgcontract: contract.yaml:1:")

        put(contract, with_orders)
        said = seen.until("contract shop")
        assert said.startswith("starting a private PostgreSQL\n")
        assert said.endswith("\nfixed\n  ✓ The table public.orders exists\n\n")
        seen.until()

        put(here / "applied", "drop table users;")
        when, _, said = seen.until().partition("\n")
        assert when.endswith(" applied changed")
        assert said.startswith("contract shop holds on ")
        assert "\x1b" not in said
        assert seen.interrupt() == 130


def test_what_cannot_be_watched_is_said_before(run: Run) -> None:
    for arguments, message in (
        (["--also", "nowhere"], "--also: there is no nowhere"),
        (["-o", "nowhere/run.json"], "nowhere/run.json cannot be written: there is no folder nowhere"),
    ):
        ended = run("watch", "contract.yaml", "--db", "postgresql://h.invalid/x", *arguments)
        assert (ended.status, ended.out, ended.err) == (2, "", f"pgcontract: {message}\n")
