"""Where expectations are found by name: packages offer theirs by an entry point, a program's own are there by being.

The builtins enter by the same door, so a stranger's expectation is the equal of ours.
"""

from __future__ import annotations

import inspect
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, TypeVar

from pgcontract.contract.expectation import CatalogExpectation, DataExpectation, Expectation, ProbeExpectation
from pgcontract.contract.section import Section
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

GROUP = "pgcontract.expectations"
"""The entry point group; an entry names a module (or package) whose public expectations and sections are offered."""

_LANES = (Expectation, CatalogExpectation, ProbeExpectation, DataExpectation)


@cache
def offered() -> Mapping[str, type[Expectation]]:
    """The expectations that installed packages offer, by class name.

    Raises:
        ContractError: Two packages offer different ones under one name, or an entry point cannot be loaded.
    """
    found: dict[str, type[Expectation]] = {}
    for point, module in _modules():
        for name, cls in _public(module, Expectation):
            if cls in _LANES:
                continue
            if found.setdefault(name, cls) is not cls:
                raise ContractError(
                    f"{point.value} offers an expectation {name}, which {found[name].__module__} has already"
                )
    return MappingProxyType(found)


@cache
def sections() -> Mapping[str, type[Section]]:
    """The short forms that contract files may hold besides `expectations`, by their key.

    Raises:
        ContractError: Two packages offer the same key.
    """
    found: dict[str, type[Section]] = {}
    for point, module in _modules():
        for _, cls in _public(module, Section):  # type: ignore[type-abstract]
            if cls is not Section and found.setdefault(cls.key, cls) is not cls:
                raise ContractError(
                    f"{point.value} offers a section {cls.key}, which {found[cls.key].__module__} has already"
                )
    return MappingProxyType(found)


def expectation(name: str) -> type[Expectation]:
    """The expectation of that name: an offered one, else one that this program has defined itself.

    Raises:
        ContractError: There is none, or the program has defined several.
    """
    known = offered()
    if name in known:
        return known[name]
    defined = _defined()
    # A module that was loaded twice defines its classes twice: the last ones count.
    own = list({(cls.__module__, cls.__qualname__): cls for cls in defined if cls.__name__ == name}.values())
    if len(own) > 1:
        places = ", ".join(cls.__module__ for cls in own)
        raise ContractError(f"several expectations are called {name} (in {places})", hint="Rename all but one.")
    if not own:
        candidates = [*known, *(cls.__name__ for cls in defined)]
        raise ContractError(f"no expectation is called {name}", hint=perhaps(name, candidates))
    return own[0]


@cache
def _modules() -> tuple[tuple[EntryPoint, ModuleType], ...]:
    loaded = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name != "builtin", point.name)):
        try:
            loaded.append((point, point.load()))
        except Exception as error:
            raise ContractError(
                f"the package that offers expectations in {point.value} cannot be loaded: {error}"
            ) from error
    return tuple(loaded)


def _public(module: ModuleType, base: type[T]) -> Iterator[tuple[str, type[T]]]:
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    for name in names:
        value = getattr(module, name)
        if inspect.isclass(value) and issubclass(value, base):
            yield value.__name__, value


def _defined() -> list[type[Expectation]]:
    """The expectations there are; not what they only share, which is private or abstract."""
    classes = (cls for cls in _descendants(Expectation) if cls not in _LANES)
    return [cls for cls in classes if not cls.__name__.startswith("_") and not inspect.isabstract(cls)]


def _descendants(cls: type[Expectation]) -> Iterator[type[Expectation]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)
