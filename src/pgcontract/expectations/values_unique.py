from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import Aggregate, ExampleQuery
from pgcontract.contract.fields import Field, Identifiers
from pgcontract.contract.rows import ROWS, MostlyExpectation, present
from pgcontract.expectations.guarantees import unique
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import Guarantee


class ValuesUnique(MostlyExpectation):
    """No two rows of {table} have the same {columns}.

    One column or several. As in a unique index, NULLs differ from each other, and a row with a NULL in one of the
    columns is like no other; `nulls_not_distinct` counts NULL as one more value. Wrong are the rows beyond the first of
    each value. Where an index guarantees it, the rows are not looked at. Two `NaN` are the same value.

    Example:
        ValuesUnique("invoices", ["org_id", "number"])

    Repair: merge or delete the rows that repeat another, then make it a unique constraint.
    """

    columns: Identifiers
    nulls_not_distinct: bool = Field(default=False, description="Whether NULL is a value like any other.")

    def _values(self, relation: RelationRecord) -> str:
        """What must be distinct: the column, or a row of several, in which a NULL is like another NULL."""
        names = [quote(relation.columns[column].name) for column in self.columns]
        return names[0] if len(names) == 1 and not self.nulls_not_distinct else f"row({', '.join(names)})"

    def _present(self, relation: RelationRecord) -> str | None:
        """The rows that can repeat another; None for all."""
        if self.nulls_not_distinct:
            return None
        return " and ".join(present(quote(relation.columns[column].name)) for column in self.columns)

    def wrong(self, relation: RelationRecord) -> Aggregate:
        counted = self.counted(relation).sql
        distinct = self.of(f"pg_catalog.count(distinct {self._values(relation)})", self._present(relation)).sql
        return Aggregate(f"{counted} - {distinct}", sample=self.sample)

    def counted(self, relation: RelationRecord) -> Aggregate:
        return self.of(ROWS, self._present(relation))

    def wanted(self) -> str:
        return f"different from each other in {', '.join(map(quote, self.columns))}"

    def unwanted(self) -> str:
        return f"the same as another in {', '.join(map(quote, self.columns))}"

    def examples(self, relation: RelationRecord) -> ExampleQuery:
        """The values that are there more than once, and how often."""
        names = [quote(relation.columns[column].name) for column in self.columns]
        return ExampleQuery(
            values={**dict(zip(self.columns, names, strict=True)), "times": ROWS},
            key={},
            where=self.filter(self._present(relation)) or "true",
            rest=f"group by {', '.join(names)} having {ROWS} operator(pg_catalog.>) 1 order by {ROWS} desc",
            sample=self.sample,
        )

    def guaranteed(self, catalog: Catalog) -> Guarantee | None:
        return unique(catalog, self.table, self.columns, nulls=self.nulls_not_distinct)
