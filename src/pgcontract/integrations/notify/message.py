"""A notification for people: a title and a few lines, as plain text or Markdown, that act on nothing.

What a database calls its things may be meant to call a whole channel. So besides what `line` does, a space of no width
parts each sign that a chat takes for the start of something from what follows it, and in Markdown what is said of a
thing stands as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.report.since import moment
from pgcontract.report.text import counted, line
from pgcontract.verdict import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.integrations.notify.change import Event, Trouble
    from pgcontract.integrations.notify.notification import Notification
    from pgcontract.lifecycle.history.story import End

LONGEST = 2_000
"""How many characters title and body have together at most."""

MOST = 5
"""How many troubles are told one by one at most; of what is over, likewise."""

NARROW = "\u200b"
"""A space of no width."""

_NAME = 60
_SAID = 200
_LONGEST_LINK = 1_000
_STARTS = re.compile(r"[@<#~!](?=\S)|\](?=\()|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
_HOW: dict[End, str] = {"gone": "", "ignored": "ignored", "restated": "the contract says otherwise"}


@dataclass(frozen=True, slots=True)
class Section:
    """Some troubles under a heading.

    Attributes:
        heading: What they have in common.
        total: How many there are.
        lines: Of the first of them, what is wrong, and our own words about that.
    """

    heading: str
    total: int
    lines: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """The heading, and how many there are."""
        return f"{self.heading} ({self.total:,})"

    @property
    def rest(self) -> str:
        """How many are not told; empty where all are."""
        left = self.total - len(self.lines)
        return "" if not left else f"and {left:,} more" if self.lines else f"{left:,} not told here"

    def text(self) -> str:
        """As plain text, ending with a newline."""
        lines = (f"• {said}{words}" for said, words in self.lines)
        return "".join(f"{each}\n" for each in (self.title, *lines, self.rest) if each)

    def markdown(self) -> str:
        """As Markdown, ending with a newline."""
        lines = [f"- `{unmarked(said)}`{words}" for said, words in self.lines]
        rest = [f"- {self.rest}"] if self.rest else []
        return "".join(f"{each}\n" for each in (f"**{self.title}**", "", *lines, *rest))


@dataclass(frozen=True, slots=True)
class Message:
    """A title, sections, and what stands below them; nothing in it acts on anything.

    Attributes:
        title: The whole in a line.
        good: Whether nothing is wrong.
        sections: What is wrong, and what is not any more.
        foot: How much was checked, where, and when.
        link: Where people read the whole report.
    """

    title: str
    good: bool
    sections: tuple[Section, ...]
    foot: str
    link: str | None

    def text(self) -> str:
        """The body as plain text."""
        parts = [*(each.text() for each in self.sections), f"{self.foot}\n", f"{self.link}\n" if self.link else ""]
        return "\n".join(filter(None, parts))

    def markdown(self) -> str:
        """The body as Markdown; of what is said of a thing nothing but a backtick could end the code."""
        foot = f"`{unmarked(self.foot)}`\n"
        parts = [*(each.markdown() for each in self.sections), foot, f"<{self.link}>\n" if self.link else ""]
        return "\n".join(filter(None, parts))

    @property
    def length(self) -> int:
        """How many characters it has, in the longer of the two ways."""
        return len(self.title) + max(len(self.text()), len(self.markdown()))


def message(notification: Notification) -> Message:
    """What people are told, of at most `LONGEST` characters."""
    link = notification.link if len(notification.link or "") <= _LONGEST_LINK else None
    good = not notification.change.troubles
    title = f"{'✅' if good else '❌'} {_title(notification)}"
    whole = Message(title, good, tuple(_sections(notification)), _foot(notification), link)
    while whole.length > LONGEST and any(section.lines for section in whole.sections):
        whole = replace(whole, sections=tuple(_shorter(whole.sections)))
    return whole


def inert(text: str, longest: int = _SAID) -> str:
    """Text of a database's in one line, of which no chat makes a mention, a link or a channel; cut where it is long.

    >>> inert("<!channel> @here").replace(NARROW, "|")
    '<|!|channel> @|here'
    """
    shown = _STARTS.sub(lambda found: found.group() + NARROW, line(text[: longest + 1]))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def unmarked(text: str) -> str:
    """The text with look-alikes of what ends code and what makes bold: no two chats escape these alike."""
    return text.replace("`", "\u02cb").replace("*", "\u2217")


def _title(notification: Notification) -> str:
    change, database = notification.change, notification.database
    local = not database.host or database.host.startswith(("/", "@"))
    where = inert(database.name, _NAME) + ("" if local else f" at {inert(database.host, _NAME)}")
    if not isinstance(notification.ran, Report):
        unsure = any(one.errored for one in change.troubles)
        found = "nothing could be concluded" if unsure else counted(len(change.troubles), "leak")
        return unmarked(f"search for leaks on {where}: {found}")
    new, wrong = sum(one.new is True for one in change.troubles), len(change.troubles)
    said: dict[Event, str] = {
        "broken": f"{new:,} newly broken" if new else f"{wrong:,} broken",
        "still_broken": f"still {wrong:,} broken",
        "fixed": f"{len(change.over):,} fixed, {wrong:,} still broken",
        "recovered": "holds again",
        "holds": "holds",
    }
    return unmarked(f"contract {inert(notification.suite, _NAME)} on {where}: {said[change.event]}")


def _sections(notification: Notification) -> Iterator[Section]:
    troubles = notification.change.troubles
    new = [one for one in troubles if one.new]
    old = [one for one in troubles if not one.new]
    known = any(one.new is not None for one in troubles)
    groups = {"Newly broken": new, "Still broken" if known else "Broken": old, "Fixed": notification.change.over}
    room = MOST
    for heading, members in groups.items():
        told = members[: room if heading != "Fixed" else MOST]
        room -= len(told)
        if members:
            yield Section(heading, len(members), tuple((_said(one), _words(one)) for one in told))


def _shorter(sections: Sequence[Section]) -> list[Section]:
    """The sections without the last line that one of them tells."""
    last = max(index for index, section in enumerate(sections) if section.lines)
    shorter = replace(sections[last], lines=sections[last].lines[:-1])
    return [*sections[:last], shorter, *sections[last + 1 :]]


def _said(one: Trouble) -> str:
    """What is wrong; with the object's name before it where the message lacks it."""
    said = f"could not be checked: {one.message}" if one.errored else one.message
    return inert(said if one.object in said else f"{one.object}: {said}")


def _words(one: Trouble) -> str:
    words = [one.kind] if one.kind.isidentifier() else []
    if one.how is not None:
        words += filter(None, [_HOW[one.how]])
    elif one.since is not None and one.runs is not None and not one.new:
        before = " or before" if one.or_before else ""
        words += [f"since {moment(one.since)}{before}", counted(one.runs, "run")]
    return f" ({', '.join(words)})" if words else ""


def _foot(notification: Notification) -> str:
    database = notification.database
    version = f"PostgreSQL {inert(database.version, _NAME)}"
    untold = notification.change.untold
    unseen = f"; {untold:,} that failed before not checked" if untold else ""
    return f"{notification.tally}{unseen}; {version}, {moment(notification.at)}"
