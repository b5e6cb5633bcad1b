"""The short form of a contract file as YAML for people: a table a block, a column a line, a body as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.flow import flow, in_block, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH = 120
_LISTS = ("ignore", "principals", "expectations")
"""Keys whose lists have an item a line, however short they are."""


def document(content: Mapping[str, Any], headings: Mapping[str, str] | None = None) -> str:
    """A contract file's content as text.

    Args:
        content: By key, in the order in which it is written.
        headings: By key, a comment that stands before it.
    """
    said = headings or {}
    plain = [f"{key}: {flow(value)}" for key, value in content.items() if not isinstance(value, dict | list)]
    parts = ["\n".join(plain)] if plain else []
    for key, value in content.items():
        if isinstance(value, dict | list):
            comment = [f"# {said[key]}"] if key in said else []
            parts.append("\n".join([*comment, *_section(key, value)]))
    return "\n\n".join(parts) + "\n"


def pair(key: str, value: Any) -> Iterator[str]:
    """A key of a block and its value, as lines; a relation with its columns a line each."""
    return _pair(key, value, 0, opened=isinstance(value, dict) and "columns" in value)


def _section(key: str, value: Any) -> Iterator[str]:
    """A key of the file; where an entry takes several lines, there is a blank line before each."""
    if not value or (isinstance(value, list) and key not in _LISTS):
        yield from _pair(key, value, 0)
        return
    yield f"{key}:"
    if isinstance(value, list):
        for each in value:
            yield from _item(each, 0)
        return
    entries = [list(_pair(name, each, 1, opened=key == "tables")) for name, each in value.items()]
    apart = any(len(lines) > 1 for lines in entries)
    for lines in entries:
        yield from [""] if apart else []
        yield from lines


def _pair(key: str, value: Any, depth: int, *, opened: bool = False) -> Iterator[str]:
    """A key and its value: in one line where it fits and nothing in it is of several lines, unless it is opened."""
    start = f"{'  ' * depth}{marked(in_block(key))}:"
    line = f"{start} {_scalar(value)}"
    opened = opened or ((depth > 1 or isinstance(value, list)) and _holds_others(value))
    if not value or not isinstance(value, dict | list | str) or not (opened or _tall(value) or len(line) > _WIDTH):
        yield line
    elif isinstance(value, str):
        yield from _literal(start, value, depth) if _is_literal(value) else [line]
    elif isinstance(value, dict):
        yield start
        for name, each in value.items():
            yield from _pair(name, each, depth + 1, opened=opened and name == "columns")
    else:
        yield start
        for each in value:
            yield from _item(each, depth + 1)


def _item(value: Any, depth: int) -> Iterator[str]:
    """An item of a list; of a mapping that is too long the first pair stands beside the dash."""
    start = f"{'  ' * depth}-"
    line = f"{start} {_scalar(value)}"
    if isinstance(value, str) and _is_literal(value):
        yield from _literal(start, value, depth)
    elif isinstance(value, dict) and value and (_tall(value) or len(line) > _WIDTH or len(value) == 1):
        lines = [line for name, each in value.items() for line in _pair(name, each, depth + 1)]
        yield f"{start} {lines[0].lstrip()}"
        yield from lines[1:]
    else:
        yield line


def _holds_others(value: Any) -> bool:
    """Whether it is a list or mapping of mappings or lists, each of which has a line of its own."""
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    mappings = [isinstance(each, dict) for each in inside]
    return bool(mappings) and all(mappings)


def _scalar(value: Any) -> str:
    return in_block(value) if isinstance(value, str) else flow(value)


def _tall(value: Any) -> bool:
    """Whether a text of several lines is in it."""
    if isinstance(value, dict):
        return any(map(_tall, value.values()))
    return any(map(_tall, value)) if isinstance(value, list) else isinstance(value, str) and _is_literal(value)


def _is_literal(text: str) -> bool:
    """Whether the text is best shown line by line: what is left of blanks at its end, YAML's versions read apart."""
    lines = text.removesuffix("\n").split("\n")
    return (
        len(lines) > 1 and all(line.isprintable() for line in lines) and bool(lines[-1].strip()) and bool(text.strip())
    )


def _literal(start: str, text: str, depth: int) -> Iterator[str]:
    """A text of several lines as it is; where it begins with blanks, it must be said how far it is indented."""
    indented = "2" if text[0] in " \n" else ""
    yield f"{start} |{indented}{'' if text.endswith(chr(10)) else '-'}"
    pad = "  " * (depth + 1)
    for line in text.removesuffix("\n").split("\n"):
        yield f"{pad}{line}" if line else ""
