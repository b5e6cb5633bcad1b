"""The scans, and what is proposed of all that they tell."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.contract.aggregate import Aggregate
from pgcontract.contract.rows import ROWS
from pgcontract.errors import DatabaseError, unless_interrupted
from pgcontract.expectations.columns import ColumnExists
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.views import ViewExists
from pgcontract.lifecycle.profile import asking, bounds, guesses, measures, proposals
from pgcontract.lifecycle.profile.proposals import PROPOSED, Table
from pgcontract.run.reading import Reading
from pgcontract.run.refusal import Refusal
from pgcontract.run.scanning import Scanning
from pgcontract.run.sources import Sizes, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.aggregate import Question
    from pgcontract.contract.expectation import DataExpectation, Expectation
    from pgcontract.lifecycle.profile.asking import Asking
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.reading import Told

LARGE = 100_000
"""From how many rows on, by the server's estimate, a table is sampled where that was asked for."""


class Looking:
    """A look at the rows of all tables in scope.

    Attributes:
        refused: By relation why it could not be read.
        sampled: The relations of which only a part was read.
    """

    def __init__(self, catalog: Catalog, scope: Scope, *, sample: float | None, values: bool) -> None:
        self.refused: dict[str, str] = {}
        self.sampled: list[str] = []
        self._catalog = catalog
        self._relations = [each for each in scope.among(catalog, catalog.relations) if _is_read(each)]
        self._sample = sample
        self._values = values
        self._sizes = Sizes()

    def at(self, connection: psycopg.Connection[Any], *, longest: float | None, told: Told) -> list[Expectation]:
        """What is proposed of all, relation by relation.

        Raises:
            DatabaseError: The connection was lost.
        """
        scanning = Scanning(values=self._values, longest=longest)
        reading = Reading(connection, self._catalog, scanning, told)
        try:
            with reading.begun():
                self._sizes = Sizes.of(connection, [Source(each.name) for each in self._relations])
                tables = [self._table(each) for each in self._relations]
                self._scan(reading, tables)
                measured = {table.relation.name: self._measured(reading, table) for table in tables}
                tables = [table for table in tables if measured[table.relation.name]]
                asked = {table.relation.name: self._asked(table, measured[table.relation.name]) for table in tables}
                reading.ask(_questions(tables, asked))
        except psycopg.OperationalError as error:
            unless_interrupted(error)
            raise DatabaseError(f"the connection was lost: {str(error).strip().splitlines()[0]}") from error
        return [
            each
            for table in tables
            for each in self._proposed(reading, table, measured[table.relation.name], asked[table.relation.name])
        ]

    def _table(self, relation: Relation) -> Table:
        sample = self._sample if self._rows(relation) >= LARGE else None
        if sample is not None:
            self.sampled.append(relation.name)
        keys = proposals.keys(self._catalog, relation, self._referring(relation))
        return Table(relation, keys, sample, self._values)

    def _rows(self, relation: Relation) -> int:
        """About how many rows it has; 0 where the server never counted."""
        return self._sizes.known.get(relation.name, (0, 0))[1]

    def _referring(self, relation: Relation) -> dict[str, Sequence[str]]:
        """The columns that seem to refer to a table, and to which; not those of which a foreign key says it."""
        declared = {column for each in relation.having("FOREIGN KEY") for column in each.columns}
        found = {
            name: list(guesses.referred(self._catalog, relation, name))
            for name in relation.columns
            if name not in declared
        }
        return {name: targets for name, targets in found.items() if targets}

    def _scan(self, reading: Reading, tables: Sequence[Table]) -> None:
        reading.ask(
            {
                Source(table.relation.name, table.sample): measures.of_relation(
                    table.relation, table.sample, self._told_apart(table)
                )
                for table in tables
            }
        )

    def _told_apart(self, table: Table) -> list[str]:
        """The columns of which it matters how many different values there are."""
        referring = self._referring(table.relation)
        return [
            column.name
            for column in table.relation.columns.values()
            if measures.can_be_told_apart(column.type)
            and column.name not in referring
            and not any(column.name in each.columns for each in table.relation.having("FOREIGN KEY"))
            and not proposals.is_unique(self._catalog, table.relation, column.name)
        ]

    def _measured(self, reading: Reading, table: Table) -> list[measures.Measured]:
        """What was found; nothing of a relation that could not be read."""
        source = Source(table.relation.name, table.sample)
        rows = reading.found[source, Aggregate(ROWS, sample=table.sample)]
        if isinstance(rows, Refusal):
            self.refused[table.relation.name] = rows.said((), masked=not self._values)
            return []
        told_apart = self._told_apart(table)
        measured = []
        for column in table.relation.columns.values():
            asked = measures.of_column(column, table.sample, told_apart)
            answers = {called: reading.found[source, each] for called, each in asked.items()}
            found = {called: answer for called, answer in answers.items() if not isinstance(answer, Refusal)}
            measured.append(measures.Measured(column, rows, found))
        return measured

    def _asked(self, table: Table, measured: Sequence[measures.Measured]) -> dict[str | None, list[Asking]]:
        """What the second scan is for, by column; what is of the whole table under None."""
        asked: dict[str | None, list[Asking]] = defaultdict(list)
        for each in measured:
            asked[each.column.name] += asking.of_text(table, each)
        enough = {each.column.name for each in measured if each.values >= proposals.ENOUGH}
        for column, targets in self._referring(table.relation).items():
            if column in enough:
                asked[column] += asking.orphans(table, {column: targets})
        if table.sample is not None:
            asked[None] += asking.about_rows(table, self._rows(table.relation))
        return asked

    def _proposed(
        self,
        reading: Reading,
        table: Table,
        measured: Sequence[measures.Measured],
        asked: Mapping[str | None, Sequence[Asking]],
    ) -> Iterator[Expectation]:
        """The proposals, after the table and the columns that they are about."""
        found = _found(reading, table)
        of_table = [each for one in asked.get(None, ()) for each in one.proposed(found)]
        least = None if table.sample is not None or not measured else bounds.at_least_rows(measured[0].rows)
        if least is not None:
            of_table.append(RowCount(table.relation.name, at_least=least, tags=[PROPOSED]))
        columns: dict[str, list[DataExpectation]] = {}
        for each in measured:
            more = list(chain.from_iterable(one.proposed(found) for one in asked.get(each.column.name, ())))
            own = list(proposals.of_column(table, self._catalog, each))
            if not any(one.kind in {"ValuesInSet", "ValuesMatch"} for one in more):
                own += proposals.lengths(table, each)
            columns[each.column.name] = own + more
        if of_table or any(columns.values()):
            yield _exists(table.relation)
            yield from of_table
        for column, those in columns.items():
            if those:
                yield ColumnExists(table.relation.name, column, tags=[PROPOSED])
                yield from those


def _exists(relation: Relation) -> Expectation:
    if relation.is_table:
        return TableExists(relation.name, tags=[PROPOSED])
    return ViewExists(relation.name, materialized=True, tags=[PROPOSED])


def _is_read(relation: Relation) -> bool:
    """Tables, with their partitions, and materialised views: what others compute or hold is not asked for."""
    return relation.kind in {"table", "partitioned table", "materialized view"} and not relation.is_partition


def _questions(
    tables: Sequence[Table], asked: Mapping[str, Mapping[str | None, Sequence[Asking]]]
) -> dict[Source, list[Question]]:
    """What each source is asked; what asks about a whole table by a query of its own counts for that table."""
    questions: dict[Source, list[Question]] = defaultdict(list)
    for table in tables:
        for one in chain.from_iterable(asked[table.relation.name].values()):
            for question in one.questions():
                sample = question.sample if isinstance(question, Aggregate) else None
                questions[Source(table.relation.name, sample)].append(question)
    return questions


def _found(reading: Reading, table: Table) -> dict[Question, Any]:
    own = table.relation.name
    return {question: value for (source, question), value in reading.found.items() if source.relation == own}
