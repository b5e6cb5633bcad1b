"""What a data expectation asks of a scan, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate over one relation's rows: `Aggregate("count(*)", where="email is null")`.

    Attributes:
        expression: An SQL aggregate, in which columns stand unqualified and quoted where they must be.
        where: Only the rows for which this is true.
    """

    expression: str
    where: str | None = None

    @property
    def sql(self) -> str:
        """The select-list item."""
        return self.expression if self.where is None else f"{self.expression} filter (where {self.where}\n)"


Values: TypeAlias = Mapping[Aggregate, Any]
"""The aggregates' values, as psycopg loads them."""
