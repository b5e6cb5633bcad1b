"""What every way of showing a history says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.since import moment
from pgcontract.report.text import counted, elapsed

if TYPE_CHECKING:
    from pgcontract.lifecycle.history.story import End, Episode, Flap, Story

HOW: dict[End, str] = {"gone": "fixed", "ignored": "ignored", "restated": "the contract says otherwise"}


def headline(story: Story) -> str:
    """Which history, from when to when, and what the last run said."""
    key, first, last = story.key, story.points[0], story.last
    where = f"{key.database} ({key.host})" if key.host else key.database
    began, ended = moment(first.at), moment(last.at)
    span = began if began == ended else f"{began} to {ended}"
    return f"{key.suite} on {where}: {counted(len(story.points), 'run')}, {span}; {_last(story)}"


def _last(story: Story) -> str:
    verdict = "holds" if story.last.passed else "is broken" if story.last.broken else "could not be checked in full"
    mended = sum(one.how == "gone" for one in story.mended)
    changes = [f"{len(story.new):,} new" if story.new else "", f"{mended:,} fixed" if mended else ""]
    said = ", ".join(filter(None, changes))
    return f"the last {verdict}" + (f" ({said})" if said else "")


def since(one: Episode, story: Story) -> str:
    """Since when what still fails does."""
    if one in story.new:
        words = "new in the last run"
    else:
        words = f"since {_began(one)}, {elapsed((story.last.at - one.since).total_seconds())}"
        words += f", {counted(one.runs, 'run')}"
    return words + _again(one)


def seen(one: Episode) -> str:
    """When that was seen of which the last run tells nothing."""
    return f"since {_began(one)}, last seen {moment(one.seen)}, {counted(one.runs, 'run')}{_again(one)}"


def ended(one: Episode) -> str:
    """How and when a failure ended, and how long it took."""
    if one.how is None or one.ended is None:
        return ""
    took = elapsed((one.ended - one.since).total_seconds())
    least = "at least " if one.or_before else ""
    return f"{HOW[one.how]} {moment(one.ended)}, after {least}{took}, {counted(one.runs, 'run')}{_again(one)}"


def flap(one: Flap) -> str:
    """What changes often."""
    now = "holds now" if one.holds else "does not hold now"
    return f"{one.kind} {one.subject}: {one.changes} changes in {counted(one.runs, 'run')}, {now}"


def _began(one: Episode) -> str:
    return f"{moment(one.since)}{' or before' if one.or_before else ''}"


def _again(one: Episode) -> str:
    return f", for the {_ordinal(one.times)} time" if one.times > 1 else ""


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
