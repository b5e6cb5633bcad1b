"""A section: a key of a contract file whose short form expands into expectations."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict, RootModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


class Section(RootModel[Any]):
    """A key of a contract file beside `expectations`: `tables`, `extensions`, ….

    Derive with the type of its content: `class Extensions(Section): key = "extensions"; root: list[str]`.

    Attributes:
        key: What the file calls it.
        place: Where it stands in a file that is written: after those whose place is less.
        python: The function that makes an entry in a Python contract, from the name and the form's keys as keywords.
            Where it is empty, the expectations themselves are written there.
    """

    model_config = ConfigDict(defer_build=True)

    key: ClassVar[str] = ""
    place: ClassVar[int] = 500
    python: ClassVar[str] = ""

    @abstractmethod
    def expand(self) -> Iterable[Expectation]:
        """The expectations that it stands for."""

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[Any, Any]]:  # noqa: ARG003 - those who fold look there
        """The entries that could stand for some of what a suite says, as `expand` would read them.

        Each is a name and its content; of a section that is a list, an item twice. Whoever asks expands each entry, and
        takes it only if the suite says all of what it expands into; so an entry may be a guess, and only costs time.
        """
        yield from ()

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        """The section's content of these entries: a mapping, unless it is a list."""
        return dict(entries)


class Closing(Section):
    """A section that says that there is nothing but what the rest of the file speaks of."""

    def expand(self) -> Iterable[Expectation]:
        """Nothing, without the rest of the file."""
        return ()

    @abstractmethod
    def close(self, others: Sequence[Expectation], schema: str) -> Iterable[Expectation]:
        """The expectations that it stands for.

        Args:
            others: What the rest of the file says, in its order.
            schema: The schema of bare names.
        """

    @classmethod
    @abstractmethod
    def closing(cls, others: Sequence[Expectation], said: Said) -> Any:
        """The content that stands for most of what a suite says, beside the others, with `close`; None for none."""
