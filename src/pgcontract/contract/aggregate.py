"""What a data expectation asks of the rows, and what it gets: the scan's aggregates, and queries of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.verdict import Examples


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate over one relation's rows: `Aggregate("count(*)", where="email is null")`.

    All aggregates on a relation are computed by one `SELECT`, equal ones once. An expression may also hold several
    aggregates (`min(x) >= 0 and max(x) <= 9`); Postgres computes those that are alike only once, too.

    Attributes:
        expression: An SQL aggregate, in which columns stand unqualified and quoted where they must be.
        where: Only the rows for which this is true; it belongs to one aggregate, not to an expression of several.
        of: The canonical name of another relation than the expectation's own.
        sample: Read only so many per cent of the rows, 0 to 100.
        columns: Columns that it reads of that other relation; where one is missing, that is what failed.
    """

    expression: str
    where: str | None = None
    of: str | None = None
    sample: float | None = None
    columns: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The select-list item."""
        return self.expression if self.where is None else f"{self.expression} filter (where {self.where}\n)"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement of its own, for what no single scan of one relation can tell; it gives one row.

    Attributes:
        sql: A `SELECT`, with relations by their qualified names. Its value is the first row, as a tuple.
        of: The canonical names of the relations that it reads beside the expectation's own.
        columns: Columns that it reads of the first of these; where one is missing, that is what failed.
    """

    sql: str
    of: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


Question: TypeAlias = Aggregate | Query


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """Which rows to show of those that break an expectation. The number of rows is for whoever runs it to say.

    Attributes:
        values: What is shown of each row: SQL expressions, by what they are called; or the alias of `source`,
            of which all columns are shown.
        key: What the row is found by, in the same way.
        where: Which rows.
        rest: What follows the condition: `group by … having …`.
        of: The canonical name of another relation than the expectation's own.
        sample: Look only at so many per cent of the rows, the same as those of the aggregates.
        source: What stands after `from`, where that is no relation but a query.
        count: How many such rows there are, where that is asked anyhow: of few, all can come of one scan with others.
    """

    values: Mapping[str, str] | str
    key: Mapping[str, str]
    where: str
    rest: str = ""
    of: str | None = None
    sample: float | None = None
    source: str | None = None
    count: Question | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Why an expectation must hold, so that the rows need not be looked at.

    Attributes:
        by: What guarantees it, in words: `the primary key orders_pkey`.
        not_null: The columns on whose NOT NULL that rests, each with its relation before it. From version 18 it may be
            `NOT VALID`, which the catalog does not tell; then the rows are looked at all the same.
    """

    by: str
    not_null: tuple[tuple[str, str], ...] = ()


class Values(dict[Question, Any]):
    """The answers to what an expectation asked, as psycopg loads them; dates that Python has not are text.

    Attributes:
        relation: What the expectation belongs to.
        examples: Rows that break the expectation, if they were asked for; a finding of them carries them.
        masked: Whether nothing that stands in the rows may be shown (`--no-values`).
    """

    def __init__(
        self,
        relation: Relation,
        answers: Mapping[Question, Any],
        *,
        examples: Examples | None = None,
        masked: bool = False,
    ) -> None:
        super().__init__(answers)
        self.relation = relation
        self.examples = examples
        self.masked = masked

    def shown(self, value: object) -> str:
        """A value that stands in the rows, or comes of them, as a report may show it."""
        return "a value that is not shown" if self.masked else str(value)
