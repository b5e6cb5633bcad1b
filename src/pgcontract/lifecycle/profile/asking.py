"""The second scan, only where it may tell more: the few values of a set, forms of texts, keys that nobody declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pgcontract.catalog.lexis import names
from pgcontract.contract.aggregate import Aggregate, Values
from pgcontract.contract.personal import Kind, condition
from pgcontract.contract.rows import ROWS
from pgcontract.expectations.orphans import NoOrphans
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.lifecycle.profile import bounds, texts
from pgcontract.lifecycle.profile.measures import SHORT, is_text
from pgcontract.lifecycle.profile.proposals import ENOUGH
from pgcontract.names import quote
from pgcontract.run.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.aggregate import Question
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.lifecycle.profile.measures import Measured
    from pgcontract.lifecycle.profile.tables import Table

FEW = 12
"""A set has so many values at most."""
_EACH = 5
"""And each of them stands in so many rows on average."""
_BRIEF = 40
"""And none is of more characters."""
_LISTED = re.compile(r"= (?:ANY \(|')")


@dataclass(frozen=True, slots=True)
class SetOf:
    """The set of a column's values, which are few."""

    table: Table
    column: Column

    @property
    def _values(self) -> Aggregate:
        name = quote(self.column.name)
        return Aggregate(f"pg_catalog.array_agg(distinct {name})", f"not ({name} is null)", sample=self.table.sample)

    @property
    def _personal(self) -> Aggregate:
        """How many of the different values hold personal data: not of all rows, which would take long."""
        each = " or ".join(condition(kind, "pg_catalog.format('%s', held.value)") for kind in get_args(Kind))
        values = f"pg_catalog.unnest({self._values.sql}) as held (value)"
        return Aggregate(f"(select {ROWS} from {values} where {each})", sample=self.table.sample)

    def questions(self) -> list[Question]:
        """What the second scan asks."""
        return [self._values, self._personal]

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """The set, unless a value in it looks personal."""
        values = found.get(self._values)
        if not isinstance(values, list) or found.get(self._personal) != 0:
            return
        if self.column.type.startswith("character("):  # of which blanks at the end are no part
            values = [value.rstrip(" ") for value in values]
        if len(values) <= FEW:
            yield ValuesInSet(self.table.relation.name, self.column.name, sorted(values), **self.table.common)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expectation that is proposed if it holds."""

    expectation: DataExpectation
    relation: Relation

    def questions(self) -> list[Question]:
        """What the expectation itself asks."""
        return list(self.expectation.aggregates(self.relation))

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """It, if it holds."""
        answers = {question: found.get(question) for question in self.questions()}
        if any(answer is None or isinstance(answer, Refusal) for answer in answers.values()):
            return
        if next(iter(self.expectation.judge(Values(self.relation, answers))), None) is None:
            yield self.expectation


Asking = SetOf | Candidate


def of_text(table: Table, measured: Measured) -> list[Asking]:
    """What may be found out about a column of texts: a form, of several those that its first and last value have."""
    found, column = measured.found, measured.column
    if not is_text(column.type) or measured.values < ENOUGH or found.get("longest") is None:
        return []
    first, last = found.get("first"), found.get("last")
    fitting = texts.fitting(first, last) if first is not None and last is not None and _whole(first, last) else ()
    name = table.relation.name
    forms = [ValuesMatch(name, column.name, regex, **table.common) for regex in fitting]
    asked: list[Asking] = [Candidate(form, table.relation) for form in forms]
    return asked or ([SetOf(table, column)] if _are_few(table, measured) else [])


def _whole(*values: str) -> bool:
    return all(len(value) <= SHORT for value in values)


def _are_few(table: Table, measured: Measured) -> bool:
    found, column = measured.found, measured.column
    if not table.shows(column) or has_set(table.relation, column.name):
        return False
    different = found.get("distinct") or 0
    return 1 < different <= FEW and different * _EACH <= measured.values and found["longest"] <= _BRIEF


def has_set(relation: Relation, column: str) -> bool:
    """Whether a CHECK on the column alone says already which values there are: as one of a list, or one by one."""
    checks = [each.expression or "" for each in relation.having("CHECK")]
    alone = (text for text in checks if names(text) & relation.columns.keys() == {column})
    return any(_LISTED.search(text) for text in alone)


def orphans(table: Table, measured: Measured) -> list[Asking]:
    """Whether all is there that a column refers to, by its name; a join is not sampled."""
    target = table.referring.get(measured.column.name)
    if table.sample is not None or target is None or measured.values < ENOUGH:
        return []
    refers = NoOrphans(table.relation.name, [measured.column.name], target, **table.common)
    return [Candidate(refers, table.relation)]


def about_rows(table: Table) -> list[Asking]:
    """Of a table that is sampled, whether the server's estimate of its rows will do."""
    least = bounds.at_least_rows(table.estimate)
    if least is None:
        return []
    tags = {"tags": table.common["tags"]}
    return [Candidate(RowCount(table.relation.name, at_least=least, approximate=True, **tags), table.relation)]
