"""What a run changed, on a terminal: what still fails, what was mended, and last and whole what broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.report.lines import hanging, write
from pgcontract.report.terminal import show_summary, show_troubles, sign
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from pgcontract.lifecycle.watching.changes import Changes
    from pgcontract.report.document import Document, Entry

_SHOWN = 12
"""Of what is not new, so many at most."""


def show(found: Changes, document: Document, console: Console, *, verbose: bool = False) -> None:
    """Write what changed to the console, then the run's summary line; `verbose` shows all that still fails whole."""
    if verbose and found.still:
        show_troubles(found.still, document.report.started_at, console)
    else:
        _show("still", found.still, console)
    _show("not asked any more", found.gone, console)
    _show("not checked this time", found.untold, console)
    _show("fixed", found.fixed, console)
    if found.broken:
        if any((found.still, found.gone, found.untold, found.fixed)):
            write(console, Text("newly broken", "bold"))
        show_troubles(found.broken, document.report.started_at, console)
    show_summary(document, console)


def _show(title: str, entries: Sequence[Entry], console: Console) -> None:
    """A line each."""
    if not entries:
        return
    write(console, Text(title, "bold"))
    for entry in entries[:_SHOWN]:
        text = line("".join(piece.text for piece in entry.title))
        reason = f": {line(entry.outcome.reason)}" if entry.level == "skipped" and entry.outcome.reason else ""
        hanging(console, Text.assemble("  ", sign(entry.level, console)), Text(f"{text}{reason}"))
    if len(entries) > _SHOWN:
        write(console, Text(f"  and {len(entries) - _SHOWN:,} more", "dim"))
    write(console, Text())
