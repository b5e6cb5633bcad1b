"""What a suite says of one object: its expectations by kind, and by the fields that name the object."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.expectation import Expectation

E = TypeVar("E", bound="Expectation")


class Said:
    """The expectations of a suite, to be asked what they say of an object.

    Attributes:
        every: All of them.
    """

    def __init__(self, expectations: Iterable[Expectation]) -> None:
        self.every = tuple(expectations)
        self._by_kind: dict[type[Expectation], list[Any]] = defaultdict(list)
        self._by_name: dict[tuple[type[Expectation], str, object], list[Any]] = {}
        self._indexed: set[tuple[type[Expectation], str]] = set()
        for expectation in self.every:
            self._by_kind[type(expectation)].append(expectation)

    def all(self, kind: type[E]) -> list[E]:
        """The expectations of the kind, in the suite's order."""
        return self._by_kind.get(kind, [])

    def of(self, kind: type[E], field: str, value: object, **others: object) -> Iterator[E]:
        """Those of the kind in whose fields these values stand."""
        if (kind, field) not in self._indexed:
            self._indexed.add((kind, field))
            for expectation in self._by_kind.get(kind, ()):
                self._by_name.setdefault((kind, field, getattr(expectation, field)), []).append(expectation)
        for expectation in self._by_name.get((kind, field, value), ()):
            if all(getattr(expectation, name) == wanted for name, wanted in others.items()):
                yield expectation

    def value(self, kind: type[E], attribute: str, field: str, value: object, **others: object) -> Any:
        """The first value that any of those says for the attribute; None where none says one."""
        said = (getattr(expectation, attribute) for expectation in self.of(kind, field, value, **others))
        return next((each for each in said if each is not None), None)

    def has(self, kind: type[E], field: str, value: object, **others: object) -> bool:
        """Whether any expectation of the kind has these values."""
        return next(self.of(kind, field, value, **others), None) is not None
