from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import ExampleQuery, Query, Question, Values
from pgcontract.contract.fields import Field, Identifiers, Routine, Sql
from pgcontract.contract.rows import ROWS, RowsExpectation, bracketed
from pgcontract.contract.twosided import Side, equal, lacking, paired, types_of
from pgcontract.names import quote
from pgcontract.verdict import Examples, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.relations import Relation as RelationRecord


class Reconciles(RowsExpectation):
    """The {columns} of {table} and those of {other} are the same.

    Each key that one table has the other has too, in both directions: nothing was lost on the way, and nothing came in.
    `other` is `table(columns)`; `where` and `other_where` choose the rows. How often a key is there is no matter, and a
    key with a NULL in it is none. It is a statement of its own.

    Example:
        Reconciles("payments", "invoice_id", "invoices(id)", other_where="status = 'paid'")

    Repair: load the keys that one side lacks, or find out who removed them.
    """

    columns: Identifiers
    other: Routine
    other_where: Sql | None = Field(default=None, kw_only=True, description="Only these rows of the other relation.")

    @model_validator(mode="after")
    def _as_many(self) -> Reconciles:
        paired(self.other, self.columns)
        if self.sample is not None:
            raise ValueError("a join is not sampled; use where")
        return self

    def _sides(self) -> tuple[Side, Side]:
        own, others = (None if text is None else bracketed(text) for text in (self.where, self.other_where))
        return Side(self.table, self.columns, own), replace(paired(self.other, self.columns), where=others)

    def _counts(self, relation: RelationRecord) -> Query:
        """How many keys only the one has, how many only the other, and how many both."""
        one, other = self._sides()
        join = equal("a", "b", types_of(relation, self.columns))
        return Query(
            f"select {ROWS} filter (where b.there is null), {ROWS} filter (where a.there is null), "
            f"{ROWS} filter (where a.there and b.there)\n"
            f"from {one.keys} as a full join {other.keys} as b on {join}",
            of=(other.relation,),
            columns=tuple(other.columns),
        )

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        return (self._counts(relation),)

    def judge(self, values: Values) -> Iterator[Finding]:
        own, others, both = values[self._counts(values.relation)]
        one, other = self._sides()
        for side, many, here, there in (("one", own, one, other), ("other", others, other, one)):
            if many:
                keys = "key" if many == 1 else "keys"
                yield Finding(
                    f"{many:,} {keys} ({', '.join(map(quote, here.columns))}) of {here.relation} "
                    f"{'is' if many == 1 else 'are'} not in {there.relation}{self.where_words()}",
                    expected=f"all keys of {here.relation} in {there.relation}",
                    observed=f"{many:,} of {many + both:,} not",
                    examples=_of(side, here, values.examples),
                )

    def examples(self, relation: RelationRecord) -> ExampleQuery:
        """Keys that the other lacks, in turn of the one and of the other."""
        one, other = self._sides()
        types = types_of(relation, self.columns)
        both = f"{_lacking('one', one, other, types)} union all {_lacking('other', other, one, types)}"
        keys = {name: f"k{place}" for place, name in enumerate(self.columns, 1)}
        number = f"pg_catalog.row_number() over (partition by side order by {', '.join(keys.values())})"
        source = f"(select *, {number} as number from ({both}) as pgc_lacking) as pgc_lacking"
        return ExampleQuery({"side": "side", **keys}, {}, "true", rest="order by number, side", source=source)

    def written(self) -> Iterable[str]:
        return (*super().written(), *([] if self.other_where is None else [self.other_where]))


def _lacking(name: str, one: Side, other: Side, types: Sequence[str]) -> str:
    """The one's keys that the other lacks, as text, each with the name of its side."""
    own, where = lacking(one, other, types)
    keys = ", ".join(f"pg_catalog.format('%s', {sql}) as k{place}" for place, sql in enumerate(own.values(), 1))
    return f"select '{name}' as side, {keys} from {one.relation} where {where} group by {', '.join(own.values())}"


def _of(name: str, side: Side, examples: Examples | None) -> Examples | None:
    """The examples of one side, by its own columns."""
    if examples is None:
        return None
    return Examples(tuple(side.columns), tuple(row[1:] for row in examples.rows if row[0] == name), examples.masked)
