"""The progress bar: what is being done, how much of it, and how long it has taken, in one line."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Column
from rich.text import Text

from pgcontract.report.text import line

if TYPE_CHECKING:
    from rich.progress import Task

    from pgcontract.run.runner import Progress

_WIDE = 60
"""Columns from which there is room for a bar beside the words."""
_WIDEST = 100
_ECHO = "^C "
"""What a terminal writes behind the bar when it is interrupted: in the last column it would begin another line."""


@contextmanager
def bar(told: Callable[[str], None]) -> Generator[Progress]:
    """A callback that draws the bar on standard error; it is gone at the end.

    Args:
        told: What else is to hear what is being done.
    """
    console = Console(stderr=True)
    words = TextColumn(
        "{task.description}", markup=False, table_column=Column(ratio=3, no_wrap=True, overflow="ellipsis")
    )
    gauge = (BarColumn(bar_width=None, table_column=Column(ratio=1)),) if console.width >= _WIDE else ()
    console.width = min(console.width - len(_ECHO), _WIDEST)
    with Bar(words, *gauge, _Count(), TimeElapsedColumn(), console=console, transient=True, expand=True) as shown:
        task = shown.add_task("connecting", total=None)

        def progress(what: str, done: int, total: int) -> None:
            told(what)
            shown.update(task, description=line(what), completed=done, total=total or None)

        yield progress


class _Count(ProgressColumn):
    """How many are done, and of how many where that is known."""

    def render(self, task: Task) -> Text:
        """The count as text; nothing before there is one."""
        if task.total is None:
            return Text(f"{task.completed:,.0f}" if task.completed else "", "dim")
        return Text(f"{task.completed:,.0f} of {task.total:,.0f}", "dim")
