from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from pgcontract.contract.aggregate import Query
from pgcontract.contract.fields import Field, Member, Sql
from pgcontract.contract.rows import ROWS, bracketed, present
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
with recursive tree (oid, root) as (
    select c.oid, c.oid from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = {schema} and c.relname = {table}
    union
    select i.inhrelid, t.root from tree as t join pg_catalog.pg_inherits as i on i.inhparent = t.oid
), whole as (
    select
        pg_catalog.sum(greatest(c.reltuples, 0)) filter (where c.relkind <> 'p') as rows,
        pg_catalog.bool_or(t.oid <> t.root or c.relkind = 'p') as has_children
    from tree as t join pg_catalog.pg_class as c on c.oid = t.oid
)
select s.null_frac::pg_catalog.text, s.n_distinct::pg_catalog.text, whole.rows::pg_catalog.text
from whole left join pg_catalog.pg_stats as s on s.schemaname = {schema} and s.tablename = {table}
    and s.attname = {column} and s.inherited = whole.has_children
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
        found = values[self._statistics()]
        if found[0] is None:
            raise CannotProbe(f"the server has no statistics of {self.subject}, which was never analysed")
        share = self._estimated(*(Fraction(number or "0") for number in found))
        if share is None:
            raise CannotProbe(f"{self.subject} had nothing to take a share of when it was analysed")
        return min(share, Fraction(1)), "by the server's statistics"

    def _estimated(self, nulls: Fraction, distinct: Fraction, rows: Fraction) -> Fraction | None:
        """The share by the server's statistics; None of nothing."""
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
        return self.of(ROWS, f"not ({present(quote(relation.columns[self.column].name))})"), self.of(ROWS)

    def about(self) -> str:
        return f"values of {self.subject} are NULL"

    def _estimated(self, nulls: Fraction, distinct: Fraction, rows: Fraction) -> Fraction:  # noqa: ARG002 - as of the other
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
        there = present(column)
        return self.of(f"pg_catalog.count(distinct {column})", there), self.of(ROWS, there)

    def about(self) -> str:
        return f"values of {self.subject} are different"

    def _estimated(self, nulls: Fraction, distinct: Fraction, rows: Fraction) -> Fraction | None:
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
