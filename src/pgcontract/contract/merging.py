"""Keys and items put into the text of a YAML contract file, each where it belongs; not a character is changed else.

What is to be put in is content as a file has it: of a mapping the keys that it lacks, of a list the items that come
behind its own; what is there already is gone into where both are mappings or lists, and never replaced.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pgcontract.contract import block
from pgcontract.contract.flow import flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Insertion = tuple[int, str]
"""Before which character of the text, and what."""


def together(one: Any, more: Any) -> Any:
    """The content that there is once more is put into it."""
    if isinstance(one, dict) and isinstance(more, dict):
        return {**one, **{key: together(one[key], value) if key in one else value for key, value in more.items()}}
    if isinstance(one, list) and isinstance(more, list):
        return [*one, *more]
    return more


class NoPlaceError(Exception):
    """The text is written in a way that nothing can be put there: by an alias, say."""


def placeable(text: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Of the content, by section those entries that have a place in the text."""
    root = _root(text)
    there = {str(key.value): value for key, value in root.value}
    found: dict[str, Any] = {}
    for section, entries in more.items():
        kept = entries
        if section in there:
            kept = {
                name: entry for name, entry in entries.items() if _has_place(text, root, there[section], name, entry)
            }
        found |= {section: kept} if kept else {}
    return found


def _has_place(text: str, root: Node, section: Node, name: str, entry: Any) -> bool:
    try:
        list(_beside(text, root, section, {name: entry}))
    except NoPlaceError:
        return False
    return True


def _root(text: str) -> MappingNode:
    root = YAML(typ="safe", pure=True).compose(StringIO(text))
    if not isinstance(root, MappingNode):
        raise NoPlaceError
    return root


def merged(text: str, more: Mapping[str, Any]) -> str:
    """The text with more content in it.

    Raises:
        NoPlaceError: Something has no place.
    """
    root = _root(text)
    pieces, done = [], 0
    for position, piece in sorted(_into(text, root, more, top=True), key=lambda one: one[0]):  # the innermost first
        pieces += [text[done:position], piece]
        done = position
    return "".join([*pieces, text[done:]])


def _into(text: str, node: MappingNode, more: Mapping[str, Any], *, top: bool = False) -> Iterator[_Insertion]:
    """Where and what to put into a mapping."""
    there = {str(key.value): value for key, value in node.value}
    for key, value in more.items():
        if key in there:
            yield from _beside(text, node, there[key], value)
    new = {key: value for key, value in more.items() if key not in there}
    if new and node.flow_style:
        yield _before_bracket(text, node, ", ".join(f"{flow({key: value})[1:-1]}" for key, value in new.items()))
    elif new and top:
        yield len(text), ("" if text.endswith("\n") else "\n") + "\n" + block.document(new)
    elif new:
        indent = " " * node.value[0][0].start_mark.column
        yield _behind(
            text, last_line(node), [line for key, value in new.items() for line in _lines(key, value, indent)]
        )


def _beside(text: str, around: Node, node: Node, value: Any) -> Iterator[_Insertion]:
    """Where and what to put into what a key has."""
    if node.start_mark.index < around.start_mark.index or node.anchor is not None:
        raise NoPlaceError  # it stands elsewhere, too
    if isinstance(node, MappingNode) and isinstance(value, dict):
        if not node.value and node.flow_style:
            yield _before_bracket(text, node, flow(value)[1:-1])
        else:
            yield from _into(text, node, value)
    elif isinstance(node, SequenceNode) and isinstance(value, list):
        if node.flow_style:
            yield _before_bracket(text, node, flow(value)[1:-1])
        else:
            indent = " " * node.start_mark.column
            yield _behind(text, last_line(node), [f"{indent}- {flow(each)}" for each in value])
    else:
        raise NoPlaceError


def _lines(key: str, value: Any, indent: str) -> Iterator[str]:
    """A key and its value as lines of a block."""
    for line in block.pair(key, value):
        yield f"{indent}{line}" if line else ""


def _before_bracket(text: str, node: Node, piece: str) -> _Insertion:
    """Into a mapping or list in brackets, behind what is there."""
    end = node.end_mark.index - 1
    kept = text[:end].rstrip()
    comma = "" if not node.value or kept.endswith(",") else ", "
    return len(kept), f"{comma or (' ' if kept.endswith(',') else '')}{piece}"


def _behind(text: str, number: int, lines: list[str]) -> _Insertion:
    """Lines behind the line of that number."""
    kept = text.splitlines(keepends=True)
    position = sum(map(len, kept[: number + 1]))
    first = "" if position and text[position - 1] == "\n" else "\n"
    return position, first + "".join(f"{line}\n" for line in lines)


def last_line(node: Node) -> int:
    """The number of the last line on which something of a list or mapping stands."""
    return max(_ends(node), default=node.start_mark.line)


def _ends(node: Node) -> Iterator[int]:
    if isinstance(node, ScalarNode):
        blocked = node.style in {"|", ">"}
        yield max(node.end_mark.line - 1, node.start_mark.line) if blocked else node.end_mark.line
    elif getattr(node, "flow_style", False):
        yield node.end_mark.line
    else:
        for child in node.value:
            for one in child if isinstance(child, tuple) else (child,):
                if one.start_mark.index >= node.start_mark.index:  # an alias ends where it was first written
                    yield from _ends(one)
