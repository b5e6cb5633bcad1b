"""What people see: results on standard output; notes and a progress bar on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from pgcontract.cli.status import UNREAD

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.run.runner import Progress


def put(text: str) -> None:
    """Write a result to standard output, as UTF-8 whatever the locale says: a machine may read it."""
    _flushed(lambda: sys.stdout.buffer.write(text.encode(errors="backslashreplace")))


@contextmanager
def page() -> Generator[Console]:
    """A console for standard output, as wide and as colourful as the terminal is; shown at the end."""
    from rich.console import Console

    console = Console(highlight=False)
    with console.capture() as capture:
        yield console
    text = capture.get()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _flushed(lambda: sys.stdout.write(text.encode(encoding, errors="backslashreplace").decode(encoding)))


def _flushed(write: Callable[[], object]) -> None:
    try:
        sys.stdout.flush()
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(UNREAD) from None


def note(text: str) -> None:
    """Say what is being done."""
    from rich.console import Console

    Console(stderr=True).print(text, style="dim", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar() -> Generator[Progress]:
    """A callback that draws a progress bar on standard error, if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("connecting", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
