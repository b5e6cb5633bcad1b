"""What a package offers to contracts, told without importing all of it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

ATTRIBUTE = "__offers__"
"""The name under which a module has its `Offers`; one that has none is looked through for what is public in it."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Where a package's expectations and sections live; only what a contract names is imported.

    Attributes:
        kinds: The module of each expectation, by the name of its class.
        sections: The module of each section and the name of its class, `module:Class`, by its key.
        nouns: The expectation that states the existence of an object and nothing else, by the object's noun.
    """

    kinds: Mapping[str, str]
    sections: Mapping[str, str]
    nouns: Mapping[str, str]

    def home(self, name: str) -> str | None:
        """The module that has the class of that name; None where none is offered."""
        if name in self.kinds:
            return self.kinds[name]
        places = (place.partition(":") for place in self.sections.values())
        return next((module for module, _, cls in places if cls == name), None)


class Catalogue(Mapping[str, T]):
    """A mapping whose keys are known, and whose values are fetched when they are first asked for.

    Args:
        sources: What fetches the value of each key.
    """

    def __init__(self, sources: Mapping[str, Callable[[], T]]) -> None:
        self._sources = sources
        self._fetched: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._fetched:
            self._fetched[key] = self._sources[key]()
        return self._fetched[key]

    def __contains__(self, key: object) -> bool:
        return key in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def attribute(module: str, name: str) -> Any:
    """What a module calls by a name.

    Raises:
        ImportError: The module cannot be imported.
        AttributeError: It has no such name.
    """
    return getattr(import_module(module), name)
