"""The tokens of an expression as Postgres deparses it, with their places, and which brackets belong together."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>[eEbBxX]?'(?:[^']|'')*')
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<cast>::)
    | (?P<mark>[()\[\],.:;])
    | (?P<operator>[-+*/<>=~!@#%^&|`?]+)
    )""",
    re.VERBOSE,
)


class NotUnderstoodError(Exception):
    """The text, or a part of it, has a shape that is not known."""


class Token(NamedTuple):
    """A token, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str) -> list[Token]:
    """The tokens, and an end.

    Raises:
        NotUnderstoodError: The text holds what no expression does.
    """
    found, position, whole = [], 0, text.rstrip()
    while position < len(whole):
        match = _TOKEN.match(whole, position)
        if match is None:
            raise NotUnderstoodError
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind), match.end()))
        position = match.end()
    return [*found, Token("end", "", len(whole), len(whole))]


def pairs(tokens: list[Token]) -> dict[int, int]:
    """Where the bracket that a token opens is closed, by their numbers.

    Raises:
        NotUnderstoodError: They do not match.
    """
    found: dict[int, int] = {}
    waiting: list[int] = []
    for number, token in enumerate(tokens):
        if token.kind == "mark" and token.text in "([":
            waiting.append(number)
        elif token.kind == "mark" and token.text in ")]":
            if not waiting:
                raise NotUnderstoodError
            found[waiting.pop()] = number
    if waiting:
        raise NotUnderstoodError
    return found


def one_line(sql: str) -> str:
    """The SQL with every stretch of white space outside quotes as one blank, and without brackets about the whole.

    >>> one_line("(EXISTS ( SELECT   FROM a  WHERE (x = 'b  c'::text)))")
    "EXISTS (SELECT FROM a WHERE (x = 'b  c'::text))"
    """
    try:
        tokens = scan(sql)
        closed = pairs(tokens)
    except NotUnderstoodError:
        return sql.strip()
    first, last = 0, len(tokens) - 1
    while first in closed and closed[first] == last - 1 and tokens[first].text == "(":
        first, last = first + 1, last - 1
    text = ""
    for number in range(first, last):
        token = tokens[number]
        apart = number > first and token.start > tokens[number - 1].end and tokens[number - 1].text != "("
        text += (" " if apart else "") + token.text
    return text
