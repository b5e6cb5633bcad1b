from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.aggregate import Aggregate, Question, Values
from pgcontract.contract.fields import Member, Sql
from pgcontract.contract.rows import RowsExpectation
from pgcontract.names import literal, quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord


class Fresh(RowsExpectation):
    """The newest {column} of {table} is not older than {within}.

    `within` is an interval as Postgres writes it: `1 day`, `2h 30m`. By the server's clock when reading begins; a time
    without a zone is one of UTC. A table without rows, or with NULLs and infinite times alone, is not fresh. A newest
    value in the future is.

    Example:
        Fresh("events", "created_at", "1 day")

    Repair: find out why nothing is written any more.
    """

    column: Member
    within: Sql

    def _newest(self) -> str:
        column = quote(self.column)
        return self.of(f"pg_catalog.max({column})", f"pg_catalog.isfinite({column})").sql

    def _asked(self) -> tuple[Aggregate, Aggregate]:
        """Whether it is fresh, and how long ago the newest is, as text."""
        newest = self._newest()
        begin = f"pg_catalog.now() - {literal(self.within)}::pg_catalog.interval"
        ago = f"pg_catalog.date_trunc('second', pg_catalog.now() - ({newest}))::pg_catalog.text"
        return Aggregate(f"({newest}) >= {begin}", sample=self.sample), Aggregate(ago, sample=self.sample)

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        relation.columns[self.column]
        return (self._asked()[0], *(() if self.sample is None else (self._read(),)))

    def details(self, values: Values) -> Iterable[Question]:
        fresh, ago = self._asked()
        return () if values[fresh] else (ago,)

    def judge(self, values: Values) -> Iterator[Finding]:
        fresh, ago = self._asked()
        if values[fresh]:
            return
        self.require_rows(values)
        if values[fresh] is None:
            message, observed = f"{self.subject} has no newest value{self.where_words()}", None
        else:
            observed = "older" if values.masked else f"{values.get(ago)} old"
            than = f"{observed} than" if values.masked else f"{observed}, more than"
            message = f"the newest value of {self.subject} is {than} {self.within}{self.where_words()}"
        yield Finding(f"{message}{self.sampled(values)}", f"at most {self.within} old{self.where_words()}", observed)
