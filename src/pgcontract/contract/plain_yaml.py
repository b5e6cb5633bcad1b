"""YAML as pgcontract writes it, read line by line: ten times as fast as the careful reader, and only where it is sure.

It knows block mappings and sequences, flow ones in one line, texts in quotes, literal blocks, and plain scalars that no
version of YAML takes for something else. Whatever it does not know, right or wrong, is the careful reader's to judge.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pgcontract.contract.document import Written
from pgcontract.contract.flow import NO_TEXT, PLAIN, PLAIN_IN_BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

# What the careful reader refuses or takes for the end of a line; also tabs, which it allows in some places only.
_ODD = re.compile(r"[\x00-\t\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_DOUBLE = re.compile(r'"(?:[^"\\]|\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}))*"')
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?![\w.:+-])", re.ASCII)
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}(?![\w.:+-])", re.ASCII)
_REST = re.compile(r" *(?: #.*)?")
_LITERAL = re.compile(r"\|(2?)(-?)(?: *| +#.*)")
_SEPARATOR = re.compile(r" *([,\]}]) *")
_CONSTANTS = {"null": None, "true": True, "false": False}
_LONGEST_KEY = 1000


class UnsureError(Exception):
    """Something is not as it is written here: the careful reader must say what it is."""


def read(text: str) -> Any:
    """The content of a YAML text: mappings, lists and scalars, as the careful reader would have them.

    Raises:
        UnsureError: It is not as simple as that, or it is wrong.
    """
    if _ODD.search(text) or not text.endswith("\n"):
        raise UnsureError
    lines = _Lines(text.split("\n"))
    if lines.end():
        raise UnsureError
    content = _block(lines, 0)
    if not lines.end():
        raise UnsureError
    return content


class _Lines:
    """The lines of a text, and the one that is next.

    Attributes:
        number: The number of the next line.
        indent: How far it is indented; -1 at the end.
        line: The line itself.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.number = -1
        self.indent = 0
        self.line = ""
        self.step()

    def step(self) -> None:
        """Go to the next line that says something."""
        for number in range(self.number + 1, len(self.lines)):
            content = self.lines[number].lstrip(" ")
            if content and not content.startswith("#"):
                self.number, self.line = number, self.lines[number]
                self.indent = len(self.line) - len(content)
                return
        self.number, self.line, self.indent = len(self.lines), "", -1

    def end(self) -> bool:
        """Whether nothing more comes."""
        return self.indent < 0


def _block(lines: _Lines, indent: int) -> Any:
    """What begins at the next line, which is indented so."""
    if lines.indent != indent:
        raise UnsureError
    return _sequence(lines, indent) if lines.line.startswith("- ", indent) else _mapping(lines, indent, indent)


def _sequence(lines: _Lines, indent: int) -> list[Any]:
    made: list[Any] = []
    while lines.indent == indent and lines.line.startswith("- ", indent):
        start = indent + 2
        if lines.line.startswith(("- ", " "), start):
            raise UnsureError
        made.append(_mapping(lines, start, indent + 2) if _key(lines.line, start) else _value(lines, start, indent))
    if lines.indent > indent:
        raise UnsureError
    return made


def _mapping(lines: _Lines, start: int, indent: int) -> dict[str, Any]:
    """A mapping; its first key stands at `start` of the next line, after the dash of an item perhaps."""
    made: dict[str, Any] = {}
    while True:
        found = _key(lines.line, start)
        if found is None or found[0] in made:
            raise UnsureError
        key, start = found
        made[key] = _value(lines, start, indent) if start < len(lines.line) else _nested(lines, indent)
        if lines.indent != indent or lines.line.startswith("- ", indent):
            break
        start = indent
    if lines.indent > indent:
        raise UnsureError
    return made


def _key(line: str, start: int) -> tuple[str, int] | None:
    """The key that stands there, and where its value does; None if it is no key."""
    text, end = _quoted(line, start) or _text(PLAIN_IN_BLOCK.match(line, start))
    if text is None or not line.startswith(":", end) or line[end - 1] == " " or end - start > _LONGEST_KEY:
        return None
    rest = _REST.fullmatch(line, end + 1)
    if rest is not None:
        return text, len(line)
    return (text, end + 2) if line.startswith(" ", end + 1) and not line.startswith(" ", end + 2) else None


def _nested(lines: _Lines, indent: int) -> Any:
    """The value of a key that ends its line."""
    lines.step()
    if lines.indent > indent:
        return _block(lines, lines.indent)
    if lines.indent == indent and lines.line.startswith("- ", indent):
        return _sequence(lines, indent)
    return None


