"""A history on a terminal: of each suite and database what fails, what was fixed, and what flaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.lifecycle.history import words
from pgcontract.report.lines import hanging, last, write
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from pgcontract.lifecycle.history.story import Episode, Histories, Story

_SHOWN = 10
_TRACE = 60
_SIGNS = {"there": ("✗", "x", "bold red"), "over": ("✓", "+", "green"), "untold": ("?", "?", "yellow")}


def show(histories: Histories, console: Console, *, verbose: bool = False) -> None:
    """Write the histories to the console; of what is over, only the last few unless `verbose`."""
    for number, story in enumerate(histories.stories):
        if number:
            console.print()
        _show_story(story, console, verbose=verbose)


def _show_story(story: Story, console: Console, *, verbose: bool) -> None:
    style = "bold green" if story.last.passed else "bold red"
    last(console, Text(line(words.headline(story)), style))
    hanging(console, Text("  "), _trace(story, console))
    _show("Failing", "there", story.failing, lambda one: words.since(one, story), console)
    _show("Failed when last checked; the last run tells nothing", "untold", story.untold, words.seen, console)
    over = story.over if verbose else story.over[:_SHOWN]
    _show("Over", "over", over, words.ended, console)
    if rest := len(story.over) - len(over):
        write(console, Text(f"  and {rest:,} more; --verbose shows them", "dim"))
    if story.flapping:
        write(console, Text("\nFlapping", "bold"))
        for flap in story.flapping:
            hanging(console, Text("  ~ ", "yellow"), Text(line(words.flap(flap))))


def _show(title: str, sign: str, episodes: Sequence[Episode], said: Callable[[Episode], str], console: Console) -> None:
    if not episodes:
        return
    write(console, Text(f"\n{title} ({len(episodes):,})", "bold"))
    rich, plain, style = _SIGNS[sign]
    mark = plain if console.options.ascii_only else rich
    for one in episodes:
        severity = f" {one.found.severity}" if one.found.severity != "error" else ""
        errored = " not checked" if one.found.errored else ""
        labels = f"  {one.found.kind}{severity}{errored}  {one.found.fingerprint}"
        hanging(console, Text(f"  {mark} ", style), Text.assemble(line(one.found.message), (line(labels), "dim")))
        hanging(console, Text("    "), Text(line(said(one))))


def _trace(story: Story, console: Console) -> Text:
    """A sign a run, the newest right."""
    text = Text()
    plain = console.options.ascii_only
    for point in story.points[-_TRACE:]:
        if point.passed:
            text.append("+" if plain else "✓", "green")
        elif point.broken:
            text.append("x" if plain else "✗", "bold red")
        else:
            text.append("!", "bold magenta")
    return text
