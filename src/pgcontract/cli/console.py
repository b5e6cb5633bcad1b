"""What people see: results on standard output; notes and a progress bar on standard error.

Nothing that a name, a value or a server says is obeyed by a terminal: what acts or hides is written as an escape. Only
a result that goes into a file or a pipe is left as it is, since a program may read it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from pgcontract.cli.status import UNREAD
from pgcontract.cli.streams import give_up

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.run.runner import Progress


_PLAIN = str.maketrans({"✗": "x", "✓": "+", "▲": "^", "•": "-", "·": ".", "…": "...", "≈": "~"})


def put(text: str) -> None:
    """Write a result to standard output, as UTF-8 whatever the locale says: a machine may read it."""
    from pgcontract.report.text import visible

    shown = visible(text) if sys.stdout.isatty() else text
    _flushed(lambda: sys.stdout.buffer.write(shown.encode(errors="backslashreplace")))


@contextmanager
def page() -> Generator[Console]:
    """A console for standard output, as wide and as colourful as the terminal is; shown at the end."""
    from pgcontract.cli.inert import console as made

    console = made()
    with console.capture() as capture:
        yield console
    text = _spelled(capture.get(), getattr(sys.stdout, "encoding", None) or "utf-8")
    _flushed(lambda: sys.stdout.write(text))


def tell(text: str) -> None:
    """Write a result in words to standard output, a terminal's lines broken between words."""
    from rich.text import Text

    from pgcontract.report.lines import last
    from pgcontract.report.text import visible

    with page() as console:
        last(console, Text(visible(text)))


def _spelled(text: str, encoding: str) -> str:
    """The text in an encoding that may lack some of it: our signs as plain ones, any other letter as an escape."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, errors="backslashreplace").decode(encoding)
    return text


def _flushed(write: Callable[[], object]) -> None:
    try:
        sys.stdout.flush()
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        give_up()
        raise typer.Exit(UNREAD) from None


def note(text: str) -> None:
    """Say what is being done."""
    from rich.console import Console

    from pgcontract.report.text import visible

    whole = not sys.stderr.isatty()  # a script may search for it
    Console(stderr=True).print(visible(text), style="dim", markup=False, highlight=False, soft_wrap=whole)


def silent(_text: str) -> None:
    """Say nothing, where a note would be said."""


def say(message: str, hint: str | None = None) -> None:
    """Say what went wrong, with the command's name before each line, and what to try."""
    from pgcontract.report.text import visible

    for line in message.split("\n"):
        typer.echo(_broken(f"pgcontract: {visible(line)}", "  "), err=True)
    if hint:
        typer.echo(_broken(f"  {visible(hint)}", "  "), err=True)


def _broken(text: str, indent: str) -> str:
    """The line, broken between words where a terminal is too narrow for it; nothing that is longer is cut."""
    import shutil
    import textwrap

    if not sys.stderr.isatty():
        return text
    width = max(shutil.get_terminal_size().columns, 2 * len(indent))
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


@contextmanager
def progress_bar(*, shown: bool = True, timed: bool = False) -> Generator[Progress]:
    """A callback that draws a progress bar on standard error, if that is a terminal; nothing of it is left.

    Args:
        shown: Whether there is to be one.
        timed: Whether it is said at the end what was done, and how long each step took.
    """
    steps: list[tuple[str, float]] = [("connecting", time.perf_counter())]

    def told(what: str) -> None:
        step = what.partition(": ")[0]
        if timed and step != steps[-1][0]:
            steps.append((step, time.perf_counter()))

    if shown and sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not _logs():
        from pgcontract.cli.bar import bar

        with bar(told) as progress:
            yield progress
    else:
        yield lambda what, _done, _total: told(what)
    if timed:
        _tell(steps)


def _logs() -> bool:
    """Whether the library logs to standard error, where each line would stand in that of the bar."""
    logs = sys.modules.get("pgcontract.cli.logs")
    return logs is not None and logs.shown()


@contextmanager
def doing(what: str, *, shown: bool = True) -> Generator[None]:
    """Say on a terminal what is being done, and for how long already, where nobody can tell how much of it is done."""
    with progress_bar(shown=shown) as progress:
        progress(what, 0, 0)
        yield


def _tell(steps: list[tuple[str, float]]) -> None:
    """What was done, a line a step; the last one ends now."""
    from pgcontract.report.text import duration, line

    ends = [*(begun for _, begun in steps[1:]), time.perf_counter()]
    for (what, begun), end in zip(steps, ends, strict=True):
        if what != "done":
            note(f"{line(what)}: {duration((end - begun) * 1000)}")
