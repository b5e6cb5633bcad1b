"""Texts drawn from patterns and lengths, with a marker in them where there is room."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import TYPE_CHECKING

from pgcontract.synth.regex import Chars, Edge, Either, Look, Node, Repeat, Sequence, python

if TYPE_CHECKING:
    from pgcontract.synth.draw import Draw

_TAIL = 6
MORE = 8
"""How many times more than it must an unbounded part is repeated."""


@lru_cache(maxsize=1024)
def matcher(node: Node) -> re.Pattern[str]:
    """What tells whether a text matches."""
    return re.compile(python(node), re.DOTALL)


class Writer:
    """Writes one text that matches a pattern.

    Args:
        draw: Where choices come from.
        marker: What to put into the first part that takes it, or nothing.
        more: How many times more than they must unbounded parts are repeated.
        fresh: Whether something random follows the marker.
        extra: How many characters more than the least there are in all, as far as there are parts to take them; None
            for any number.
    """

    def __init__(
        self, draw: Draw, marker: str = "", more: int = MORE, *, fresh: bool = False, extra: int | None = None
    ) -> None:
        self._draw = draw
        self._extra = extra
        self._fresh = fresh
        self._marker = marker
        self._more = more

    def write(self, node: Node) -> str:
        """A text that matches the node, alone."""
        match node:
            case Chars(options):
                return self._draw.choice(options)
            case Sequence(parts):
                return "".join(map(self.write, parts))
            case Either(parts):
                return self.write(self._draw.choice(parts))
            case Edge() | Look():
                return ""
            case Repeat(part, low, high):
                return self._repeat(part, low, high)

    def _repeat(self, part: Node, low: int, high: int | None) -> str:
        if self._marker and isinstance(part, Chars):
            marked = self._marked(part.options, low, high)
            if marked:
                self._marker = ""
                return marked
        if self._extra is not None:
            taken = self._extra if high is None else min(self._extra, high - low)
            self._extra -= taken
            return "".join(self.write(part) for _ in range(low + taken))
        top = low + self._more if high is None else min(high, low + self._more)
        least = max(low, top - MORE) if self._fresh else low
        return "".join(self.write(part) for _ in range(self._draw.integer(least, max(least, top))))

    def _marked(self, options: str, low: int, high: int | None) -> str:
        """The marker, in the case that the part takes, if it takes it whole."""
        for form in (self._marker, self._marker.lower(), self._marker.upper()):
            for text in (form, re.sub(r"[^A-Za-z0-9]", "", form)):
                if (high is None or len(text) <= high) and set(text) <= set(options):
                    tail = max(low - len(text), _TAIL if self._fresh else 0)
                    tail = tail if high is None else min(tail, high - len(text))
                    return text + "".join(self._draw.choice(options) for _ in range(tail))
        return ""


def long(draw: Draw, node: Node, length: int) -> str:
    """A text of that length that matches, if its parts allow; else one that is near it."""
    least = Writer(draw, extra=0).write(node)
    return Writer(draw, extra=max(0, length - len(least))).write(node)


def matching(draw: Draw, node: Node, marker: str, more: int, *, fresh: bool = False) -> str:
    """A text in which the pattern is found; a marker stands beside it where the pattern does not hold the edges."""
    writer = Writer(draw, marker, more, fresh=fresh)
    text = writer.write(node)
    left = writer._marker  # noqa: SLF001 - what was not used inside
    if left:
        start, end = _edges(node)
        if not end:
            return text + left
        if not start:
            return left + text
    return text


def prefix(node: Node) -> str:
    """What every text that matches begins with."""
    found = ""
    for part in node.parts if isinstance(node, Sequence) else (node,):
        if isinstance(part, Chars) and len(part.options) == 1:
            found += part.options
        elif part != Edge("^"):
            break
    return found


def _edges(node: Node) -> tuple[bool, bool]:
    """Whether the pattern holds the start, and the end, of the text."""
    match node:
        case Edge(mark):
            return mark == "^", mark == "$"
        case Sequence(parts) if parts:
            return _edges(parts[0])[0], _edges(parts[-1])[1]
        case Either(parts):
            edges = [_edges(part) for part in parts]
            return any(start for start, _ in edges), any(end for _, end in edges)
        case _:
            return False, False


def word(draw: Draw, low: int, high: int) -> str:
    """Small letters and digits, beginning with a letter."""
    length = draw.integer(low, high)
    rest = string.ascii_lowercase + string.digits
    return "".join(draw.choice(rest if at else string.ascii_lowercase) for at in range(length))
