from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.catalog.lexis import names
from pgcontract.contract.aggregate import Aggregate, Query, Question, Values
from pgcontract.contract.fields import Field, Relation, Sql
from pgcontract.contract.rows import ROWS, EachRowExpectation, RowsExpectation, bracketed
from pgcontract.contract.session import CannotProbe
from pgcontract.names import literal, split
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.relations import Relation as RelationRecord

# What `ANALYZE` last counted, with partitions and children; negative where it never did (before version 14: 0). Of a
# relation that has no file to speak of it is known without.
_ESTIMATE = """
with recursive tree (oid) as (
    select c.oid from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = {schema} and c.relname = {name}
    union
    select i.inhrelid from tree as t join pg_catalog.pg_inherits as i on i.inhparent = t.oid
)
select pg_catalog.sum(greatest(c.reltuples, 0))::pg_catalog.int8, pg_catalog.bool_or(case
    when c.relkind = 'f' then c.reltuples <= 0
    when c.reltuples >= 0 and c.relpages > 0 then false
    else pg_catalog.pg_relation_size(c.oid) > 0
end)
from tree join pg_catalog.pg_class as c on c.oid = tree.oid and c.relkind not in ('p', 'v')
"""


class RowCount(RowsExpectation):
    """{table} has as many rows as it should.

    `exactly`, or `at_least` and `at_most`, in rows; or as many as another table, `same_as`. With `approximate` it is
    the server's estimate, from when the table was last analysed, which costs nothing, whatever its size.

    Example:
        RowCount("template_presets", at_least=1)

    Repair: load what is missing, or find out who wrote too much.
    """

    exactly: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    same_as: Relation | None = Field(default=None, description="Another relation that has as many rows.")
    approximate: bool = Field(default=False, description="Whether the server's estimate will do.")

    @model_validator(mode="after")
    def _bounded(self) -> RowCount:
        others = [bound for bound in (self.at_least, self.at_most, self.same_as) if bound is not None]
        if self.exactly is None and not others:
            raise ValueError("give exactly, at_least, at_most or same_as")
        if self.exactly is not None and others:
            raise ValueError("exactly goes without at_least, at_most and same_as")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        if self.sample is not None:
            raise ValueError("rows of a sample cannot be counted; `approximate` takes the server's estimate")
        if self.approximate and (self.where is not None or self.same_as is not None):
            raise ValueError("approximate goes without where and same_as")
        return self

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:  # noqa: ARG002 - rows have no column
        return [question for question in (self._count(), self._other()) if question is not None]

    def _count(self) -> Question:
        if not self.approximate:
            return self.of(ROWS)
        schema, name = split(self.table)
        return Query(_ESTIMATE.format(schema=literal(schema), name=literal(name)))

    def _other(self) -> Aggregate | None:
        return None if self.same_as is None else Aggregate(ROWS, of=self.same_as)

    def _counted(self, values: Values) -> int:
        value = values[self._count()]
        if not self.approximate:
            return int(value)
        estimate, unknown = value
        if unknown or estimate is None:
            raise CannotProbe(f"the server has no estimate of {self.table}, which was never analysed")
        return int(estimate)

    def judge(self, values: Values) -> Iterator[Finding]:
        count, other = self._counted(values), self._other()
        about = "about " if self.approximate else ""
        bounds = (
            (self.exactly, operator.eq, "exactly"),
            (self.at_least, operator.ge, "at least"),
            (self.at_most, operator.le, "at most"),
        )
        for bound, holds, words in bounds:
            if bound is not None and not holds(count, bound):
                message = f"{self.table} has {about}{count:,} {_rows(count)}{self.where_words()}, not {words} {bound:,}"
                yield Finding(message, f"{words} {bound}{self.where_words()}", f"{about}{count}")
        if other is not None and values[other] != count:
            many = f"{count:,} {_rows(count)}{self.where_words()}"
            yield Finding(
                f"{self.table} has {many}, and {self.same_as} has {values[other]:,}",
                expected=f"as many as {self.same_as}{self.where_words()}",
                observed=f"{count} and {values[other]}",
            )

    def remark(self, values: Values) -> str | None:  # noqa: ARG002 - whatever they are
        return "by the server's estimate" if self.approximate else None


class RowsSatisfy(EachRowExpectation):
    """Every row of {table} satisfies {predicate}.

    Any SQL condition on the table's columns. Where it is NULL the row passes, as with a CHECK. Names are looked up in
    pg_catalog first, then in the table's schema, `public` and the schemas of extensions.

    Example:
        RowsSatisfy("invoices", "paid_at is null or paid_at >= created_at")

    Repair: correct the rows; then make it a CHECK.
    """

    predicate: Sql

    def holds(self, relation: RelationRecord) -> str:  # noqa: ARG002 - the server knows its columns
        return bracketed(self.predicate)

    def wanted(self) -> str:
        return f"such that {self.predicate}"

    def shown(self, relation: RelationRecord) -> Sequence[str]:
        """The columns that the condition seems to speak of."""
        spoken = names(self.predicate)
        return [column for column in relation.columns if column in spoken]

    def written(self) -> Iterable[str]:
        return (*super().written(), self.predicate)


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"
