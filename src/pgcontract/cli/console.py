"""Standard error for people: notes and a progress bar, only as much as the terminal can show."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pgcontract.run.runner import Progress as ProgressCallback

_ERRORS = Console(stderr=True)


def note(text: str) -> None:
    """Say what is being done."""
    _ERRORS.print(text, style="dim", markup=False, highlight=False)


@contextmanager
def progress_bar() -> Generator[ProgressCallback]:
    """A callback that draws a progress bar on standard error, if that is a terminal."""
    if not _ERRORS.is_terminal:
        yield lambda _what, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_ERRORS, transient=True) as bar:
        task = bar.add_task("connecting", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
