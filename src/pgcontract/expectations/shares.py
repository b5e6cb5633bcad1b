from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from pgcontract.contract.aggregate import Query
from pgcontract.contract.fields import Field, Member, Sql
from pgcontract.contract.rows import ROWS, bracketed
from pgcontract.contract.session import CannotProbe
from pgcontract.contract.statistic import ShareExpectation
from pgcontract.names import literal, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import Aggregate, Question, Values

_LEAST = Field(default=None, ge=0, le=1, description="The least share, 0 to 1.")
_MOST = Field(default=None, ge=0, le=1, description="The greatest share, 0 to 1.")

# What ANALYZE last found, of a partitioned table or one with children of all of them; NULLs where it never looked.
_STATISTICS = """
select s.null_frac, s.n_distinct, s.reltuples
from (values (true)) as one
left join lateral (
    select s.null_frac, s.n_distinct, c.reltuples
    from pg_catalog.pg_stats as s
    join pg_catalog.pg_namespace as n on n.nspname = s.schemaname
    join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = s.tablename
    where s.schemaname = {schema} and s.tablename = {table} and s.attname = {column}
    order by s.inherited desc limit 1
) as s on true
"""


class _OfColumn(ShareExpectation):
    """A share of a column's values, counted or by the server's statistics."""

    column: Member
    at_least: float | None = _LEAST
    at_most: float | None = _MOST
    approximate: bool = Field(default=False, kw_only=True, description="Whether the server's statistics will do.")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        require(self.at_least, self.at_most)
        if self.approximate and (self.where is not None or self.sample is not None):
            raise ValueError("approximate goes without where and sample")
        return self

    def bounds(self) -> tuple[float | None, float | None]:
        return self.at_least, self.at_most

    def _statistics(self) -> Query:
        schema, table = split(self.table)
        said = {"schema": literal(schema), "table": literal(table), "column": literal(self.column)}
        return Query(_STATISTICS.format(**said))

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        relation.columns[self.column]
        return (self._statistics(),) if self.approximate else super().aggregates(relation)

    def counted(self, values: Values) -> tuple[Fraction, str]:
        if not self.approximate:
            return super().counted(values)
        nulls, distinct, rows = values[self._statistics()]
        share = None if nulls is None else self._estimated(nulls, distinct, rows)
        if share is None:
            raise CannotProbe(f"the server has no statistics of {self.subject}, which was never analysed")
        return Fraction(min(share, 1.0)), "by the server's statistics"

    def _estimated(self, nulls: float, distinct: float, rows: float) -> float | None:
        """The share by the server's statistics, where they tell."""
        raise NotImplementedError

    def remark(self, values: Values) -> str | None:
        return "by the server's statistics" if self.approximate else super().remark(values)


class NullShare(_OfColumn):
    """The share of NULLs in {table}.{column} is within bounds.

    Of all rows, 0 to 1: `at_most=0.05` allows five rows in a hundred. With `approximate` it is what the server found
    when the table was last analysed, which costs nothing, whatever its size.

    Example:
        NullShare("users", "phone", at_most=0.3)

    Repair: fill the values in, or find out who stopped writing them.
    """

    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:
        return self.of(ROWS, f"{quote(relation.columns[self.column].name)} is null"), self.of(ROWS)

    def about(self) -> str:
        return f"values of {self.subject} are NULL"

    def _estimated(self, nulls: float, distinct: float, rows: float) -> float | None:  # noqa: ARG002 - as of the other
        return nulls


class DistinctShare(_OfColumn):
    """The share of different values among those of {table}.{column} is within bounds.

    The number of different values by the number of values, 0 to 1; 1 where none repeats another. NULLs do not count.
    With `approximate` it is the server's estimate from when the table was last analysed, which may be far off.

    Example:
        DistinctShare("events", "session_id", at_most=0.5)

    Repair: look for a constant where there should be values, or for values where there should be a few.
    """

    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:
        column = quote(relation.columns[self.column].name)
        present = f"not ({column} is null)"
        return self.of(f"pg_catalog.count(distinct {column})", present), self.of(ROWS, present)

    def about(self) -> str:
        return f"values of {self.subject} are different"

    def _estimated(self, nulls: float, distinct: float, rows: float) -> float | None:
        # A negative number is a share of the rows already: pg_stats.n_distinct.
        present = rows * (1 - nulls)
        return -distinct / (1 - nulls) if distinct < 0 and nulls < 1 else distinct / present if present > 0 else None


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
