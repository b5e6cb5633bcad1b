"""Where two texts differ, as plain segments that each format marks in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher, unified_diff
from functools import lru_cache

from pgcontract.records import dataclass

# Snake case is Postgres's own spelling, so the words inside an identifier are words.
_TOKEN = re.compile(r"[^\W_]+|_+|\s+|[^\w\s]")
_WORD = re.compile(r"[^\W_]+")

# In a large report the same few short texts differ again and again: one type from another.
_OFTEN = 200
# Comparing token by token costs the product of the lengths: 100,000 take some ten milliseconds.
_COMPARABLE = 100_000
# Two words are told apart by their letters only where most of them agree: timestamp and timestamptz, not text and uuid.
_ALIKE = 0.8
_SHORT_WORD = 4
# What a reader takes in of a part that is the same on both sides, and of one that is not.
_LONGEST_SAME = 2_000
_LONGEST_CHANGED = 4_000
# From how many line breaks on texts are shown as a patch, and how much of one.
_SEVERAL = 3
_MOST_LINES = 120
_COMPARABLE_LINES = 1_000_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text, and whether the other text has something else there."""

    text: str
    changed: bool = False


Segments = tuple[Segment, ...]

# A stretch of both texts: where it begins and ends in each, and whether they differ there.
_Stretch = tuple[bool, Sequence[str], Sequence[str]]


def compare(expected: str, observed: str) -> tuple[Segments, Segments]:
    """Both texts as segments; the changed ones are what differs.

    >>> compare("numeric(12,2)", "numeric(10,2)")[1][1]
    Segment(text='10', changed=True)
    """
    long = len(expected) + len(observed) > _OFTEN
    return _compare(expected, observed) if long else _compare_once(expected, observed)


def _compare(expected: str, observed: str) -> tuple[Segments, Segments]:
    stretches = list(_joined(_stretches(_TOKEN.findall(expected), _TOKEN.findall(observed))))
    return _side(stretches, 0), _side(stretches, 1)


_compare_once = lru_cache(maxsize=1_000)(_compare)


def unified(left: str | None, right: str | None) -> tuple[str, ...]:
    r"""Two texts of several lines as the lines of a patch, without its head; nothing for shorter ones.

    >>> unified("begin\n  a;\n  b;\nend", "begin\n  a;\n  c;\nend")
    ('@@ -1,4 +1,4 @@', ' begin', '   a;', '-  b;', '+  c;', ' end')
    """
    if left is None or right is None:
        return ()
    breaks = left.count("\n"), right.count("\n")
    if max(breaks) < _SEVERAL or breaks[0] * breaks[1] > _COMPARABLE_LINES:
        return ()
    lines = list(unified_diff(left.splitlines(), right.splitlines(), n=2, lineterm=""))[2:]
    if len(lines) <= _MOST_LINES:
        return tuple(lines)
    return (*lines[:_MOST_LINES], f"@@ {len(lines) - _MOST_LINES:,} more lines @@")


def whole(text: str) -> Segments:
    """The text as one segment that nothing is compared with."""
    return tuple(_shortened(Segment(text))) if text else ()


def _stretches(left: list[str], right: list[str]) -> Iterator[_Stretch]:
    """What both begin with, what lies between, what both end with: mostly the middle is short."""
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    yield False, left[:head], right[:head]
    yield from _middle(left[head : len(left) - tail], right[head : len(right) - tail])
    yield False, left[len(left) - tail :], right[len(right) - tail :]


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


def _middle(left: Sequence[str], right: Sequence[str]) -> Iterator[_Stretch]:
    if len(left) * len(right) > _COMPARABLE:
        yield True, left, right
    elif len(left) == len(right) == 1:
        yield from _letters(left[0], right[0])
    else:
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            a, b = left[i1:i2], right[j1:j2]
            if tag == "replace" and len(a) == len(b) == 1:
                yield from _letters(a[0], b[0])
            else:
                # A blank or a bracket that two otherwise different passages share is chance, not likeness.
                yield tag != "equal" or not any(map(_WORD.fullmatch, a)), a, b


def _letters(left: str, right: str) -> Iterator[_Stretch]:
    """Two words letter by letter where they are almost one, else as they are."""
    short = min(len(left), len(right)) < _SHORT_WORD
    if short or len(left) * len(right) > _COMPARABLE or _likeness(left, right) < _ALIKE:
        yield True, [left], [right]
        return
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    yield False, [left[:head]], [right[:head]]
    yield True, [left[head : len(left) - tail]], [right[head : len(right) - tail]]
    yield False, [left[len(left) - tail :]], [right[len(right) - tail :]]


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def _joined(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """Neighbours of one sort as one, the empty ones left out."""
    current: _Stretch | None = None
    for changed, left, right in stretches:
        if not any(left) and not any(right):
            continue
        if current is not None and current[0] == changed:
            current = (changed, [*current[1], *left], [*current[2], *right])
        else:
            if current is not None:
                yield current
            current = (changed, left, right)
    if current is not None:
        yield current


def _side(stretches: Sequence[_Stretch], index: int) -> Segments:
    texts = ((changed, "".join(sides[index])) for changed, *sides in stretches)
    return tuple(piece for changed, text in texts if text for piece in _shortened(Segment(text, changed)))


def _shortened(segment: Segment) -> Iterator[Segment]:
    """The segment; of a very long one its beginning and end, and how much lies between."""
    longest = _LONGEST_CHANGED if segment.changed else _LONGEST_SAME
    over = len(segment.text) - longest
    if over <= 0:
        yield segment
        return
    half = longest // 2
    yield replace(segment, text=segment.text[:half])
    yield Segment(f" [… {over:,} characters left out …] ")
    yield replace(segment, text=segment.text[-half:])
