"""How texts stand on a terminal: hanging behind what is before them, behind a label, marked, or as lines to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.report.text import visible

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.report.marking import Segments

_LEAST_ROOM = 12


def write(console: Console, what: Text, *, unbroken: bool = False) -> None:
    """One text; `unbroken` where a line stays one whatever the width."""
    console.print(what, highlight=False, soft_wrap=unbroken)


def hanging(console: Console, before: Text, text: Text) -> None:
    """The text behind what stands before it; its further lines stay in its own column."""
    room = max(console.width - before.cell_len, _LEAST_ROOM)
    prefix = before
    for each in text.wrap(console, room, overflow="fold"):
        each.rstrip()
        write(console, Text.assemble(prefix, each), unbroken=True)
        prefix = Text(" " * before.cell_len)


def labelled(console: Console, label: str, text: Text, width: int = 8) -> None:
    """The text behind a label, which is `width` wide."""
    hanging(console, Text(f"    {label:<{width}} ", style="dim"), text)


def indented(text: str, by: int, style: str = "") -> Text:
    """Lines to be copied, or too many to be read twice: never broken into lines of our own."""
    return Text("\n".join(" " * by + each for each in visible(text).split("\n")), style)


def marked(segments: Segments | None, style: str) -> Text:
    """Segments with those in a style that differ; the word for nothing where there are none."""
    if segments is None:
        return Text("nothing", "italic dim")
    return Text.assemble(*((visible(piece.text), style if piece.changed else "") for piece in segments))
