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
from pgcontract.lifecycle.profile import asking, bounds, measures, proposals
from pgcontract.lifecycle.profile.objects import objects
from pgcontract.lifecycle.profile.tables import PROPOSED, Table, read, tables
from pgcontract.lifecycle.profile.together import together
from pgcontract.run.reading import Reading
from pgcontract.run.refusal import Refusal
from pgcontract.run.scanning import Scanning
from pgcontract.run.sources import Sizes, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.aggregate import Question
    from pgcontract.contract.expectation import DataExpectation, Expectation
    from pgcontract.lifecycle.profile.asking import Asking
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.reading import Told


class Looking:
    """A look at the rows of all tables in scope.

    Attributes:
        refused: By relation why it could not be read.
        sampled: The relations of which only a part was read.
    """

    def __init__(self, catalog: Catalog, scope: Scope, *, sample: float | None, values: bool, views: bool) -> None:
        self.refused: dict[str, str] = {}
        self.sampled: list[str] = []
        self._catalog = catalog
        self._relations = read(catalog, scope, views=views)
        self._sample = sample
        self._values = values

    def at(self, connection: psycopg.Connection[Any], *, longest: float | None, told: Told) -> list[Expectation]:
        """What is proposed of all, relation by relation.

        Raises:
            DatabaseError: The connection was lost.
        """
        scanning = Scanning(values=self._values, longest=longest)
        reading = Reading(connection, self._catalog, scanning, told)
        try:
            with reading.begun():
                looked_at = self._tables(Sizes.of(connection, [Source(each.name) for each in self._relations]))
                self._scan(reading, looked_at)
                measured = {table.name: self._measured(reading, table) for table in looked_at}
                looked_at = [table for table in looked_at if measured[table.name]]
                asked = {table.name: _asked(table, self._catalog, measured[table.name]) for table in looked_at}
                reading.ask(_questions(looked_at, asked))
        except psycopg.OperationalError as error:
            unless_interrupted(error)
            raise DatabaseError(f"the connection was lost: {str(error).strip().splitlines()[0]}") from error
        self._note_what_was_given_up(reading)
        found = _found(reading)
        return [
            each
            for table in looked_at
            for each in self._proposed(table, measured[table.name], asked[table.name], found[table.name])
        ]

    def _note_what_was_given_up(self, reading: Reading) -> None:
        """A table of which something took too long is named, whatever of it was answered."""
        for (source, _), answer in reading.found.items():
            if isinstance(answer, Refusal) and answer.of_all:
                self.refused.setdefault(source.relation, answer.said((), masked=not self._values))

    def _tables(self, sizes: Sizes) -> list[Table]:
        found = list(tables(self._catalog, self._relations, sizes, sample=self._sample, values=self._values))
        self.sampled += [table.name for table in found if table.sample is not None]
        return found

    def _scan(self, reading: Reading, tables: Sequence[Table]) -> None:
        reading.ask({Source(table.name, table.sample): measures.of_relation(table) for table in tables})

    def _measured(self, reading: Reading, table: Table) -> list[measures.Measured]:
        """What was found; nothing of a relation that could not be read."""
        source = Source(table.name, table.sample)
        rows = reading.found[source, Aggregate(ROWS, sample=table.sample)]
        if isinstance(rows, Refusal):
            self.refused[table.name] = rows.said((), masked=not self._values)
            return []
        measured = []
        for column in table.relation.columns.values():
            asked = measures.of_column(table, column)
            answers = {called: reading.found[source, each] for called, each in asked.items()}
            found = {called: answer for called, answer in answers.items() if not isinstance(answer, Refusal)}
            measured.append(measures.Measured(column, table.known[column.name], rows, found))
        return measured

    def _proposed(
        self,
        table: Table,
        measured: Sequence[measures.Measured],
        asked: Mapping[str | None, Sequence[Asking]],
        found: Mapping[Question, Any],
    ) -> Iterator[Expectation]:
        """The proposals, after the table and the columns that they are about, each with what it was seen on."""
        rows = measured[0].rows if measured else 0
        some = "a sample of " if table.sample is not None else ""
        seen = f"seen on {some}{rows:,} {'row' if rows == 1 else 'rows'}" if measured else None
        for each in self._said(table, measured, asked, found):
            yield each.model_copy(update={"because": seen})

    def _said(
        self,
        table: Table,
        measured: Sequence[measures.Measured],
        asked: Mapping[str | None, Sequence[Asking]],
        found: Mapping[Question, Any],
    ) -> Iterator[Expectation]:
        of_table = [each for one in asked.get(None, ()) for each in one.proposed(found)]
        least = None if table.sample is not None or not measured else bounds.at_least_rows(measured[0].rows)
        if least is not None:
            of_table.append(RowCount(table.name, at_least=least, tags=[PROPOSED]))
        columns: dict[str, list[DataExpectation]] = {}
        for each in measured:
            more = list(chain.from_iterable(one.proposed(found) for one in asked.get(each.column.name, ())))
            own = list(proposals.of_column(table, self._catalog, each))
            said = each.known.listed or each.known.formed or bool(each.known.labels)
            if not said and not any(one.kind in {"ValuesInSet", "ValuesMatch"} for one in more):
                own += proposals.lengths(table, each)
            columns[each.column.name] = own + more
        if of_table or any(columns.values()):
            yield table.exists
            yield from of_table
        for column, those in columns.items():
            if those:
                yield ColumnExists(table.name, column, tags=[PROPOSED])
                yield from those


def _asked(table: Table, catalog: Catalog, measured: Sequence[measures.Measured]) -> dict[str | None, list[Asking]]:
    """What the second scan is for, by column; what is of the whole table under None."""
    asked: dict[str | None, list[Asking]] = defaultdict(list)
    for each in measured:
        asked[each.column.name] += [
            *asking.of_values(table, each),
            *objects(table, each),
            *asking.orphans(table, each),
            *asking.increasing(table, each),
        ]
    asked[None] += together(table, catalog, measured)
    if table.sample is not None:
        asked[None] += asking.about_rows(table)
    return asked


def _questions(
    tables: Sequence[Table], asked: Mapping[str, Mapping[str | None, Sequence[Asking]]]
) -> dict[Source, list[Question]]:
    """What each source is asked; what asks about a whole table by a query of its own counts for that table."""
    questions: dict[Source, list[Question]] = defaultdict(list)
    for table in tables:
        for one in chain.from_iterable(asked[table.name].values()):
            for question in one.questions():
                sample = question.sample if isinstance(question, Aggregate) else None
                questions[Source(table.name, sample)].append(question)
    return questions


def _found(reading: Reading) -> Mapping[str, Mapping[Question, Any]]:
    """All that was answered, by relation."""
    found: dict[str, dict[Question, Any]] = defaultdict(dict)
    for (source, question), value in reading.found.items():
        found[source.relation][question] = value
    return found
