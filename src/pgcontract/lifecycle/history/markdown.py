"""A history as markdown, for a comment, a page or a summary of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.history import words
from pgcontract.report.picture import escapes
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract.lifecycle.history.story import Episode, Histories, Story


def to_markdown(histories: Histories) -> str:
    """The histories, a section each."""
    return "\n".join(text for story in histories.stories for text in (*_story(story), ""))


def _story(story: Story) -> Iterator[str]:
    yield f"## {_plain(story.key.suite)} on {_plain(story.key.database)}"
    yield ""
    yield f"{'✅' if story.last.passed else '❌'} {_plain(words.headline(story))}"
    yield from _table("Failing", story.failing, lambda one: words.since(one, story))
    yield from _table("Failed when last checked", story.untold, words.seen)
    yield from _table("Over", story.over, words.ended)
    if story.flapping:
        yield from ("", "### Flapping", "")
        yield from (f"- {_plain(words.flap(flap))}" for flap in story.flapping)


def _table(title: str, episodes: Sequence[Episode], said: Callable[[Episode], str]) -> Iterator[str]:
    if not episodes:
        return
    yield from ("", f"### {title} ({len(episodes):,})", "", "| what | kind | when | fingerprint |", "|---|---|---|---|")
    for one in episodes:
        cells = (one.found.message, one.found.kind, said(one), one.found.fingerprint)
        yield f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """The text as markdown that shows it and does nothing else."""
    return escapes.unheard(line(text))
