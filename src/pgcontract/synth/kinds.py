"""Types as `format_type` prints them, taken apart: base, modifiers, dimensions; domains resolved to what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pgcontract.names import split

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.types import Type

_MODIFIERS = re.compile(r"\(([^()\"]*)\)")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type.

    Attributes:
        name: `integer`, `timestamp with time zone`, `public.status`; without modifiers.
        base: The last part of a qualified name, unquoted (`vector` for `extensions.vector`); else the name.
        modifiers: What stands in brackets: `("12", "2")` for `numeric(12,2)`.
        array: Whether it is an array of that.
    """

    name: str
    base: str
    modifiers: tuple[str, ...] = ()
    array: bool = False

    @property
    def element(self) -> Kind:
        """What an array holds."""
        return Kind(self.name, self.base, self.modifiers)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The modifiers that are whole numbers."""
        return tuple(int(part) for part in self.modifiers if part.strip().lstrip("-").isdigit())


@lru_cache(maxsize=4096)
def kind_of(text: str) -> Kind:
    """The type that `format_type` has printed.

    >>> kind_of("timestamp(3) with time zone")
    Kind(name='timestamp with time zone', base='timestamp with time zone', modifiers=('3',), array=False)
    """
    name, array = text, False
    while name.endswith("[]"):
        name, array = name[:-2], True
    found = _MODIFIERS.search(name)
    modifiers: tuple[str, ...] = ()
    if found:
        modifiers = tuple(part.strip() for part in found.group(1).split(","))
        name = name[: found.start()] + name[found.end() :]
    return Kind(name, _base(name), modifiers, array)


def _base(name: str) -> str:
    if "." not in name:
        return "interval" if name.startswith("interval") else name
    try:
        return split(name)[-1]
    except ValueError:
        return name


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a type holds once its domains are looked through.

    Attributes:
        kind: The base type.
        checks: The CHECK expressions of the domains, outermost first; they speak of `VALUE`.
        not_null: Whether one of the domains refuses NULL.
        made: The enum, composite or range that somebody made, or None.
        constraints: The names of those checks.
    """

    kind: Kind
    checks: tuple[str, ...] = ()
    not_null: bool = False
    made: Type | None = None
    constraints: tuple[str, ...] = ()


def resolve(catalog: Catalog, text: str) -> Resolved:
    """The type behind all domains; an array of a domain stays an array of that domain."""
    kind = kind_of(text)
    checks: list[str] = []
    names: list[str] = []
    not_null = False
    while not kind.array and (made := catalog.types.get(kind.name)) is not None and made.kind == "domain":
        checks += [check.expression for check in made.checks]
        names += [check.name for check in made.checks]
        not_null = not_null or made.not_null
        kind = kind_of(made.base or "text")
    made = None if kind.array else catalog.types.get(kind.name)
    return Resolved(kind, tuple(checks), not_null, made, tuple(names))
