from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from pgcontract.contract.aggregate import Aggregate, Question, Values
from pgcontract.contract.constants import Constant
from pgcontract.contract.fields import Field, Member, Relation
from pgcontract.contract.rows import RowsExpectation
from pgcontract.contract.statistic import StatisticExpectation, number
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class MeanBetween(StatisticExpectation):
    """The mean of {table}.{column} is within bounds.

    Of numbers or intervals; NULLs do not count. One `NaN` makes the mean `NaN`, which is above every bound. Floats
    whose squares are too large for Postgres (above 1e154) have none: then it is errored.

    Example:
        MeanBetween("invoices", "amount", 10, 500)

    Repair: look for what was loaded twice, in another unit, or not at all.
    """

    def statistic(self, column: str) -> str:
        return f"pg_catalog.avg({column})"

    def called(self) -> str:
        return "mean"


class StdDevBetween(StatisticExpectation):
    """The standard deviation of {table}.{column} is within bounds.

    The sample standard deviation (`stddev_samp`), of two numbers at least; NULLs do not count.

    Example:
        StdDevBetween("sensors", "temperature", 0.1, 15)

    Repair: look for values that are all the same, or far off.
    """

    def statistic(self, column: str) -> str:
        return f"pg_catalog.stddev_samp({column})"

    def called(self) -> str:
        return "standard deviation"


class SumEquals(RowsExpectation):
    """The sum of {table}.{column} is what it should be.

    Equal to `value`, or to the sum of a column of another table, `other` and `other_column`; they may differ by
    `tolerance` at most. NULLs do not count, and the sum of nothing is 0.

    Example:
        SumEquals("ledger", "amount", 0)

    Repair: find the rows that one side lacks.
    """

    column: Member
    value: Constant | None = None
    other: Relation | None = Field(default=None, kw_only=True)
    other_column: str | None = Field(default=None, kw_only=True)
    tolerance: float = Field(default=0, ge=0, kw_only=True)

    @model_validator(mode="after")
    def _compared(self) -> SumEquals:
        if (self.value is None) == (self.other is None):
            raise ValueError("give value, or other and other_column")
        if (self.other is None) != (self.other_column is None):
            raise ValueError("other goes with other_column")
        if self.sample is not None:
            raise ValueError("a sample has another sum")
        return self

    def _sum(self) -> Aggregate:
        return self.of(f"pg_catalog.sum({quote(self.column)})")

    def _other(self) -> Aggregate | None:
        if self.other is None or self.other_column is None:
            return None
        return Aggregate(f"pg_catalog.sum({quote(self.other_column)})", of=self.other)

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        relation.columns[self.column]
        return [each for each in (self._sum(), self._other()) if each is not None]

    def judge(self, values: Values) -> Iterator[Finding]:
        other = self._other()
        sum_ = values[self._sum()] or 0
        wanted = self.value if other is None else values[other] or 0
        if _apart(sum_, wanted) <= self.tolerance:
            return
        near = f" (by {self.tolerance:g} at most)" if self.tolerance else ""
        whose = "" if other is None else f", the sum of {self.other}.{self.other_column}"
        shown, should = values.shown(number(sum_)), wanted if other is None else values.shown(number(wanted))
        yield Finding(
            f"the sum of {self.subject} is {shown}{self.where_words()}, not {should}{whose}{near}",
            expected=f"{should}{near}",
            observed=shown,
        )


def _apart(one: Any, other: Any) -> Fraction | float:
    """How far two numbers are apart: not at all where both are written alike, infinitely where one of them is none."""
    if str(one) == str(other):
        return 0
    try:
        return abs(Fraction(str(one)) - Fraction(str(other)))
    except ValueError:
        return float("inf")