def _value(lines: _Lines, start: int, indent: int) -> Any:
    """A value that begins in the line, and what follows it must not be indented further."""
    line = lines.line
    if line.startswith("|", start):
        return _literal(lines, start, indent)
    value, end = _flow(line, start, _in_block)
    if not _REST.fullmatch(line, end):
        raise UnsureError
    lines.step()
    if lines.indent > indent:
        raise UnsureError
    return value


def _literal(lines: _Lines, start: int, indent: int) -> str:
    """A text of several lines, indented by two; blank ones at its end, and comments after it, are not ours."""
    found = _LITERAL.fullmatch(lines.line, start)
    if found is None:
        raise UnsureError
    first = lines.number + 1
    pad = indent + 2
    stop = first
    blanks = " " * pad
    while stop < len(lines.lines) and (lines.lines[stop].startswith(blanks) or not lines.lines[stop]):
        stop += 1
    taken = lines.lines[first:stop]
    while taken and not taken[-1]:
        taken.pop()
    if not taken or not taken[-1].strip() or not (found[1] or taken[0][pad : pad + 1].strip()):
        raise UnsureError
    lines.number = stop - 1
    lines.step()
    if lines.indent > indent or (stop < len(lines.lines) and lines.lines[stop].isspace()):
        raise UnsureError
    return "\n".join(each[pad:] for each in taken) + ("" if found[2] else "\n")


def _flow(line: str, start: int, plain: Callable[[str, int], tuple[Any, int]]) -> tuple[Any, int]:
    """A value in one line, and where it ends."""
    if line.startswith("{", start):
        return _braces(line, start + 1)
    if line.startswith("[", start):
        return _brackets(line, start + 1)
    text, end = _quoted(line, start) or (None, start)
    return (text, end) if text is not None else plain(line, start)


def _braces(line: str, at: int) -> tuple[dict[str, Any], int]:
    made: dict[str, Any] = {}
    if line.startswith("}", at):
        return made, at + 1
    while True:
        key, end = _quoted(line, at) or _text(PLAIN.match(line, at))
        if key is None or key in made or not line.startswith(": ", end) or end - at > _LONGEST_KEY:
            raise UnsureError
        made[key], at = _flow(line, end + 2, _in_flow)
        mark, at = _after(line, at)
        if mark != ",":
            break
    if mark != "}":
        raise UnsureError
    return made, at


def _brackets(line: str, at: int) -> tuple[list[Any], int]:
    made: list[Any] = []
    if line.startswith("]", at):
        return made, at + 1
    while True:
        value, at = _flow(line, at, _in_flow)
        made.append(value)
        mark, at = _after(line, at)
        if mark != ",":
            break
    if mark != "]":
        raise UnsureError
    return made, at


def _after(line: str, at: int) -> tuple[str, int]:
    """The mark after a value between brackets, and where the next one begins, or what follows the closing bracket."""
    found = _SEPARATOR.match(line, at)
    if found is None:
        raise UnsureError
    return found[1], found.end() if found[1] == "," else found.end(1)


def _in_block(line: str, start: int) -> tuple[Any, int]:
    return _plain(line, start, PLAIN_IN_BLOCK)


def _in_flow(line: str, start: int) -> tuple[Any, int]:
    return _plain(line, start, PLAIN)


def _plain(line: str, start: int, texts: re.Pattern[str]) -> tuple[Any, int]:
    """A scalar without quotes."""
    found = texts.match(line, start)
    if found is not None:
        if found[0] in _CONSTANTS:
            return _CONSTANTS[found[0]], found.end()
        text, end = _text(found)
        if text is None:
            raise UnsureError
        return text, end
    for pattern, made in ((_INTEGER, int), (_FRACTION, Written)):
        found = pattern.match(line, start)
        if found is not None:
            return made(found[0]), found.end()
    raise UnsureError


def _text(found: re.Match[str] | None) -> tuple[str | None, int]:
    """A plain scalar that is a text to every version of YAML."""
    return (None, 0) if found is None or found[0].lower() in NO_TEXT else (found[0], found.end())


def _quoted(line: str, start: int) -> tuple[str, int] | None:
    """A text between quotes, and where it ends; None where there is no quote."""
    if line.startswith("'", start):
        found = _SINGLE.match(line, start)
        if found is not None:
            return found[1].replace("''", "'"), found.end()
    elif line.startswith('"', start):
        found = _DOUBLE.match(line, start)
        if found is not None:
            return json.loads(found[0]), found.end()
    else:
        return None
    raise UnsureError
