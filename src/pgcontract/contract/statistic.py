"""What expectations derive from that bound one value which comes of many rows: a mean, a share, the newest."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import Aggregate, Question, Values
from pgcontract.contract.constants import Constant, constant, operator
from pgcontract.contract.fields import Member
from pgcontract.contract.rows import RowsExpectation
from pgcontract.contract.session import CannotProbe
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.constants import Plain


_MOST_DIGITS = 40
"""A number with more is shown by its size."""


def bounds_words(at_least: Plain | None, at_most: Plain | None) -> str:
    """The bounds as words that follow "is": `between 1 and 9`."""
    if at_least is not None and at_most is not None:
        return f"{at_least}" if at_least == at_most else f"between {at_least} and {at_most}"
    return f"at least {at_least}" if at_least is not None else f"at most {at_most}"


def bounds_sql(value: str, at_least: Plain | None, at_most: Plain | None, type_: str) -> str:
    """Whether an SQL expression is within the bounds, as SQL; `type_` is what it is compared as."""
    bounds = ((">=", at_least), ("<=", at_most))
    tests = [f"{value} {operator(sign, type_)} {constant(bound, type_)}" for sign, bound in bounds if bound is not None]
    return " and ".join(tests)


def as_text(sql: str) -> str:
    """An expression's value as Postgres itself writes it, by which it can be shown whatever its type is."""
    return f"pg_catalog.format('%s', {sql})"


def number(text: object) -> str:
    """A number that Postgres wrote, without zeros that say nothing, and no thousand digits; what is none as it is."""
    if text is None:  # it could not be had
        return "something else"
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    if not value.is_finite():
        return str(text)
    if abs(value.adjusted()) > _MOST_DIGITS:
        return f"{value:.10g}"
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


class StatisticExpectation(RowsExpectation):
    """One statistic of a column's values is within bounds, which the server compares: `NaN` is above all numbers.

    Without a value there is no statistic, and the expectation is skipped.
    """

    column: Member
    at_least: Constant | None = None
    at_most: Constant | None = None

    @model_validator(mode="after")
    def _bounded(self) -> StatisticExpectation:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most")
        return self

    @abstractmethod
    def statistic(self, column: str) -> str:
        """The aggregate, in SQL, of a column that is quoted already."""

    @abstractmethod
    def called(self) -> str:
        """What the statistic is called: `mean`."""

    def _value(self) -> Aggregate:
        """The statistic itself."""
        return self.of(self.statistic(quote(self.column)))

    def _shown(self) -> Aggregate:
        return Aggregate(as_text(self._value().sql), sample=self.sample)

    def _within(self, relation: RelationRecord) -> Aggregate:
        type_ = relation.columns[self.column].type
        return Aggregate(bounds_sql(f"({self._value().sql})", self.at_least, self.at_most, type_), sample=self.sample)

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        """Whether the server finds it within the bounds."""
        return (self._within(relation), *(() if self.sample is None else (self._read(),)))

    def details(self, values: Values) -> Iterable[Question]:
        """The statistic itself, where it is not."""
        return () if values[self._within(values.relation)] else (self._shown(),)

    def judge(self, values: Values) -> Iterator[Finding]:
        """One finding, with the statistic."""
        within = values[self._within(values.relation)]
        if within is None:
            raise CannotProbe(f"{self.subject} has no values{self.where_words()}")
        if not within:
            wanted = bounds_words(self.at_least, self.at_most)
            shown = values.shown(number(values.get(self._shown())))
            yield Finding(
                f"the {self.called()} of {self.subject} is {shown}, not {wanted}"
                f"{self.where_words()}{self.sampled(values)}",
                expected=f"{wanted}{self.where_words()}",
                observed=shown,
            )


class ShareExpectation(RowsExpectation):
    """A share of rows, 0 to 1, is within bounds. Of no rows there is no share, and the expectation is skipped."""

    @abstractmethod
    def parts(self, relation: RelationRecord) -> tuple[Aggregate, Aggregate]:
        """How many there are, and of how many."""

    @abstractmethod
    def about(self) -> str:
        """What is counted, in words that follow "of": `values of public.orders.email are NULL`."""

    @abstractmethod
    def bounds(self) -> tuple[float | None, float | None]:
        """The least share and the greatest."""

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        """How many there are, and of how many."""
        return (*self.parts(relation), *(() if self.sample is None else (self._read(),)))

    def counted(self, values: Values) -> tuple[Fraction, str]:
        """The share, and what it comes of, in words.

        Raises:
            CannotProbe: There is nothing to take a share of.
        """
        some, every = (values[part] for part in self.parts(values.relation))
        if not every:
            raise CannotProbe(f"{self.subject} has nothing to take a share of{self.where_words()}")
        return Fraction(some, every), f"{some:,} of {every:,}"

    def judge(self, values: Values) -> Iterator[Finding]:
        """One finding, with the share."""
        share, counts = self.counted(values)
        least, most = self.bounds()
        if (least is not None and share < Fraction(str(least))) or (most is not None and share > Fraction(str(most))):
            wanted = bounds_words(per_cent(least), per_cent(most))
            yield Finding(
                f"{per_cent(float(share))} of the {self.about()}{self.where_words()}, {counts}, "
                f"not {wanted}{self.sampled(values)}",
                expected=f"{wanted}{self.where_words()}",
                observed=per_cent(float(share)),
            )


def per_cent(share: float | None) -> str | None:
    """A share in words."""
    return None if share is None else f"{share * 100:.4g} %"
