"""A sentence as pieces, each of which is plain English or something of the database's: a name, a value, SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence.

    Attributes:
        text: The words, or the code.
        code: Whether it is the database's, to be shown as code and never to be read as markup.
        raw: Whether it is SQL that was not understood.
    """

    text: str
    code: bool = False
    raw: bool = False


Words: TypeAlias = tuple[Piece, ...]


def code(text: str) -> Words:
    """A name or a value."""
    return (Piece(text, code=True),)


def raw(sql: str) -> Words:
    """SQL that was not understood."""
    return (Piece(sql, code=True, raw=True),)


def is_raw(words: Words) -> bool:
    """Whether the whole is SQL that was not understood."""
    return len(words) == 1 and words[0].raw


def say(template: str, *parts: Words) -> Words:
    """English with the parts in place of its `{}`, in order; neighbouring English is one piece.

    >>> "".join(piece.text for piece in say("{} is {}", code("a"), code("b")))
    'a is b'
    """
    return tuple(_joined(_filled(template, parts)))


def listed(items: Sequence[Words], word: str = " and ") -> Words:
    """The items as English lists them: `a, b and c`; `word` stands before the last."""
    return say(", ".join(["{}"] * (len(items) - 1)) + f"{word}{{}}", *items) if len(items) > 1 else items[0]


def plain(words: Words) -> str:
    """The sentence without anything that tells code from words."""
    return "".join(piece.text for piece in words)


def opened(words: Words) -> Words:
    """The sentence with a capital where it begins with a word."""
    if not words or words[0].code:
        return words
    first = words[0].text
    return (Piece(first[:1].upper() + first[1:]), *words[1:])


def _filled(template: str, parts: tuple[Words, ...]) -> Iterator[Piece]:
    texts = template.split("{}")
    for text, part in zip(texts, (*parts, ()), strict=True):
        if text:
            yield Piece(text)
        yield from part


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    before: Piece | None = None
    for piece in pieces:
        if before is not None and not before.code and not piece.code:
            before = Piece(before.text + piece.text)
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before
