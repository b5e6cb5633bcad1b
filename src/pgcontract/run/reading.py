"""Rows are read in one transaction that only reads, so that all answers speak of the same moment.

Where a policy would hide rows from whoever reads, the server refuses: hidden rows are not judged fine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg

from pgcontract.catalog.snapshot import settings_statement
from pgcontract.contract.aggregate import Aggregate, Query, Question
from pgcontract.run import telemetry
from pgcontract.run.allowance import Allowance
from pgcontract.run.path import Path
from pgcontract.run.refusal import LOCKED, Refusal, refusal
from pgcontract.run.scan import SAVEPOINT, Scan
from pgcontract.run.sources import Sizes, Source
from pgcontract.run.statements import execute, rolled_back

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.run.scanning import Scanning

Told: TypeAlias = Callable[[str, float], None]
"""Told what is being done, and which share of the whole is done, 0 to 1."""

# Hidden rows are an error; and what a database or role may have set to make SQL mean something else, or find less. A
# large table is read from its beginning, so that the same rows are shown as examples each time.
_SETTINGS = """
select pg_catalog.set_config('row_security', 'off', true),
    pg_catalog.set_config('transform_null_equals', 'off', true),
    pg_catalog.set_config('array_nulls', 'on', true),
    pg_catalog.set_config('gin_fuzzy_search_limit', '0', true),
    pg_catalog.set_config('synchronize_seqscans', 'off', true)
"""


class Reading:
    """One look at the rows of many relations.

    Attributes:
        found: The value of each question on each source, or why there is none.
    """

    def __init__(self, connection: psycopg.Connection[Any], catalog: Catalog, scanning: Scanning, told: Told) -> None:
        self.scanning = scanning
        self.found: dict[tuple[Source, Question], Any] = {}
        self._connection = connection
        self._catalog = catalog
        self._told = told
        self._sizes = Sizes()
        self._suspects: Collection[Question] = ()
        self._scans: dict[Source, Scan] = {}
        self._paths: dict[tuple[str, ...], Path] = {}

    @contextmanager
    def begun(self) -> Generator[None]:
        """Inside, rows can be read, and nothing else be done."""
        with rolled_back(self._connection, "pgcontract_scans", read_only=True):
            execute(self._connection, settings_statement())
            execute(self._connection, _SETTINGS)
            if self.scanning.role is not None:
                execute(self._connection, "select pg_catalog.set_config('role', %s, true)", [self.scanning.role])
            execute(self._connection, f"savepoint {SAVEPOINT}")
            yield

    def ask(self, questions: Mapping[Source, Sequence[Question]], suspects: Collection[Question] = ()) -> None:
        """Scan each source once for all that is asked of it; the suspects hold an author's own SQL.

        Raises:
            psycopg.OperationalError: The connection was lost.
        """
        if not self._sizes.known:
            self._sizes = Sizes.of(self._connection, questions)
        self._suspects = suspects
        weights = {source: self._sizes.weight(source) for source in questions}
        done = 0.0
        for number, source in enumerate(questions, 1):
            words = f"scanning {self._sizes.words(source)}, {number} of {len(questions)}"
            self._told(words, done / sum(weights.values()))
            with telemetry.phase("scan", self._connection, relation=source.relation):
                self._answer(source, questions[source])
            done += weights[source]

    def rows(self, source: Source, statement: str) -> list[tuple[Any, ...]] | Refusal:
        """A statement's rows; names that pg_catalog does not know are looked up on the wide path.

        Raises:
            psycopg.OperationalError: The connection was lost.
        """
        scan = self._scan(source)
        # What belongs to no relation is not one relation's, either: each may take as long as one.
        allowance = scan.allowance if source.relation else Allowance(self.scanning.longest)
        try:
            return scan.rows(statement, allowance)
        except psycopg.OperationalError as error:
            if self._connection.closed:
                raise
            refused = refusal(error)
            scan.locked = refused if refused.sqlstate == LOCKED and source.relation else None
            return allowance.said(refused)

    def after_from(self, source: Source) -> str:
        """What stands after `from` in a statement on the source."""
        return self._sizes.sql(source)

    def _answer(self, source: Source, questions: Sequence[Question]) -> None:
        aggregates = [question for question in questions if isinstance(question, Aggregate)]
        if aggregates:
            values = self._scan(source).values(aggregates)
            self.found.update(((source, each), values[each]) for each in aggregates)
        for question in dict.fromkeys(questions):
            if isinstance(question, Query):
                self.found[source, question] = self._first_row(source, question)

    def _first_row(self, source: Source, query: Query) -> Any:
        rows = self.rows(source, query.sql)
        if isinstance(rows, Refusal):
            return rows
        return rows[0] if rows else Refusal(f"the query gives no row: {query.sql}")

    def _scan(self, source: Source) -> Scan:
        if source not in self._scans:
            path = Path.of(source.relation, self._catalog.extensions)
            path = self._paths.setdefault(path.schemas, path)
            allowance = Allowance(self.scanning.longest)
            self._scans[source] = Scan(self._connection, self._sizes.sql(source), path, allowance, self._suspects)
        return self._scans[source]
