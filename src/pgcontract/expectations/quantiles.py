from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from pgcontract.contract.aggregate import Aggregate, Question, Values
from pgcontract.contract.constants import Constant
from pgcontract.contract.fields import Member
from pgcontract.contract.rows import RowsExpectation
from pgcontract.contract.session import CannotProbe
from pgcontract.contract.statistic import as_text, bounds_sql, bounds_words, number
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


def _paired(value: Any) -> Any:
    """One value, which the quantile is to equal, stands for both bounds."""
    if not isinstance(value, Mapping):
        return value
    return {each: said if isinstance(said, list | tuple) else (said, said) for each, said in value.items()}


def _sensible(value: Mapping[float, tuple[Any, Any]]) -> Mapping[float, tuple[Any, Any]]:
    for fraction, bounds in value.items():
        if not 0 <= fraction <= 1:
            raise ValueError(f"{fraction:g} is no fraction, 0 to 1")
        if bounds == (None, None):
            raise ValueError(f"the quantile {fraction:g} has no bounds")
    if not value:
        raise ValueError("is empty")
    return value


Bounds = Annotated[
    Mapping[float, tuple[Constant | None, Constant | None]],
    BeforeValidator(_paired, json_schema_input_type=dict[str, Any]),
    AfterValidator(_sensible),
]
"""Fractions, each with the least and the greatest value of the quantile, one of which may be None."""


class Quantiles(RowsExpectation):
    """The quantiles of {table}.{column} are within bounds: {quantiles}.

    Each is a fraction, 0 to 1, with the least and the greatest value that the quantile may have, or with the one:
    `{0.5: [10, 50]}` says that the median is between 10 and 50. A quantile is a value that is there
    (`percentile_disc`), so that any type with an order has them. NULLs do not count. All quantiles of a column cost one
    sort.

    Example:
        Quantiles("requests", "duration_ms", {0.5: (None, 200), 0.99: (None, 2000)})

    Repair: look for what changed in the rows that came last.
    """

    column: Member
    quantiles: Bounds

    def _value(self, fraction: float) -> Aggregate:
        return self.of(f"pg_catalog.percentile_disc({fraction!r}) within group (order by {quote(self.column)})")

    def _shown(self, fraction: float) -> Aggregate:
        return Aggregate(as_text(self._value(fraction).sql), sample=self.sample)

    def _within(self, relation: RelationRecord) -> Iterator[tuple[float, str, Aggregate]]:
        type_ = relation.columns[self.column].type
        for fraction, (least, most) in self.quantiles.items():
            within = bounds_sql(f"({self._value(fraction).sql})", least, most, type_)
            yield fraction, bounds_words(least, most), Aggregate(within, sample=self.sample)

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        asked = [within for _, _, within in self._within(relation)]
        return asked if self.sample is None else [*asked, self._read()]

    def details(self, values: Values) -> Iterable[Question]:
        wrong = (fraction for fraction, _, within in self._within(values.relation) if values[within] is False)
        return [self._shown(fraction) for fraction in wrong]

    def judge(self, values: Values) -> Iterator[Finding]:
        for fraction, wanted, within in self._within(values.relation):
            if values[within] is None:
                raise CannotProbe(f"{self.subject} has no values{self.where_words()}")
            if not values[within]:
                shown = values.shown(number(values.get(self._shown(fraction))))
                yield Finding(
                    f"the quantile {fraction:g} of {self.subject} is {shown}, not {wanted}"
                    f"{self.where_words()}{self.sampled(values)}",
                    expected=f"{fraction:g}: {wanted}{self.where_words()}",
                    observed=f"{fraction:g}: {shown}",
                )
