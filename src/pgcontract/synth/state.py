"""What is known of a row before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.synth.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.synth.kinds import Kind
    from pgcontract.synth.tree import Node

Kinds: TypeAlias = "Mapping[str, Kind]"
"""The base types of the columns."""


@dataclass(slots=True)
class State:
    """What is known of a row before it is drawn.

    Attributes:
        kinds: The base types of its columns.
        limits: What is known of each column.
        links: Comparisons between columns, and others that are evaluated once a value is there.
        pending: Alternatives of which one is still to be chosen.
        unknown: Parts of checks that nobody here understands.
    """

    kinds: Kinds
    limits: dict[str, Limits] = field(default_factory=dict)
    links: list[Node] = field(default_factory=list)
    pending: list[tuple[Node, ...]] = field(default_factory=list)
    unknown: list[Node] = field(default_factory=list)

    def of(self, column: str) -> Limits:
        """The limits of a column, to be narrowed."""
        return self.limits.setdefault(column, Limits())

    def copy(self) -> State:
        """One that can be narrowed alone."""
        limits = {name: own.copy() for name, own in self.limits.items()}
        return State(self.kinds, limits, list(self.links), list(self.pending), list(self.unknown))
