"""Where expectations are found by name: packages offer theirs by an entry point, a program's own are there by being.

The builtins enter by the same door, so a stranger's expectation is the equal of ours. A package of many modules says
what is where (`pgcontract.contract.offers`); of it, only what is asked for is imported.
"""

from __future__ import annotations

import inspect
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, TypeVar

from pgcontract.contract.expectation import CatalogExpectation, DataExpectation, Expectation, ProbeExpectation
from pgcontract.contract.offers import ATTRIBUTE, Catalogue, Offers, attribute
from pgcontract.contract.section import Section
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType
    from typing import TypeAlias

T = TypeVar("T")

if TYPE_CHECKING:
    _Sources: TypeAlias = Sequence[tuple[str, Callable[[], T]]]

GROUP = "pgcontract.expectations"
"""The entry point group; an entry names a module (or package) whose public expectations and sections are offered."""

_LANES = (Expectation, CatalogExpectation, ProbeExpectation, DataExpectation)


@cache
def offered() -> Mapping[str, type[Expectation]]:
    """The expectations that installed packages offer, by class name.

    Raises:
        ContractError: Two packages offer different ones under one name, or an entry point cannot be loaded; also when
            the class is asked for, and its module cannot be loaded.
    """
    return _together("an expectation", _kinds)


@cache
def sections() -> Mapping[str, type[Section]]:
    """The short forms that contract files may hold besides `expectations`, by their key.

    Raises:
        ContractError: Two packages offer the same key, or one cannot be loaded.
    """
    return _together("a section", _sections)


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


def stating(noun: str) -> Iterator[type[Expectation]]:
    """The offered expectations that state the existence of such an object and nothing else."""
    for point, module in packages():
        offers = _offers(module)
        if offers is None:
            yield from (cls for cls in _public_kinds(module) if cls.states == noun)
        elif noun in offers.nouns:
            yield _fetched(point, offers.kinds[offers.nouns[noun]], offers.nouns[noun])


def _together(what: str, of: Callable[[EntryPoint, ModuleType], _Sources[T]]) -> Mapping[str, T]:
    """What all packages offer; what two call the same must be the same."""
    found: dict[str, Callable[[], T]] = {}
    for point, module in packages():
        for name, source in of(point, module):
            if name in found and source() is not (other := found[name]()):
                place = getattr(other, "__module__", "another module")
                raise ContractError(f"{point.value} offers {what} {name}, which {place} has already")
            found.setdefault(name, source)
    return Catalogue(found)


def _kinds(point: EntryPoint, module: ModuleType) -> _Sources[type[Expectation]]:
    offers = _offers(module)
    if offers is None:
        return [(cls.__name__, partial(_itself, cls)) for cls in _public_kinds(module)]
    return [(name, partial(_fetched, point, home, name)) for name, home in offers.kinds.items()]


def _sections(point: EntryPoint, module: ModuleType) -> _Sources[type[Section]]:
    offers = _offers(module)
    if offers is None:
        public = _public(module, Section)  # type: ignore[type-abstract]
        return [(cls.key, partial(_itself, cls)) for cls in public if cls is not Section]
    places = {key: place.partition(":") for key, place in offers.sections.items()}
    return [(key, partial(_fetched, point, home, name)) for key, (home, _, name) in places.items()]


def _itself(value: T) -> T:
    return value


def _fetched(point: EntryPoint, home: str, name: str) -> Any:
    try:
        return attribute(home, name)
    except Exception as error:
        raise _broken(point, error) from error


def _offers(module: ModuleType) -> Offers | None:
    return getattr(module, ATTRIBUTE, None)


@cache
def packages() -> tuple[tuple[EntryPoint, ModuleType], ...]:
    """The modules that entry points name, the builtin one first.

    Raises:
        ContractError: One cannot be loaded.
    """
    loaded = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name != "builtin", point.name)):
        try:
            loaded.append((point, point.load()))
        except Exception as error:
            raise _broken(point, error) from error
    return tuple(loaded)


def _broken(point: EntryPoint, error: Exception) -> ContractError:
    return ContractError(f"the package that offers expectations in {point.value} cannot be loaded: {error}")


def _public_kinds(module: ModuleType) -> list[type[Expectation]]:
    return [cls for cls in _public(module, Expectation) if cls not in _LANES]


def _public(module: ModuleType, base: type[T]) -> Iterator[type[T]]:
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    for name in names:
        value = getattr(module, name)
        if inspect.isclass(value) and issubclass(value, base):
            yield value


def _defined() -> list[type[Expectation]]:
    """The expectations there are; not what they only share, which is private or abstract."""
    classes = (cls for cls in _descendants(Expectation) if cls not in _LANES)
    return [cls for cls in classes if not cls.__name__.startswith("_") and not inspect.isabstract(cls)]


def _descendants(cls: type[Expectation]) -> Iterator[type[Expectation]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)
