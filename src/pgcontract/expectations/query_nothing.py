from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import ExampleQuery, Query, Question, Values
from pgcontract.contract.expectation import DataExpectation
from pgcontract.contract.fields import Statement
from pgcontract.contract.rows import ROWS
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class QueryReturnsNothing(DataExpectation):
    """The query {query} returns no row.

    For what no other expectation says, as a test that looks for rows which are wrong. It is one `SELECT`, run in a
    transaction that only reads, and one statement of its own. Names are looked up in pg_catalog first, then in `public`
    and the schemas of extensions.

    Example:
        QueryReturnsNothing("select order_id from order_lines group by order_id having sum(quantity) = 0")

    Repair: correct the rows that it returns.
    """

    query: Statement

    def _source(self) -> str:
        return f"(\n{self.query}\n) as found"

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:  # noqa: ARG002 - it belongs to none
        return (Query(f"select {ROWS} from {self._source()}"),)

    def judge(self, values: Values) -> Iterator[Finding]:
        (many,) = next(iter(values.values()))
        if many:
            rows = "row" if many == 1 else "rows"
            message = f"the query returns {many:,} {rows}, not none"
            yield Finding(message, "no row", f"{many:,} {rows}", examples=values.examples)

    def examples(self, relation: RelationRecord) -> ExampleQuery:  # noqa: ARG002 - as above
        """Rows that it returns."""
        return ExampleQuery("found", {}, "true", source=self._source())

    def written(self) -> Iterable[str]:
        return (self.query,)
