"""Which key of an entry of a contract file comes nearest to what an expectation states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pgcontract.contract.expectation import COMMON
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.contract.document import Path
    from pgcontract.contract.expectation import Expectation

# A key of the entry's own that says the kind, such as `primary_key` of PrimaryKey, says most; then a key that is a
# name, one further in that says the kind, a value that is one of the fields', and a key about such things.
_TOP, _NAME, _KIND, _VALUE, _FIELD = 64, 16, 8, 4, 3
_PLURALS = (("^$", ""), ("ies$", "y"), ("es$", ""), ("s$", ""))


def nearest(content: Any, expectation: Expectation) -> Path:
    """The path, from the entry, of what speaks most like the expectation; empty for the entry itself.

    Its names and values are looked for among keys and values, and the words of its kind and its fields in keys. This
    only shows people a line: where it is wrong, it is a line of the right entry all the same.
    """
    said = expectation.model_dump(mode="json", exclude_defaults=True, exclude=set(COMMON))
    return _Wanted(
        texts=frozenset(text for each in said.values() for text in _texts(each)),
        kind=frozenset(word.lower() for word in re.findall("[A-Z][a-z]+", expectation.kind)),
        fields=frozenset(part for field in said for part in field.split("_")),
    ).best(content, _TOP)[1]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: names and values, the words of the kind, and those of the fields."""

    texts: frozenset[str]
    kind: frozenset[str]
    fields: frozenset[str]

    def best(self, content: Any, kind: int = _KIND) -> tuple[int, Path]:
        """How much of it there is, and where most of it is; a key that says the kind counts so much."""
        found: list[tuple[int, Path]] = [(0, ())]
        if isinstance(content, Mapping):
            for key, value in content.items():
                below, path = self.best(value)
                found.append((self._key(str(key), _NAME, kind) + below, (key, *path)))
        elif isinstance(content, list):
            found += [(self._item(item), (place,)) for place, item in enumerate(content)]
        elif str(content) in self.texts:
            found.append((_VALUE, ()))
        return max(found, key=lambda each: each[0])

    def _item(self, item: Any) -> int:
        """Of a thing with its properties they count together, and their keys are no names."""
        if not isinstance(item, Mapping):
            return self.best(item)[0]
        return sum(self._key(str(key), 0, _KIND) + self.best(value)[0] for key, value in item.items())

    def _key(self, key: str, name: int, kind: int) -> int:
        words = _singular(key)
        if kind > name and any(each <= self.kind for each in words):
            return kind
        if name and key in self.texts:
            return name
        if any(each <= self.kind for each in words):
            return kind
        return _FIELD if any(each & self.fields for each in words) else 0


@lru_cache(maxsize=4096)  # contracts have the same keys again and again
def _singular(key: str) -> tuple[frozenset[str], ...]:
    """The words of a key as they are, and as the singulars that they may be the plurals of."""
    words = key.lower().split("_")
    return tuple(frozenset(re.sub(ending, one, word) for word in words) for ending, one in _PLURALS)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
