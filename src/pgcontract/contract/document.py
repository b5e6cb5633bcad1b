"""The text of a contract file as plain values, with the place of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from pgcontract.contract.problems import Path


@dataclass(frozen=True, slots=True)
class Document:
    """A contract file's content.

    Attributes:
        name: What messages call the file.
        text: The text itself, from which places are found when they are needed.
        content: Mappings, lists and scalars.
    """

    name: str
    text: str
    content: Any

    def locate(self, path: Path, at_key: bool) -> str:  # noqa: FBT001 - a key, or else a value
        """`file:line:column` of the value at a path, or of its key; of the nearest thing around it if it has none."""
        try:
            line, column = _position(YAML(typ="rt").load(self.text), path, at_key=at_key)
        except YAMLError:  # a JSON text that YAML cannot read
            return self.name
        return f"{self.name}:{line + 1}:{column + 1}"


def read_yaml(text: str, name: str) -> Document:
    """The document in a YAML text.

    Raises:
        ContractError: It is not YAML, or has a key twice.
    """
    try:
        return Document(name, text, _plain(YAML(typ="safe", pure=True).load(StringIO(text))))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = (error.problem or str(error)).split("\n", 1)[0]
        raise ContractError(f"{place}: {problem}") from None
    except YAMLError as error:
        raise ContractError(f"{name}: {str(error).splitlines()[0]}") from None


def read_json(text: str, name: str) -> Document:
    """The document in a JSON text.

    Raises:
        ContractError: It is not JSON, or has a key twice.
    """
    try:
        return Document(name, text, json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, name)))
    except json.JSONDecodeError as error:
        raise ContractError(f"{name}:{error.lineno}:{error.colno}: {error.msg}") from None


def _once(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ContractError(f"{name}: the key {key!r} stands twice in one object")
        seen[key] = value
    return seen


def _plain(value: Any) -> Any:
    """Ordinary dicts and lists, whatever the YAML library made."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _position(node: Any, path: Path, *, at_key: bool) -> tuple[int, int]:
    position = (0, 0)
    for depth, key in enumerate(path):
        last = depth == len(path) - 1
        try:
            if isinstance(node, dict):
                position = node.lc.key(key) if at_key and last else node.lc.value(key)  # type: ignore[attr-defined]
            else:
                position = node.lc.item(key)
            node = node[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            return position
    return position
