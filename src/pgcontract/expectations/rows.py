from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import Aggregate, Values
from pgcontract.contract.expectation import DataExpectation
from pgcontract.contract.fields import Member, Relation
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord

_COUNT = Aggregate("pg_catalog.count(*)")


class RowCount(DataExpectation):
    """{table} has as many rows as it should.

    `exactly`, or `at_least` and `at_most`, in rows.

    Example:
        RowCount("template_presets", at_least=1)

    Repair: load what is missing, or find out who wrote too much.
    """

    table: Relation
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _bounded(self) -> RowCount:
        if self.exactly is self.at_least is self.at_most is None:
            raise ValueError("give exactly, at_least or at_most")
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("exactly goes without at_least and at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        return self

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:  # noqa: ARG002 - rows have no column
        return (_COUNT,)

    def judge(self, values: Values) -> Iterator[Finding]:
        count = values[_COUNT]
        bounds = (
            (self.exactly, operator.eq, "exactly"),
            (self.at_least, operator.ge, "at least"),
            (self.at_most, operator.le, "at most"),
        )
        for bound, holds, words in bounds:
            if bound is not None and not holds(count, bound):
                yield Finding(f"{self.table} has {count} rows, not {words} {bound}", f"{words} {bound}", str(count))


class ValuesNotNull(DataExpectation):
    """No value of {table}.{column} is NULL.

    What NOT NULL would enforce, for a column that cannot have it yet.

    Example:
        ValuesNotNull("invoices", "amount")

    Repair: fill the rows in, then put NOT NULL on the column.
    """

    table: Relation
    column: Member

    def _nulls(self) -> Aggregate:
        return Aggregate("pg_catalog.count(*)", where=f"{quote(self.column)} is null")

    def aggregates(self, relation: RelationRecord) -> Iterable[Aggregate]:
        relation.columns[self.column]
        return (self._nulls(),)

    def judge(self, values: Values) -> Iterator[Finding]:
        nulls = values[self._nulls()]
        if nulls:
            yield Finding(f"{nulls} values of {self.subject} are NULL", expected="0 NULLs", observed=f"{nulls} NULLs")
