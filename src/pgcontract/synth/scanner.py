"""The tokens of an expression that Postgres has deparsed."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>[eEbBxX]?'(?:[^']|'')*')
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>\$\d+|[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<cast>::)
    | (?P<mark>[()\[\],.:;])
    | (?P<operator>[-+*/<>=~!@#%^&|`?]+)
    )""",
    re.VERBOSE,
)


class NotUnderstoodError(Exception):
    """The text has a shape that is not known."""


def tokens(text: str) -> list[tuple[str, str]]:
    """The kind and the text of each token, and an end.

    Raises:
        NotUnderstoodError: The text holds what no expression does.
    """
    found, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotUnderstoodError
        found.append((str(match.lastgroup), match.group(match.lastgroup or 0)))
        position = match.end()
    return [*found, ("end", "")]


def unescaped(text: str) -> str:
    """What a string literal stands for."""
    body = text[text.index("'") + 1 : -1].replace("''", "'")
    if text[0] in "eE":
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found.group(1), found.group(1)), body, flags=re.DOTALL)
    return body


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}

_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}]+)')


def array_items(text: str) -> list[str | None]:
    """The elements of an array of one dimension in Postgres's text form: `{a,"b c",NULL}`."""
    return [
        re.sub(r"\\(.)", r"\1", quoted) if quoted or not bare else None if bare.strip().upper() == "NULL" else bare
        for quoted, bare in _ITEM.findall(text[1:-1])
    ]
