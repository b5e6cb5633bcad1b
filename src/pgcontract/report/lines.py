"""How texts stand on a terminal: hanging behind what is before them, behind a label, marked, or as lines to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from pgcontract.report.examples import cells
from pgcontract.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from pgcontract.report.marking import Segments
    from pgcontract.verdict import Examples

_LEAST_ROOM = 12
_LEAST_COLUMN = 10
_GAP = 2
_WIDEST = 100
"""A time stands no farther to the right: the eye would lose the line."""
_TIME = 12
_LONGEST = 20_000
"""Characters of one text: nobody reads more on a terminal, and it would take its time."""
_MANY = 400
"""Lines of one text, likewise."""


def last(console: Console, what: Text) -> None:
    """The line that says it all: broken between words by a terminal, but one line for a script that searches for it."""
    write(console, what, unbroken=not on_screen(console))


def on_screen(console: Console) -> bool:
    """Whether people see the lines as wide as the console is; FORCE_COLOR makes no screen of a pipe."""
    return console.file.isatty()


def timed(console: Console, before: Text, text: Text, took: str) -> None:
    """The text behind what stands before it, and how long it took at the right of its first line."""
    width = min(console.width, _WIDEST)
    room = max(width - before.cell_len - _TIME, _LEAST_ROOM)
    first, *rest = _shortened(text).wrap(console, room, overflow="fold") or [Text()]
    first.rstrip()
    first.pad_right(room - first.cell_len)
    write(console, Text.assemble(before, first, (f"{took:>{_TIME}}", "dim")), unbroken=True)
    for each in rest:
        each.rstrip()
        write(console, Text.assemble(" " * before.cell_len, each), unbroken=True)


def write(console: Console, what: Text, *, unbroken: bool = False) -> None:
    """One text; `unbroken` where a line stays one whatever the width."""
    console.print(what, highlight=False, soft_wrap=unbroken)


def hanging(console: Console, before: Text, text: Text) -> None:
    """The text behind what stands before it; its further lines stay in its own column."""
    room = max(console.width - before.cell_len, _LEAST_ROOM)
    prefix = before
    for each in _shortened(text).wrap(console, room, overflow="fold"):
        each.rstrip()
        write(console, Text.assemble(prefix, each), unbroken=True)
        prefix = Text(" " * before.cell_len)


def _shortened(text: Text) -> Text:
    """The text, or the beginning of one that is too long for anybody, and how much more of it there is."""
    shown = text.plain[:_LONGEST]
    if shown.count("\n") >= _MANY:
        shown = "\n".join(shown.split("\n")[:_MANY])
    if len(shown) == len(text):
        return text
    rest = f" … and {len(text) - len(shown):,} more characters; --format json has them all"
    return Text.assemble(text[: len(shown)], (rest, "dim"))


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


def rows(console: Console, examples: Examples, by: int) -> None:
    """Examples as a table, indented, in which a value that has no room goes on in its own column.

    Where the columns are too many for that, each row is a text of its own, with the names before the values.
    """
    shown = list(cells(examples))
    room = max(console.width - by, _LEAST_ROOM)
    widths = [min(max(map(cell_len, column)), _LEAST_COLUMN) for column in zip(*shown, strict=True)]
    if sum(widths) + _GAP * (len(widths) - 1) <= room:
        for each in _table(console, shown, room):
            write(console, Text.assemble(" " * by, each), unbroken=True)
        return
    head, *body = shown
    for row in body:
        named = (Text.assemble((f"{name} ", "dim"), _value(value)) for name, value in zip(head, row, strict=True))
        hanging(console, Text(" " * by), Text(", ").join(named))


def _table(console: Console, shown: Sequence[Sequence[str]], room: int) -> Iterator[Text]:
    from rich.table import Table  # noqa: PLC0415 - most reports have no examples

    head, *body = shown
    table = Table(box=None, pad_edge=False, header_style="dim", highlight=False)
    for name in head:
        table.add_column(Text(name), overflow="fold")
    for row in body:
        table.add_row(*map(_value, row))
    for each in console.render_lines(table, console.options.update_width(room), pad=False):
        text = Text.assemble(*((segment.text, segment.style or "") for segment in each))
        text.rstrip()
        yield text


def _value(text: str) -> Text:
    return Text(text, "dim italic" if text == "NULL" else "")
