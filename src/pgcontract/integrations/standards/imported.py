"""What comes of a file of another standard: a suite, and what of the file is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgcontract.contract.suite import Suite


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the file says, and the suite does not.

    Attributes:
        place: Where: `orders.odcs.yaml:12:5`.
        text: What, in words.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Imported:
    """A suite made from files of another standard.

    Attributes:
        suite: What pgcontract can verify of them.
        unchecked: What they promise and nothing verifies, each with its place.
        besides: What they say that is no promise on a database, such as owners and prices, a line each.
        counted: How often each key is among what is said besides.
    """

    suite: Suite
    unchecked: Sequence[Remark]
    besides: Sequence[str]
    counted: Sequence[tuple[str, int]]

    def comments(self, sources: Iterable[str]) -> list[str]:
        """Lines for the head of a contract file, in which nothing of the sources is lost."""
        lines = [f"Imported from {', '.join(sources)} by `pgcontract import`."]
        if self.unchecked:
            lines += ["", "Nothing here verifies:", *(f"  {remark}" for remark in self.unchecked)]
        if self.besides:
            lines += ["", "It also said:", *(f"  {line}" for line in self.besides)]
        return list(map(_printable, lines))


def _printable(line: str) -> str:
    """The line, in which nothing acts or breaks it."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


def together(parts: Sequence[Imported]) -> Imported:
    """What comes of several files: the sum of their suites, whose name is the first one's."""
    suite, *others = (part.suite for part in parts)
    for other in others:
        suite = suite + other
    counts: dict[str, int] = {}
    for part in parts:
        for key, many in part.counted:
            counts[key] = counts.get(key, 0) + many
    unchecked = [remark for part in parts for remark in part.unchecked]
    besides = [line for part in parts for line in part.besides]
    return Imported(suite, unchecked, besides, list(counts.items()))
