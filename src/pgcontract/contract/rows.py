"""What expectations on rows derive from.

To add one, say what is true of a row that is right:

```python
class ValuesPositive(EachValueExpectation):
    '''The values of {table}.{column} are positive.'''

    def holds(self, relation: RelationRecord) -> str:
        return f"{quote(self.column)} > 0"

    def wanted(self) -> str:
        return "more than 0"
```

`holds` is an SQL condition, declared once: rows for which it is false break the expectation, those for which it is NULL
do not count. From it come the number of violations, the number of rows that count, `mostly`, and the examples. What is
not about each row derives from `RowsExpectation` and has `aggregates` and `judge` of its own; `self.of` makes an
aggregate that respects `where` and `sample`. Names go in by `quote`, constants by `constant`, an author's SQL by
`bracketed` (and `written` lists it, so that errors point into it).
"""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import Aggregate, ExampleQuery, Question, Values
from pgcontract.contract.expectation import DataExpectation
from pgcontract.contract.fields import Field, Member, Relation, Sql
from pgcontract.contract.session import CannotProbe
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.relations import Relation as RelationRecord

ROWS = "pg_catalog.count(*)"


def bracketed(text: str) -> str:
    """An author's SQL between brackets of ours; a comment at its end ends before them."""
    return f"({text}\n)"


def present(expression: str) -> str:
    """That a value is not NULL, as a NOT NULL has it: a row value with nothing but NULLs in it is a value."""
    return f"{expression} is distinct from null"


def key_of(relation: RelationRecord) -> dict[str, str]:
    """What a row of the relation is found by: its primary key, another key of it, or its place in the file.

    Another key has no NULL and no two rows alike: a unique constraint or index of columns that are NOT NULL. There is
    nothing that a view's row is found by.
    """
    primary = relation.primary_key
    if primary is not None:
        return {name: quote(name) for name in primary.columns}
    columns = {quote(column.name): column for column in relation.columns.values() if column.not_null}
    for index in relation.indexes.values():
        if index.unique and index.valid and index.predicate is None and columns.keys() >= set(index.columns):
            return {columns[each].name: each for each in index.columns}
    return {"ctid": "ctid"} if relation.kind in {"table", "partitioned table", "materialized view"} else {}


class RowsExpectation(DataExpectation):
    """On the rows of one relation, or on some of them.

    Rows are those that a query on the relation sees: of a table with children, theirs too. Where row-level security
    would hide some from whoever reads, nothing is judged, and the outcome is errored.
    """

    table: Relation
    where: Sql | None = Field(
        default=None, kw_only=True, description="Only the rows for which this SQL condition is true."
    )
    sample: float | None = Field(
        default=None, gt=0, lt=100, kw_only=True, description="Read only so many per cent of the rows."
    )

    def of(self, expression: str, condition: str | None = None) -> Aggregate:
        """An aggregate of the rows that it is about, and for which the condition, if there is one, is true as well."""
        return Aggregate(expression, self.filter(condition), sample=self.sample)

    def filter(self, condition: str | None = None) -> str | None:
        """What an aggregate's rows are filtered by; None where all rows count."""
        if self.where is None:
            return None if condition is None else f"({condition})"
        return bracketed(self.where) if condition is None else f"({bracketed(self.where)} and ({condition}))"

    def filtered(self, aggregate: str) -> str:
        """One aggregate of these rows, as a part of an expression of several."""
        return Aggregate(aggregate, self.filter()).sql

    def written(self) -> Iterable[str]:
        """The condition."""
        return () if self.where is None else (self.where,)

    def remark(self, values: Values) -> str | None:
        """How many rows were in the sample."""
        read = values.get(self._read())
        return None if self.sample is None or read is None else f"in a sample of {read:,} rows ({self.sample:g} %)"

    def _read(self) -> Aggregate:
        """How many rows the sample has."""
        return Aggregate(ROWS, sample=self.sample)

    def require_rows(self, values: Values) -> None:
        """Judge nothing by a sample that has no rows, which is soon so of a small table.

        Raises:
            CannotProbe: It has none.
        """
        if self.sample is not None and not values.get(self._read(), 1):
            raise CannotProbe(f"the sample of {self.sample:g} % has no rows")

    def where_words(self) -> str:
        """Which rows it is about, as the end of a sentence; what is expected of others is something else."""
        return "" if self.where is None else f", where {self.where}"

    def sampled(self, values: Values) -> str:
        """The end of a message that comes of a sample."""
        remark = self.remark(values)
        return "" if remark is None else f", {remark}"


