r"""SQL text as Postgres's own scanner cuts it, as far as quotes, comments, brackets and names go.

Two uses: to refuse a text of an author's that would reach out of the place where it is put (`true) not valid, drop
column x, add check (true`), and to find the part of a definition that stands between two brackets. What is inside
quotes or comments is never taken for syntax. `standard_conforming_strings` is on wherever this is used.
Source: the PostgreSQL documentation, "Lexical Structure"; src/backend/parser/scan.l.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A string goes on after a line break, and one that began as E'…' goes on as such. What a word may hold, which is all
# beyond ASCII, is said by what it may not: a range up to the last character takes 4 ms to compile, wherever it stands.
_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n\r]*)
    | (?P<block>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*'
        (?:[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\f\v\n\r]|--[^\n\r]*[\n\r])*'(?:[^'\\]|\\.|'')*')*
        | '(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<dollar>\$(?P<tag>(?:[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*)?)\$.*?\$(?P=tag)\$)
    | (?P<stray>[eE]?'|"|\$(?:[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*)?\$)
    | (?P<word>[^\x00-@\[-^`{-\x7f][^\x00-#%-/:-@\[-^`{-\x7f]*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_CLOSING = {"(": ")", "[": "]"}


class UnclosedError(ValueError):
    """A quote or a comment is not closed; the message says which."""


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The kind, the text and the position of each token; what is in comments is left out.

    Raises:
        UnclosedError: A quote or a comment is not closed.
    """
    position = 0
    while found := _TOKEN.match(text, position):
        kind, position = str(found.lastgroup), found.end()
        if kind == "block":
            position = _end_of_comment(text, position)
        elif kind == "stray":
            raise UnclosedError(f"a quote is not closed: {found.group()}")
        elif kind != "comment":
            yield kind, found.group(), found.start()


def _end_of_comment(text: str, position: int) -> int:
    """Block comments nest."""
    depth = 1
    while depth:
        edge = _BLOCK_EDGE.search(text, position)
        if edge is None:
            raise UnclosedError("a comment is not closed: /*")
        depth += 1 if edge.group() == "/*" else -1
        position = edge.end()
    return position


@lru_cache(maxsize=8192)
def complaint(text: str) -> str | None:
    """Why the text could reach out of the brackets it is put between, or None where it cannot."""
    if why := unsendable(text):
        return why
    try:
        return _brackets(text) if text.strip() else "it is empty"
    except UnclosedError as error:
        return str(error)


def unsendable(text: str) -> str | None:
    """Why no server could be told the text; None where it could."""
    if "\0" in text:
        return "it holds a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "it holds half of a character"
    return None


def _brackets(text: str) -> str | None:
    waiting: list[str] = []
    for kind, piece, _ in tokens(text):
        if kind != "mark":
            continue
        if piece in _CLOSING:
            waiting.append(_CLOSING[piece])
        elif piece in _CLOSING.values() and (not waiting or waiting.pop() != piece):
            return f"a bracket too many: {piece}"
    return f"a bracket is not closed: {waiting[-1]} is missing" if waiting else None


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Every name and keyword in the text, as Postgres reads it: folded to lower case unless it is quoted."""
    return frozenset(
        piece[1:-1].replace('""', '"') if kind == "quoted" else piece.lower()
        for kind, piece, _ in tokens(text)
        if kind in {"quoted", "word"}
    )


def between(text: str, *before: str) -> str:
    """What stands between the first bracket that follows the given words, outside quotes and brackets, and its twin.

    >>> between('CREATE INDEX i ON "a USING b (" USING btree (lower(x), y) WHERE (y > 0)', "USING")
    'lower(x), y'

    Raises:
        ValueError: There is no such place.
    """
    depth, start = 0, -1
    looking = list(before)
    for kind, piece, position in tokens(text):
        if kind == "word" and depth == 0 and looking and piece == looking[0]:
            looking.pop(0)
        elif kind == "mark" and piece == "(":
            start = position + 1 if depth == 0 and not looking and start < 0 else start
            depth += 1
        elif kind == "mark" and piece == ")":
            depth -= 1
            if depth == 0 and start >= 0:
                return text[start:position]
    raise ValueError(f"no brackets after {' '.join(before)} in {text!r}")


def pieces(text: str) -> Iterator[str]:
    """The pieces of a list between its outermost commas, stripped."""
    depth = start = 0
    for kind, piece, position in tokens(text):
        if kind != "mark":
            continue
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        elif piece == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    yield text[start:].strip()
