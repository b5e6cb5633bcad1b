"""Looking things up by name, where what is missing says so in a way that a run understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pgcontract.errors import DatabaseError
from pgcontract.names import perhaps, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")


class MissingObjectError(LookupError):
    """A check looked up an object that is not in the catalog.

    A runner turns it into *one* failure for the object and a skip for whatever needed it, so a check may look up
    what it needs without asking first.

    Attributes:
        noun: What kind of object is missing, in Postgres's words: `table`, `column`, `role`, ….
        path: The key that was looked up, after the canonical name of the relation that it was looked up in, if any.
        name: The canonical name of the whole: `public.users.id`.
    """

    def __init__(self, noun: str, *path: str, hint: str | None = None, known: Iterable[str] = ()) -> None:
        self.noun = noun
        self.path = path
        self.name = path[0] if len(path) == 1 else f"{path[0]}.{quote(path[1])}"
        self._hint = hint
        self._known = known
        super().__init__(f"{noun} {self.name} does not exist")

    @property
    def hint(self) -> str | None:
        """`Perhaps you meant …`, or None; found out when somebody asks, for that takes long where there are many."""
        return self._hint or perhaps(self.path[-1], self._known)


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
        if isinstance(items, _Unmade):
            self._make = items._made  # noqa: SLF001 - of this module
        elif callable(items):
            self._make = items
        else:
            super().__init__(items)
        if self._make is not None:
            self.__class__ = _Unmade  # pyright: ignore[reportAttributeAccessIssue] - a subclass of the same shape

    @property
    def noun(self) -> str:
        """What each of the records is, in Postgres's words."""
        return self._noun

    def __missing__(self, name: str) -> T:
        path = (name,) if self._owner is None else (self._owner, name)
        raise MissingObjectError(self._noun, *path, known=self)

    def __repr__(self) -> str:
        return f"Objects({self._noun!r}, {dict.__repr__(self)})"

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((self._noun, frozenset(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Objects, (self._noun, dict(self), self._owner)

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a catalog is never changed; make another with dataclasses.replace")

    __setitem__ = __delitem__ = __ior__ = _refuse  # pyright: ignore[reportAssignmentType]  # whatever it is given
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]


class _Unmade(Objects[T]):
    """Objects that are still to be made. Whatever is asked of them makes them first, and then they are plain ones.

    So what is made costs no more to look into than a dictionary.
    """

    __slots__ = ()

    def _made(self) -> Objects[T]:
        make = self._make
        if make is not None:
            dict.update(self, make())
            # Not before: what could not be made must not be empty the second time.
            object.__setattr__(self, "__class__", Objects)
            self._make = None
        return self

    def __missing__(self, name: str) -> T:
        return self._made()[name]


def later(noun: str, make: Callable[[], Mapping[str, T]], owner: str | None = None) -> Objects[T]:
    """The same as `Objects(noun, make, owner)`, for where thousands are made."""
    objects: _Unmade[T] = _Unmade.__new__(_Unmade)
    objects._make, objects._noun, objects._owner = make, noun, owner  # noqa: SLF001 - of this module
    return objects


def _first_made(name: str) -> Callable[..., Any]:
    """The method of that name, on what is made first."""

    def method(self: _Unmade[Any], *given: Any) -> Any:
        if given:
            given = tuple(one._made() if isinstance(one, _Unmade) else one for one in given)  # noqa: SLF001
        return getattr(self._made(), name)(*given)

    return method


for _name in (
    *("__contains__", "__iter__", "__reversed__", "__len__", "__eq__", "__ne__", "__or__", "__ror__"),
    *("get", "keys", "values", "items", "copy", "__repr__", "__hash__", "__reduce__"),
):
    setattr(_Unmade, _name, _first_made(_name))