class MostlyExpectation(RowsExpectation):
    """All rows that count are right, or a share of them: what is declared is how to count them."""

    mostly: float = Field(
        default=1, gt=0, le=1, kw_only=True, description="The share of the rows that must be right, 0 to 1."
    )

    @abstractmethod
    def wrong(self, relation: RelationRecord) -> Aggregate:
        """How many rows are wrong."""

    @abstractmethod
    def counted(self, relation: RelationRecord) -> Aggregate:
        """How many rows count, right or wrong."""

    @abstractmethod
    def wanted(self) -> str:
        """What the rows should be, in words that follow "are": `between 1 and 9`."""

    def unwanted(self) -> str:
        """What those are that are wrong, in words that follow "are"."""
        return f"not {self.wanted()}"

    def about(self) -> str:
        """What is counted, in words: `values of public.orders.amount`."""
        return f"rows of {self.table}"

    def proof(self, relation: RelationRecord) -> str | None:  # noqa: ARG002 - for those that override it
        """Aggregates that tell whether no row is wrong, where that costs less than to test each: true, false or NULL.

        It pays when expectations share the aggregates: all ranges of a column need its least and its greatest value.
        """
        return None

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        """The proof or the number of those that are wrong; of how many only where that decides."""
        proof = self._proof(relation)
        read = () if self.sample is None else (self._read(),)
        if proof is not None:
            return (proof, *read)
        wrong = self.wrong(relation)
        return (wrong, *read) if self.mostly == 1 else (wrong, self.counted(relation), *read)

    def details(self, values: Values) -> Iterable[Question]:
        """Where it failed: how many rows are wrong; and of how many, which a reader wants to know."""
        if self._holds(values):
            return ()
        both = self.wrong(values.relation), self.counted(values.relation)
        return [question for question in both if question not in values]

    def judge(self, values: Values) -> Iterator[Finding]:
        """One finding, of how many rows are wrong."""
        self.require_rows(values)
        if self._holds(values):
            return
        wrong, counted = values.get(self.wrong(values.relation)), values.get(self.counted(values.relation))
        many = "some" if wrong is None else f"{wrong:,}" if counted is None else f"{wrong:,} of {counted:,}"
        least = "" if self.mostly == 1 else f", where {_per_cent(self.mostly)} should be {self.wanted()}"
        verb = "is" if wrong == 1 else "are"
        yield Finding(
            f"{many} {self.about()} {verb} {self.unwanted()}{least}{self.where_words()}{self.sampled(values)}",
            expected=f"{'all' if self.mostly == 1 else _per_cent(self.mostly)} {self.wanted()}{self.where_words()}",
            observed=f"{many} {self.unwanted()}",
            examples=values.examples,
        )

    def _proof(self, relation: RelationRecord) -> Aggregate | None:
        proof = self.proof(relation) if self.mostly == 1 else None
        return None if proof is None else Aggregate(proof, sample=self.sample)

    def _holds(self, values: Values) -> bool:
        """Whether enough rows are right. A share is compared exactly: 0.9 means nine tenths."""
        proof = self._proof(values.relation)
        if proof is not None:
            return values[proof] is not False
        wrong = values[self.wrong(values.relation)]
        if self.mostly == 1:
            return not wrong
        counted = values[self.counted(values.relation)]
        return bool(counted - wrong >= Fraction(str(self.mostly)) * counted)


class EachRowExpectation(MostlyExpectation):
    """Something is true of every row, or of a share of the rows."""

    @abstractmethod
    def holds(self, relation: RelationRecord) -> str:
        """What is true of a row that is right, in SQL. Where it is NULL the row does not count."""

    def shown(self, relation: RelationRecord) -> Sequence[str]:  # noqa: ARG002 - for those that override it
        """The columns of which an example shows the values."""
        return ()

    def wrong(self, relation: RelationRecord) -> Aggregate:
        """The rows for which it is false."""
        return self.of(ROWS, f"({self.holds(relation)}) is false")

    def counted(self, relation: RelationRecord) -> Aggregate:
        """The rows for which it is true or false."""
        return self.of(ROWS, f"({self.holds(relation)}) is not null")

    def examples(self, relation: RelationRecord) -> ExampleQuery | None:
        """Rows that are wrong."""
        shown = self.shown(relation)
        key = {name: column for name, column in key_of(relation).items() if name not in shown}
        wrong = self.filter(f"({self.holds(relation)}) is false") or "true"
        values = {name: quote(name) for name in shown}
        return ExampleQuery(values, key, wrong, sample=self.sample, count=self.wrong(relation))


class EachValueExpectation(EachRowExpectation):
    """Something is true of every value of a column, or of a share of the values; NULLs do not count."""

    column: Member

    def about(self) -> str:
        """The values of the column."""
        return f"values of {self.subject}"

    def shown(self, relation: RelationRecord) -> Sequence[str]:  # noqa: ARG002 - whatever the relation is
        """The column."""
        return (self.column,)

    def type_in(self, relation: RelationRecord) -> str:
        """The column's type, as Postgres prints it.

        Raises:
            MissingObjectError: There is no such column.
        """
        return relation.columns[self.column].type


def _per_cent(share: float) -> str:
    return f"{float(Fraction(str(share)) * 100):g} %"
