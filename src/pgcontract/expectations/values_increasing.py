from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import ExampleQuery, Query, Question, Values
from pgcontract.contract.constants import operator
from pgcontract.contract.fields import Field, Identifiers, Member
from pgcontract.contract.rows import ROWS, RowsExpectation, bracketed, present
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class ValuesIncreasing(RowsExpectation):
    """The values of {table}.{column} increase in the order of {by}.

    Each is at least as great as the one before it, or greater, if `strictly`. `per` are the columns that make groups,
    each with an order of its own. NULLs are passed over. Rows that are alike in `by` have no order, so that either may
    come first: let `by` end with a key. It is a statement of its own, which sorts the rows.

    Example:
        ValuesIncreasing("readings", "odometer", "taken_at", per="vehicle_id")

    Repair: correct the rows that go back.
    """

    column: Member
    by: Identifiers
    per: Identifiers = Field(default=(), kw_only=True)
    strictly: bool = Field(default=False, kw_only=True, description="Whether equal values break it.")

    @model_validator(mode="after")
    def _whole(self) -> ValuesIncreasing:
        if self.sample is not None:
            raise ValueError("a sample leaves out what is between")
        return self

    def _steps(self, relation: RelationRecord) -> str:
        """Each value with the one before it."""
        for column in (*self.by, *self.per):
            _ = relation.columns[column]  # what is not there is missing
        value, by = quote(relation.columns[self.column].name), ", ".join(map(quote, self.by))
        per = f"partition by {', '.join(map(quote, self.per))} " if self.per else ""
        only = present(value) + ("" if self.where is None else f" and {bracketed(self.where)}")
        keys = ", ".join(f"{quote(name)} as {alias}" for name, alias in self._keys().items())
        return (
            f"(select {value} as pgc_value, pg_catalog.lag({value}) over ({per}order by {by}) as pgc_before, {keys} "
            f"from {relation.name} where {only}) as pgc_steps"
        )

    def _keys(self) -> dict[str, str]:
        """What a value is found by, and what that is called beside the value."""
        return {name: f"pgc_key{place}" for place, name in enumerate(dict.fromkeys([*self.per, *self.by]), 1)}

    def _wrong(self, relation: RelationRecord) -> str:
        sign = operator("<=" if self.strictly else "<", relation.columns[self.column].type)
        return f"pgc_value {sign} pgc_before"

    def _counts(self, relation: RelationRecord) -> Query:
        wrong = f"{ROWS} filter (where {self._wrong(relation)})"
        return Query(f"select {wrong}, {ROWS} from {self._steps(relation)}")

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        return (self._counts(relation),)

    def judge(self, values: Values) -> Iterator[Finding]:
        wrong, every = values[self._counts(values.relation)]
        if wrong:
            than = "not greater than" if self.strictly else "less than"
            verb = "is" if wrong == 1 else "are"
            yield Finding(
                f"{wrong:,} of {every:,} values of {self.subject} {verb} {than} the one before it, in the order of "
                f"{', '.join(self.by)}{self.where_words()}",
                expected=f"increasing by {', '.join(self.by)}{self.where_words()}",
                observed=f"{wrong:,} {than} the one before",
                examples=values.examples,
            )

    def examples(self, relation: RelationRecord) -> ExampleQuery:
        """Values that go back, with the one before."""
        shown = {self.column: "pgc_value", "after": "pgc_before"}
        return ExampleQuery(shown, self._keys(), self._wrong(relation), source=self._steps(relation))
