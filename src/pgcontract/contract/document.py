"""A contract file's content as plain values, with the place of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self, TypeAlias

from pgcontract.records import dataclass

Path: TypeAlias = tuple[Any, ...]
"""The keys and positions that lead to a value in a contract file."""

Place: TypeAlias = tuple[int, int]
"""A line and a column, both from 1."""

Spots: TypeAlias = Mapping[Path, tuple[Place, Place]]
"""Where the key and where the value stand, by path; an item of a list is its own key."""


@dataclass(frozen=True, slots=True)
class Document:
    """A contract file that could be parsed.

    Attributes:
        name: What messages call the file.
        content: Mappings, lists and scalars.
        spots: Where everything stands; asked when something is wrong.
    """

    name: str
    content: Any
    spots: Callable[[], Spots]


def place_of(spots: Spots, path: Path, *, at_key: bool) -> Place:
    """The place of the value at a path, or of its key; of the nearest thing around it if it has none."""
    for end in range(len(path), 0, -1):
        if path[:end] in spots:
            key, value = spots[path[:end]]
            return key if at_key and end == len(path) else value
    return (1, 1)


class Written(float):
    """A number with a fraction, whose text is as the author wrote it: to SQL, `1.10` and `1.1` are not the same."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number in a text."""
        number = super().__new__(cls, text.replace("_", ""))
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text
