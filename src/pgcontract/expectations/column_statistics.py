from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import Aggregate, Question, Values
from pgcontract.contract.constants import Constant, constant
from pgcontract.contract.fields import Field, Member, Relation
from pgcontract.contract.rows import RowsExpectation
from pgcontract.contract.statistic import StatisticExpectation, as_text, bounds_sql, number
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


_DIGITS = 2000
"""As many as any number that is written in a contract has."""


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
        if self.tolerance and self.value is not None and _amount(str(self.value)) is None:
            raise ValueError(f"a tolerance goes with a number, which {self.value} is not")
        return self

    def _sum(self, relation: RelationRecord) -> str:
        zero = constant(0, relation.columns[self.column].type)
        return f"coalesce({self.filtered(f'pg_catalog.sum({quote(self.column)})')}, {zero})"

    def _equals(self, relation: RelationRecord) -> Aggregate | None:
        """Whether the server finds it equal to the value."""
        if self.value is None:
            return None
        type_, amount = relation.columns[self.column].type, _amount(str(self.value))
        if not self.tolerance or amount is None:
            return Aggregate(f"{self._sum(relation)} = {constant(self.value, type_)}")
        with localcontext(prec=_DIGITS):
            reach = Decimal(str(self.tolerance))
            least, most = f"{amount - reach:f}", f"{amount + reach:f}"
        return Aggregate(bounds_sql(self._sum(relation), least, most, type_))

    def _shown(self, relation: RelationRecord) -> Aggregate:
        return Aggregate(as_text(self._sum(relation)))

    def _other(self) -> Aggregate | None:
        if self.other is None or self.other_column is None:
            return None
        sum_ = as_text(f"pg_catalog.sum({quote(self.other_column)})")
        return Aggregate(sum_, of=self.other, columns=(self.other_column,))

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        other = self._other()
        return [self._equals(relation) or self._shown(relation)] if other is None else [self._shown(relation), other]

    def details(self, values: Values) -> Iterable[Question]:
        equals = self._equals(values.relation)
        return [self._shown(values.relation)] if equals is not None and not values[equals] else []

    def judge(self, values: Values) -> Iterator[Finding]:
        other, equals, sum_ = self._other(), self._equals(values.relation), values.get(self._shown(values.relation))
        if values[equals] if equals is not None else _apart(sum_, values[other]) <= Fraction(str(self.tolerance)):  # type: ignore[index,arg-type]
            return
        near = f" (by {self.tolerance:g} at most)" if self.tolerance else ""
        whose = "" if other is None else f", the sum of {self.other}.{quote(str(self.other_column))}"
        shown = values.shown(number(sum_))
        should = self.value if other is None else values.shown(number(values[other] or 0))
        yield Finding(
            f"the sum of {self.subject} is {shown}{self.where_words()}, not {should}{whose}{near}",
            expected=f"{should}{near}",
            observed=shown,
        )


def _amount(text: str) -> Decimal | None:
    """The number that a text is, also of money; of nothing 0, and None where it is none."""
    try:
        return Decimal(re.sub("[$,]", "", text) or 0)
    except InvalidOperation:
        return None


def _apart(one: str, other: str) -> Fraction | float:
    """How far two sums are apart: not at all where written alike, infinitely where one of them is no number."""
    if one == other:
        return 0
    amounts = _amount(one), _amount(other)
    if any(amount is None or not amount.is_finite() for amount in amounts):
        return float("inf")
    return abs(Fraction(str(amounts[0])) - Fraction(str(amounts[1])))
