from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.aggregate import ExampleQuery, Query, Question, Values
from pgcontract.contract.fields import Field, Identifiers, Routine
from pgcontract.contract.rows import ROWS, RowsExpectation, bracketed, key_of
from pgcontract.contract.twosided import Side, equal, lacking, paired, types_of
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class NoOrphans(RowsExpectation):
    """Every {columns} of {table} is in {references}.

    What a foreign key would enforce, where there is none: `references` is `table(columns)`. As with a foreign key, a
    row with a NULL in one of the columns does not count. It is one statement of its own, a join.

    Example:
        NoOrphans("events", "user_id", "users(id)")

    Repair: delete the orphans, or bring back what they refer to; then make it a foreign key.
    """

    columns: Identifiers
    references: Routine
    mostly: float = Field(default=1, gt=0, le=1, kw_only=True, description="The share of the rows that must be right.")

    @model_validator(mode="after")
    def _as_many(self) -> NoOrphans:
        paired(self.references, self.columns)
        if self.sample is not None:
            raise ValueError("a join is not sampled; use where")
        return self

    def _sides(self) -> tuple[Side, Side]:
        where = None if self.where is None else bracketed(self.where)
        return Side(self.table, self.columns, where), paired(self.references, self.columns)

    def _counts(self, relation: RelationRecord) -> Query:
        """How many rows refer to nothing that is there, and how many refer to something."""
        child, parent = self._sides()
        join = equal("c", "p", types_of(relation, self.columns))
        return Query(
            f"select {ROWS} filter (where p.there is null), {ROWS}\n"
            f"from {child.rows} as c left join {parent.keys} as p on {join}",
            of=(parent.relation,),
            columns=tuple(parent.columns),
        )

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        return (self._counts(relation),)

    def judge(self, values: Values) -> Iterator[Finding]:
        orphans, every = values[self._counts(values.relation)]
        if orphans <= every * (1 - Fraction(str(self.mostly))):
            return
        verb = "refers" if orphans == 1 else "refer"
        yield Finding(
            f"{orphans:,} of {every:,} rows of {self.table} {verb} by {', '.join(map(quote, self.columns))} to nothing "
            f"that is in {self.references}{self.where_words()}",
            expected=f"{'all' if self.mostly == 1 else f'{self.mostly:.4%}'} in {self.references}{self.where_words()}",
            observed=f"{orphans:,} orphans",
            examples=values.examples,
        )

    def examples(self, relation: RelationRecord) -> ExampleQuery:
        """Rows that refer to nothing that is there."""
        own, where = lacking(*self._sides(), types_of(relation, self.columns))
        return ExampleQuery(own, {name: column for name, column in key_of(relation).items() if name not in own}, where)
