"""Looking things up by name, where what is missing says so in a way that a run understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from pgcontract.errors import DatabaseError
from pgcontract.names import perhaps, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")


class MissingObjectError(LookupError):
    """A check looked up an object that is not in the catalog.

    A runner turns it into *one* failure for the object and a skip for whatever needed it, so a check may look up
    what it needs without asking first.

    Attributes:
        noun: What kind of object is missing, in Postgres's words: `table`, `column`, `role`, ….
        path: The key that was looked up, after the canonical name of the relation that it was looked up in, if any.
        name: The canonical name of the whole: `public.users.id`.
        hint: "Perhaps you meant …", or None.
    """

    def __init__(self, noun: str, *path: str, hint: str | None = None) -> None:
        self.noun = noun
        self.path = path
        self.name = path[0] if len(path) == 1 else f"{path[0]}.{quote(path[1])}"
        self.hint = hint
        super().__init__(f"{noun} {self.name} does not exist")


class UnreadableError(DatabaseError):
    """A check looked at something that the connection's role may not read; the message names what is missing."""


class Objects(dict[str, T]):
    """An immutable mapping from canonical names to records; a missing name raises `MissingObjectError`.

    It may be given a function instead of the records: then they are made when one is first looked for. A dictionary
    underneath, because a look-up is what a check does most.
    """

    __slots__ = ("_make", "_noun", "_owner")

    def __init__(
        self, noun: str, items: Mapping[str, T] | Callable[[], Mapping[str, T]], owner: str | None = None
    ) -> None:
        self._noun = noun
        self._owner = owner
        self._make: Callable[[], Mapping[str, T]] | None = None
        if isinstance(items, Objects) and items._make is not None:
            self._make = items._made  # noqa: SLF001 - of its own class
        elif callable(items):
            self._make = items
        else:
            super().__init__(items)

    def _made(self) -> Self:
        if self._make is not None:
            super().update(self._make())
            self._make = None  # not before: what could not be made must not be empty the second time
        return self

    def __missing__(self, name: str) -> T:
        if self._make is not None:
            return self._made()[name]
        path = (name,) if self._owner is None else (self._owner, name)
        raise MissingObjectError(self._noun, *path, hint=perhaps(name, self))

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self._made(), name)

    def __iter__(self) -> Iterator[str]:
        return dict.__iter__(self._made())

    def __reversed__(self) -> Iterator[str]:
        return dict.__reversed__(self._made())

    def __len__(self) -> int:
        return dict.__len__(self._made())

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self._made(), other._made() if isinstance(other, Objects) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def get(self, name: str, default: Any = None) -> Any:
        """The record, or the default where there is none."""
        return dict.get(self._made(), name, default)

    def keys(self) -> Any:
        """The names."""
        return dict.keys(self._made())

    def values(self) -> Any:
        """The records."""
        return dict.values(self._made())

    def items(self) -> Any:
        """The names and the records."""
        return dict.items(self._made())

    def __repr__(self) -> str:
        return f"Objects({self._noun!r}, {dict.__repr__(self._made())})"

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((self._noun, frozenset(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Objects, (self._noun, dict(self._made().items()), self._owner)

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a catalog is never changed; make another with dataclasses.replace")

    __setitem__ = __delitem__ = __ior__ = _refuse  # pyright: ignore[reportAssignmentType]  # whatever it is given
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]
