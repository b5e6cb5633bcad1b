"""The text of a JSON contract file as a document."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NoReturn

from pgcontract.contract.document import Document, Path, Place, Spots, Written
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Enough to find one's way in a text that is known to be JSON.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class _TwiceError(Exception):
    """An object has a key twice."""


def read(text: str, name: str) -> Document:
    """The document in a JSON text.

    Raises:
        ContractError: It is not JSON, or has a key twice.
    """
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_float=Written, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ContractError(f"{name}:{error.lineno}:{error.colno}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except _TwiceError:
        raise ContractError(_twice(text, name)) from None
    except RecursionError:
        raise ContractError(f"{name}: it is nested too deeply") from None
    except ValueError as error:
        raise ContractError(f"{name}: {error}") from None
    return Document(name, content, lambda: _spots(text))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _twice(text: str, name: str) -> str:
    lines: dict[Path, int] = {}
    for path, (line, column), _ in _walk(text):
        if path in lines:
            return f"{name}:{line}:{column}: the key {path[-1]!r} stands twice; first in line {lines[path]}"
        lines[path] = line
    return f"{name}: a key stands twice in one object"


def _spots(text: str) -> Spots:
    return {path: (key, value) for path, key, value in _walk(text)}


def _walk(text: str) -> Iterator[tuple[Path, Place, Place]]:
    """Each path, with the places of key and value, in the file's order."""
    starts = [0, *(newline.end() for newline in re.finditer("\n", text))]

    def place(offset: int) -> Place:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    path: list[Any] = []  # None stands where a key is to come
    key = 0
    for token in _TOKEN.finditer(text):
        word, at = token.group(), token.start()
        if word in "}]":
            path.pop()
        elif word == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            path[-1], key = json.loads(word), at
        elif word != ":":
            if path:
                yield tuple(path), place(key if isinstance(path[-1], str) else at), place(at)
            if word in "{[":
                path.append(None if word == "{" else 0)
