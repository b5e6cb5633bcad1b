"""Values and calls as Python source, laid out as `ruff format` does: one line where it fits, else a line an element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from pgcontract.records import dataclass

WIDTH = 120
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function or class.

    Attributes:
        name: What is called.
        arguments: Each with its keyword; None for one by position.
    """

    name: str
    arguments: tuple[tuple[str | None, Any], ...]


def source(value: Any, depth: int = 0, before: int = 0, after: int = 1) -> str:
    """The source of a value that stands at a depth of indentation.

    Args:
        value: A `Call`, or mappings, sequences, sets and scalars.
        depth: How far its lines are indented, in steps.
        before: How many characters stand before it in its first line.
        after: How many must fit behind it in its last line.
    """
    line = _line(value)
    if line is not None and before + len(line) + after <= WIDTH:
        return line
    if isinstance(value, str):
        return _long(value, depth)
    opening, elements, closing = _pieces(value)
    if not elements:
        return f"{opening}{closing}"
    pad = _INDENT * (depth + 1)
    lines = [f"{pad}{prefix}{source(each, depth + 1, len(pad + prefix))}," for prefix, each in elements]
    return "\n".join([opening, *lines, f"{_INDENT * depth}{closing}"])


def _line(value: Any) -> str | None:
    """The source in one line; None where something in it takes several."""
    if isinstance(value, str):
        return None if _is_block(value) else text(value)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    opening, elements, closing = _pieces(value)
    inside = [(prefix, _line(each)) for prefix, each in elements]
    if any(each is None for _, each in inside):
        return None
    comma = "," if opening == "(" and len(inside) == 1 else ""
    return f"{opening}{', '.join(f'{prefix}{each}' for prefix, each in inside)}{comma}{closing}"


def _pieces(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    """The brackets, and what is between them: each element with what stands before it."""
    if isinstance(value, Call):
        return f"{value.name}(", [(f"{key}=" if key else "", each) for key, each in value.arguments], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{text(str(key))}: ", each) for key, each in value.items()], "}"
    if isinstance(value, tuple):
        return "(", [("", each) for each in value], ")"
    items: Iterable[Any] = sorted(value) if isinstance(value, AbstractSet) else value
    return "[", [("", each) for each in items], "]"


def text(value: str) -> str:
    """A text between double quotes, unless single ones spare backslashes."""
    single = repr(value)
    if value.count('"') > value.count("'") or single[0] == '"':
        return single
    inside = single[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{inside}"'


def _is_block(value: str) -> bool:
    """Whether a text is best shown line by line, just as it is."""
    lines = value.split("\n")
    return (
        len(lines) > 1
        and bool(value.strip())
        and all(len(line) <= WIDTH - len('"""",') and line == line.rstrip() and line.isprintable() for line in lines)
        and not any(mark in value for mark in ("\\", '"""'))
        and not value.endswith('"')
        and not value.startswith('"')
    )


def _long(value: str, depth: int) -> str:
    """A text of several lines as it is, or one that is too long in pieces, which Python puts together."""
    if _is_block(value):
        return f'"""{value}"""'
    width = WIDTH - len(_INDENT) * (depth + 1)
    pad = _INDENT * (depth + 1)
    return "\n".join(["(", *(f"{pad}{text(piece)}" for piece in _split(value, width)), f"{_INDENT * depth})"])


def _split(value: str, width: int) -> Iterator[str]:
    """The text in pieces whose source fits: by line, and a line that is too long where there is a blank."""
    piece = ""
    for char in value:
        full = len(text(piece + char)) > width
        if full or piece.endswith("\n"):
            cut = piece.rfind(" ") + 1 if full and not piece.endswith("\n") else 0
            cut = cut or len(piece)
            yield piece[:cut]
            piece = piece[cut:]
        piece += char
    if piece:
        yield piece
