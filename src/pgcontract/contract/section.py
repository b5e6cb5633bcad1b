"""A section: a key of a contract file whose short form expands into expectations."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import RootModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.contract.expectation import Expectation


class Section(RootModel[Any]):
    """A key of a contract file beside `expectations`: `tables`, `extensions`, ….

    Derive with the type of its content: `class Extensions(Section): key = "extensions"; root: list[str]`.
    """

    key: ClassVar[str] = ""

    @abstractmethod
    def expand(self) -> Iterable[Expectation]:
        """The expectations that it stands for."""
