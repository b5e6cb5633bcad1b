from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.fields import Field, Member, Sql
from pgcontract.contract.rows import ROWS, bracketed
from pgcontract.contract.statistic import ShareExpectation
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import Aggregate

_LEAST = Field(default=None, ge=0, le=1, description="The least share, 0 to 1.")
_MOST = Field(default=None, ge=0, le=1, description="The greatest share, 0 to 1.")


class NullShare(ShareExpectation):
    """The share of NULLs in {table}.{column} is within bounds.

    Of all rows, 0 to 1: `at_most=0.05` allows five rows in a hundred.

    Example:
        NullShare("users", "phone", at_most=0.3)

    Repair: fill the values in, or find out who stopped writing them.
    """

    column: Member
    at_least: float | None = _LEAST
    at_most: float | None = _MOST

    @model_validator(mode="after")
    def _bounded(self) -> NullShare:
        require(self.at_least, self.at_most)
        return self

    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:
        return self.of(ROWS, f"{quote(relation.columns[self.column].name)} is null"), self.of(ROWS)

    def about(self) -> str:
        return f"values of {self.subject} are NULL"

    def bounds(self) -> tuple[float | None, float | None]:
        return self.at_least, self.at_most


class DistinctShare(ShareExpectation):
    """The share of different values among those of {table}.{column} is within bounds.

    The number of different values by the number of values, 0 to 1; 1 where none repeats another. NULLs do not count.

    Example:
        DistinctShare("events", "session_id", at_most=0.5)

    Repair: look for a constant where there should be values, or for values where there should be a few.
    """

    column: Member
    at_least: float | None = _LEAST
    at_most: float | None = _MOST

    @model_validator(mode="after")
    def _bounded(self) -> DistinctShare:
        require(self.at_least, self.at_most)
        return self

    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:
        column = quote(relation.columns[self.column].name)
        present = f"not ({column} is null)"
        return self.of(f"pg_catalog.count(distinct {column})", present), self.of(ROWS, present)

    def about(self) -> str:
        return f"values of {self.subject} are different"

    def bounds(self) -> tuple[float | None, float | None]:
        return self.at_least, self.at_most


class ShareWhere(ShareExpectation):
    """The share of the rows of {table} for which {predicate} is within bounds.

    Any SQL condition on the table's columns; rows for which it is NULL are not among those for which it is true.

    Example:
        ShareWhere("orders", "status = 'cancelled'", at_most=0.1)

    Repair: that depends on the condition; find the rows, and who wrote them.
    """

    predicate: Sql
    at_least: float | None = _LEAST
    at_most: float | None = _MOST

    @model_validator(mode="after")
    def _bounded(self) -> ShareWhere:
        require(self.at_least, self.at_most)
        return self

    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:  # noqa: ARG002 - the server knows its columns
        return self.of(ROWS, bracketed(self.predicate)), self.of(ROWS)

    def about(self) -> str:
        return f"rows of {self.table} are such that {self.predicate}"

    def bounds(self) -> tuple[float | None, float | None]:
        return self.at_least, self.at_most

    def written(self) -> Iterable[str]:
        return (*super().written(), self.predicate)


def require(at_least: float | None, at_most: float | None) -> None:
    """Refuse a share without bounds.

    Raises:
        ValueError: There is neither, or the least is more than the greatest.
    """
    if at_least is None and at_most is None:
        raise ValueError("give at_least or at_most")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError("at_least is more than at_most")
