from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import ExampleQuery, Query, Question, Values
from pgcontract.contract.fields import Field, Identifiers, Relation, Sql
from pgcontract.contract.rows import ROWS, RowsExpectation, bracketed
from pgcontract.contract.twosided import Side, equal, lacking, types_of
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class Reconciles(RowsExpectation):
    """The {columns} of {table} and those of {other} are the same.

    Each key that one table has the other has too, in both directions: nothing was lost on the way, and nothing came in.
    `other_columns` are the other table's columns, the same names if it does not say; `where` and `other_where` choose
    the rows. How often a key is there is no matter, and a key with a NULL in it is none. It is a statement of its own.

    Example:
        Reconciles("payments", "invoice_id", "invoices", "id", other_where="status = 'paid'")

    Repair: load the keys that one side lacks, or find out who removed them.
    """

    columns: Identifiers
    other: Relation
    other_columns: Identifiers | None = None
    other_where: Sql | None = Field(default=None, kw_only=True, description="Only these rows of the other relation.")

    @model_validator(mode="after")
    def _as_many(self) -> Reconciles:
        if len(self._other_columns()) != len(self.columns):
            raise ValueError("columns and other_columns are not as many")
        if self.sample is not None:
            raise ValueError("a join is not sampled; use where")
        return self

    def _other_columns(self) -> tuple[str, ...]:
        return tuple(self.columns if self.other_columns is None else self.other_columns)

    def _sides(self) -> tuple[Side, Side]:
        own, others = (None if text is None else bracketed(text) for text in (self.where, self.other_where))
        return Side(self.table, self.columns, own), Side(self.other, self._other_columns(), others)

    def _counts(self, relation: RelationRecord) -> Query:
        """How many keys only the one has, how many only the other, and how many both."""
        one, other = self._sides()
        join = equal("a", "b", types_of(relation, self.columns))
        return Query(
            f"select {ROWS} filter (where b.there is null), {ROWS} filter (where a.there is null), "
            f"{ROWS} filter (where a.there and b.there)\n"
            f"from {one.keys} as a full join {other.keys} as b on {join}",
            of=(self.other,),
        )

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        return (self._counts(relation),)

    def judge(self, values: Values) -> Iterator[Finding]:
        own, others, both = values[self._counts(values.relation)]
        for many, here, there, columns in (
            (own, self.table, self.other, self.columns),
            (others, self.other, self.table, self._other_columns()),
        ):
            if many:
                keys = "key" if many == 1 else "keys"
                yield Finding(
                    f"{many:,} {keys} ({', '.join(map(quote, columns))}) of {here} "
                    f"{'is' if many == 1 else 'are'} not in {there}{self.where_words()}",
                    expected=f"all keys of {here} in {there}",
                    observed=f"{many:,} of {many + both:,} not{values.such_as() if here == self.table else ''}",
                )

    def examples(self, relation: RelationRecord) -> ExampleQuery:
        """Keys that the other lacks."""
        own, where = lacking(*self._sides(), types_of(relation, self.columns))
        names = ", ".join(own.values())
        return ExampleQuery(own, {}, where, rest=f"group by {names} order by {names}")

    def written(self) -> Iterable[str]:
        return (*super().written(), *([] if self.other_where is None else [self.other_where]))
