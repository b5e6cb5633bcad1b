"""What a search for leaks found, for people: what could not be told, then each leak with a script that shows it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from pgcontract.report.lines import hanging, indented, last, write
from pgcontract.report.text import counted, line, visible

if TYPE_CHECKING:
    from pgcontract.isolation.model import Leak, Search

_WIDTH = 100
_BLAME = "  blame: "


def show(search: Search, console: Console) -> None:
    """Write the search to the console; its verdict is in the last line."""
    for item in search.inconclusive:
        about = " as ".join(filter(None, (item.relation, item.principal)))
        hanging(console, Text("? ", "bold magenta"), Text(visible(f"{about}: inconclusive, {item.reason}")))
    if search.inconclusive:
        write(console, Text())
    for leak in search.leaks:
        _show_leak(leak, console)
    style = "bold red" if search.leaks else "bold green" if search.concluded else "bold magenta"
    last(console, Text(line(_summary(search)), style))


def to_text(search: Search, width: int = _WIDTH) -> str:
    """The same as plain text, so many columns wide; a script keeps its lines."""
    console = Console(
        file=StringIO(), width=width, color_system=None, force_terminal=False, highlight=False, legacy_windows=False
    )
    with console.capture() as capture:
        show(search, console)
    return capture.get()


def _show_leak(leak: Leak, console: Console) -> None:
    sign = "x " if console.options.ascii_only else "✗ "
    hanging(console, Text(sign, "bold red"), Text(visible(leak.sentence), "bold"))
    hanging(console, Text(_BLAME, "dim"), Text(visible(leak.blame)))
    write(console, Text())
    write(console, indented(leak.reproduction.rstrip("\n"), 4), unbroken=True)
    write(console, Text())


def _summary(search: Search) -> str:
    none = "no leak" if search.concluded else "nothing could be concluded"
    return (
        f"{counted(len(search.leaks), 'leak') if search.leaks else none}; "
        f"{len(search.inconclusive):,} inconclusive; tried {counted(search.relations, 'relation')} and "
        f"{counted(search.functions, 'function')} with {counted(search.attempts, 'attempt')}"
    )
