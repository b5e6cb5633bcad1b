"""Any YAML text as a document, read by a whole parser: whatever the plain reader is not sure of, right or wrong."""

from __future__ import annotations

import math
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pgcontract.contract.document import Document, Path, Place, Written
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + kind for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")}
_MOST = 100_000
"""Values that aliases may make of a text beyond its own; nine lines of them can stand for a thousand million."""
_SHOWN = 80
_TAB = r"found character '\t' that cannot start any token"


def read(text: str, name: str) -> Document:
    """The document in a YAML text.

    Raises:
        ContractError: It is not YAML, or has a key twice, a tag, or an alias of what it stands in.
    """
    reader = YAML(typ="safe", pure=True)
    reader.composer.warn_double_anchors = False  # YAML 1.2 lets a name be given anew, and a warning names our own files
    try:
        root = reader.compose(StringIO(text))
        if root is not None and _size(root, {}) > _MOST + len(text):
            raise ContractError(f"{name}: its aliases stand for more than {_MOST:,} values")
        values = _Values(reader.constructor)
        content = None if root is None else values.value(root)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise ContractError(f"{place}: {_worded(error)}") from None
    except _WrongError as wrong:
        line, column = wrong.place
        raise ContractError(f"{name}:{line}:{column}: {wrong}") from None
    except RecursionError:
        raise ContractError(f"{name}: it is nested too deeply") from None
    except YAMLError as error:
        raise ContractError(f"{name}{_at(error, text)}: {str(error).splitlines()[0]}") from None
    return Document(name, content, lambda: {} if root is None else dict(values.spots(root)))


def _worded(error: MarkedYAMLError) -> str:
    problem = (error.problem or str(error)).split("\n", 1)[0]
    if problem == _TAB:
        return "a tab stands where YAML has blanks"
    if problem == "but found another document":
        return "a second document begins, but a contract is one"
    return str(problem)


def _at(error: YAMLError, text: str) -> str:
    """Where a character stands that YAML does not allow."""
    offset = getattr(error, "position", None)
    if not isinstance(offset, int):
        return ""
    return f":{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


class _WrongError(Exception):
    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.place = _place(node)


class _Values:
    """Plain values from nodes; what stands at several places (an anchor and its aliases) is made once."""

    def __init__(self, scalars: Any) -> None:
        self._scalars = scalars
        self._made: dict[int, Any] = {}
        self._open: set[int] = set()

    def value(self, node: Node) -> Any:
        if id(node) in self._made:
            return self._made[id(node)]
        if id(node) in self._open:
            raise _WrongError("an alias stands inside of what it names", node)
        if str(node.tag) not in _PLAIN_TAGS:
            raise _WrongError(f"a contract has no tags, such as {node.tag}", node)
        self._open.add(id(node))
        self._made[id(node)] = made = self._new(node)
        self._open.discard(id(node))
        return made

    def _new(self, node: Node) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return [self.value(item) for item in node.value]
        try:
            value = self._scalars.construct_object(node)
        except ValueError:
            raise _WrongError(f"{node.value[:_SHOWN]} is not what it looks like: put it in quotes", node) from None
        return Written(node.value) if isinstance(value, float) and math.isfinite(value) else value

    def _mapping(self, node: MappingNode) -> dict[Any, Any]:
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            if not isinstance(key_node, ScalarNode):
                raise _WrongError("a key is a text, not a list or a mapping", key_node)
            key = self._key(key_node)
            if key in lines:
                raise _WrongError(f"the key {key!r} stands twice; first in line {lines[key]}", key_node)
            lines[key] = _place(key_node)[0]
        return {self._key(key): self.value(value) for key, value in _pairs(node)}

    def _key(self, node: Node) -> Any:
        return "<<" if _merges(node) else self.value(node)

    def spots(self, node: Node, path: Path = ()) -> Iterator[tuple[Path, tuple[Place, Place]]]:
        """The places of what is in a node, by path; of a key that stands in several mappings, where it counts."""
        if isinstance(node, MappingNode):
            for key, value in _pairs(node):
                inner = (*path, self._key(key))
                yield inner, (_place(key), _place(key if _nothing(value) else value))
                yield from self.spots(value, inner)
        elif isinstance(node, SequenceNode):
            for position, item in enumerate(node.value):
                yield (*path, position), (_place(item), _place(item))
                yield from self.spots(item, (*path, position))


def _size(node: Node, known: dict[int, int]) -> int:
    """How many nodes it is with each alias written out; what stands in itself, which is refused later, counts once."""
    if id(node) not in known:
        known[id(node)] = 1
        inner = [each for pair in node.value for each in pair] if isinstance(node, MappingNode) else node.value
        if not isinstance(node, ScalarNode):
            known[id(node)] += sum(_size(each, known) for each in inner)
    return known[id(node)]


def _nothing(node: Node) -> bool:
    """Whether no character stands for it; YAML then has it where the next thing begins."""
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _pairs(node: MappingNode) -> list[tuple[Node, Node]]:
    """The mapping's keys and values; its own after those that `<<` brings in, so that they count."""
    own = [(key, value) for key, value in node.value if not _merges(key)]
    return [*(pair for key, value in node.value if _merges(key) for pair in _merged(value)), *own]


def _merges(key: Node) -> bool:
    return str(key.tag) == _TAG + "merge"


def _merged(value: Node) -> Iterator[tuple[Node, Node]]:
    if isinstance(value, MappingNode):
        yield from _pairs(value)
    elif isinstance(value, SequenceNode):
        for item in reversed(value.value):  # the first of several counts
            yield from _merged(item)
    else:
        raise _WrongError("`<<` takes a mapping, or a list of them", value)


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
