r"""Regular expressions and LIKE patterns as trees, from which texts are drawn that match.

The advanced regular expressions of Postgres, as far as people use them in constraints: alternatives, groups, classes
with their names and escapes, repetitions, anchors, look-ahead. Back references give None.
Source: the PostgreSQL documentation, "POSIX Regular Expressions".
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

PRINTABLE = string.ascii_letters + string.digits + " !#$%&()*+,-./:;<=>?@[]^_`{|}~'\"\\"
_WORD = string.ascii_letters + string.digits + "_"
_NAMED = {
    "alpha": string.ascii_letters,
    "digit": string.digits,
    "alnum": string.ascii_letters + string.digits,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "space": " \t",
    "blank": " \t",
    "punct": string.punctuation,
    "xdigit": string.digits + "abcdefABCDEF",
    "word": _WORD,
    "print": PRINTABLE,
    "graph": PRINTABLE.replace(" ", ""),
    "cntrl": "\t",
}
_ANY = _WORD + " -."
_ESCAPED = {"d": string.digits, "w": _WORD, "s": " ", "n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Chars:
    """One of these characters, the plainest first."""

    options: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """At least `low` times, at most `high` times; None for ever."""

    part: Node
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of the text, or a word's edge, as Python writes it."""

    mark: str


@dataclass(frozen=True, slots=True)
class Look:
    """What follows matches, or does not; it is only tested, after a text was written without it."""

    part: Node
    wanted: bool


Node: TypeAlias = "Chars | Repeat | Sequence | Either | Edge | Look"


class _UnknownError(Exception):
    pass


@lru_cache(maxsize=1024)
def parse(pattern: str, *, fold: bool = False) -> Node | None:
    """The tree of a regular expression; None where it is beyond us.

    Args:
        pattern: As Postgres takes it.
        fold: Whether upper and lower case are the same (`~*`).
    """
    pattern, fold = _options(pattern, fold=fold)
    try:
        parser = _Parser(pattern, fold=fold)
        node = parser.alternatives()
        return node if parser.at == len(pattern) else None
    except (_UnknownError, IndexError, ValueError):
        return None


def _options(pattern: str, *, fold: bool) -> tuple[str, bool]:
    pattern = pattern.removeprefix("***:")
    found = re.match(r"\(\?([a-z]+)\)", pattern)
    return (pattern[found.end() :], fold or "i" in found.group(1)) if found else (pattern, fold)


@lru_cache(maxsize=1024)
def like(pattern: str, *, fold: bool = False) -> Node:
    """The tree of a LIKE pattern (`~~`), or an ILIKE one."""
    parts: list[Node] = [Edge("^")]
    characters = iter(pattern)
    for char in characters:
        if char == "%":
            parts.append(Repeat(Chars(_ANY), 0, None))
        elif char == "_":
            parts.append(Chars(string.ascii_lowercase))
        else:
            parts.append(_char(next(characters, "\\") if char == "\\" else char, fold=fold))
    return Sequence((*parts, Edge("$")))


def _char(char: str, *, fold: bool) -> Chars:
    return Chars(char + char.swapcase() if fold and char.swapcase() != char else char)


class _Parser:
    def __init__(self, pattern: str, *, fold: bool) -> None:
        self.pattern = pattern
        self.at = 0
        self.fold = fold

    def _peek(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def _take(self) -> str:
        char = self.pattern[self.at]
        self.at += 1
        return char

    def alternatives(self) -> Node:
        parts = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() and self._peek() not in "|)":
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self) -> Node:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == ".":
            return Chars(_ANY)
        if char in "^$":
            return Edge(char)
        if char == "\\":
            return self._escape(self._take())
        if char in "*+?":
            raise _UnknownError
        return _char(char, fold=self.fold)

    def _group(self) -> Node:
        if self._peek() == "?":
            self.at += 1
            kind = self._take()
            if kind in "=!":
                return self._look(wanted=kind == "=")
            if kind != ":":
                raise _UnknownError
        node = self.alternatives()
        if self._take() != ")":
            raise _UnknownError
        return node

    def _look(self, *, wanted: bool) -> Node:
        part = self.alternatives()
        if self._take() != ")":
            raise _UnknownError
        return Look(part, wanted)

    def _escape(self, char: str) -> Node:
        if char in "AZ":
            return Edge("^" if char == "A" else "$")
        if char in "mMy":
            return Edge(r"\b")
        if char in "DWS":
            return Chars("".join(c for c in PRINTABLE if c not in _ESCAPED[char.lower()]))
        if char in _ESCAPED:
            return Chars(_ESCAPED[char])
        if char.isalnum():
            raise _UnknownError
        return Chars(char)

    def _class(self) -> Node:
        negated = self._peek() == "^"
        self.at += negated
        chars: list[str] = []
        first = True
        while first or self._peek() != "]":
            first = False
            chars += self._member()
        self.at += 1
        if self.fold:
            chars += [char.swapcase() for char in chars]
        options = [c for c in PRINTABLE if c not in chars] if negated else list(dict.fromkeys(chars))
        if not options:
            raise _UnknownError
        return Chars("".join(options))

    def _member(self) -> list[str]:
        if self.pattern.startswith("[:", self.at):
            end = self.pattern.index(":]", self.at)
            name, self.at = self.pattern[self.at + 2 : end], end + 2
            return list(_NAMED[name]) if name in _NAMED else []
        char = self._take()
        if char == "\\":
            char = self._take()
            if char in _ESCAPED:
                return list(_ESCAPED[char])
        if self._peek() == "-" and self.pattern[self.at + 1] != "]":
            self.at += 1
            last = self._take()
            last = self._take() if last == "\\" else last
            return [chr(code) for code in range(ord(char), min(ord(last), ord(char) + 500) + 1)]
        return [char]

    def _repeated(self, node: Node) -> Node:
        while self._peek() and self._peek() in "*+?{":
            mark = self._take()
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(mark) or self._bounds()
            if self._peek() == "?":
                self.at += 1  # not greedy: the same texts match
            node = Repeat(node, low, high)
        return node

    def _bounds(self) -> tuple[int, int | None]:
        end = self.pattern.index("}", self.at)
        low, comma, high = self.pattern[self.at : end].partition(",")
        self.at = end + 1
        return int(low), (int(high) if high else None) if comma else int(low)


def python(node: Node) -> str:
    """The pattern as Python's `re` takes it."""
    match node:
        case Chars(options):
            return "[" + "".join(map(re.escape, options)) + "]"
        case Repeat(part, low, high):
            return f"(?:{python(part)}){{{low},{'' if high is None else high}}}"
        case Sequence(parts):
            return "".join(map(python, parts))
        case Either(parts):
            return "(?:" + "|".join(map(python, parts)) + ")"
        case Look(part, wanted):
            return f"(?{'=' if wanted else '!'}{python(part)})"
        case Edge(mark):
            return r"\Z" if mark == "$" else mark
