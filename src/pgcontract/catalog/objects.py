"""Looking things up by name, where what is missing says so in a way that a run understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NoReturn, TypeVar

from pgcontract.names import perhaps, quote

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


class Objects(Mapping[str, T], Generic[T]):
    """An immutable mapping from canonical names to records; a missing name raises `MissingObjectError`."""

    __slots__ = ("_items", "_noun", "_owner")

    def __init__(self, noun: str, items: Mapping[str, T], owner: str | None = None) -> None:
        self._noun = noun
        self._items = dict(items)
        self._owner = owner

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            self._missing(name)

    def _missing(self, name: str) -> NoReturn:
        path = (name,) if self._owner is None else (self._owner, name)
        raise MissingObjectError(self._noun, *path, hint=perhaps(name, self._items)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def get(self, name: str, default: Any = None) -> Any:
        """The record, or the default where there is none."""
        return self._items.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __repr__(self) -> str:
        return f"Objects({self._noun!r}, {self._items!r})"

    def __hash__(self) -> int:
        return hash((self._noun, frozenset(self._items)))
