"""What is wrong with a contract file, each with its place and the nearest right word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.document import place_of
from pgcontract.errors import ContractError
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.contract.document import Document, Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: Where.
        message: What, in lower case without a period.
        hint: The nearest right word, as a sentence, or None.
        at_key: Whether the path's last key is wrong, rather than its value.
    """

    path: Path
    message: str
    hint: str | None = None
    at_key: bool = False

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


def refuse(problems: Sequence[Problem], document: Document) -> None:
    """Do nothing if there are no problems.

    Raises:
        ContractError: There are; the message has a line for each, in the file's order.
    """
    if not problems:
        return
    spots = document.spots()
    placed = [(place_of(spots, problem.path, at_key=problem.at_key), str(problem)) for problem in problems]
    lines = [f"{document.name}:{line}:{column}: {text}" for (line, column), text in dict.fromkeys(sorted(placed))]
    raise ContractError("\n".join(lines))
