"""The second scan, only where it may tell more: the few values of a set, forms of texts, keys that nobody declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, get_args

from pgcontract.contract.aggregate import Aggregate, Values
from pgcontract.contract.personal import Kind, condition
from pgcontract.contract.rows import ROWS
from pgcontract.expectations.orphans import NoOrphans
from pgcontract.expectations.rows import RowCount
from pgcontract.expectations.values_in_set import ValuesInSet
from pgcontract.expectations.values_increasing import ValuesIncreasing
from pgcontract.expectations.values_match import ValuesMatch
from pgcontract.lifecycle.profile import bounds, texts
from pgcontract.lifecycle.profile.guesses import is_class, is_personal, words
from pgcontract.lifecycle.profile.measures import SHORT, is_text, is_time
from pgcontract.lifecycle.profile.proposals import ENOUGH, ENOUGH_TO_BE_UNIQUE
from pgcontract.names import quote
from pgcontract.run.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
_EACH_LABEL = 20
"""So often each label of an enum would be there on average, were all in use."""
_BRIEF = 40
"""And none is of more characters."""
_NAME = re.compile(r"[A-Z][^\W\d_]+(?:[ -](?:[A-Z]\.|[A-Z][^\W\d_]+))+")
_WRITTEN = frozenset(["added", "created", "inserted", "logged", "occurred", "recorded", "received"])


class Asking(Protocol):
    """What the second scan is asked for."""

    def questions(self) -> list[Question]:
        """What the second scan asks."""
        ...

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """What is proposed of the answers."""
        ...


@dataclass(frozen=True, slots=True)
class SetOf:
    """The set of a column's values, which are few."""

    table: Table
    column: Column

    @property
    def _values(self) -> Aggregate:
        name = quote(self.column.name)
        values = f"pg_catalog.array_agg(distinct pg_catalog.format('%s', {name}))"
        return Aggregate(values, f"not ({name} is null)", sample=self.table.sample)

    @property
    def _personal(self) -> Aggregate:
        """How many of the different values hold personal data: not of all rows, which would take long."""
        each = " or ".join(condition(kind, "held.value") for kind in get_args(Kind))
        values = f"pg_catalog.unnest({self._values.sql}) as held (value)"
        return Aggregate(f"(select {ROWS} from {values} where {each})", sample=self.table.sample)

    def questions(self) -> list[Question]:
        """The values, and whether one looks personal."""
        return [self._values, self._personal]

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """The set, unless a value in it looks personal, or like somebody's name."""
        values = found.get(self._values)
        if not isinstance(values, list) or found.get(self._personal) != 0:
            return
        known = self.table.known[self.column.name]
        if known.type.startswith("character("):  # of which blanks at the end are no part
            values = [value.rstrip(" ") for value in values]
        if known.citext:
            values = list({value.lower(): value for value in sorted(values)}.values())
        if not is_class(self.column.name) and any(_NAME.fullmatch(value) for value in values):
            return
        if known.labels:
            values = [label for label in known.labels if label in values]
        if len(values) <= FEW:
            ordered = values if known.labels else sorted(values)
            yield ValuesInSet(self.table.name, self.column.name, ordered, **self.table.common)


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


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first that holds of several, which say the same more and less precisely."""

    candidates: Sequence[Asking]

    def questions(self) -> list[Question]:
        """What each of them asks."""
        return [question for each in self.candidates for question in each.questions()]

    def proposed(self, found: Mapping[Question, Any]) -> Iterator[DataExpectation]:
        """What the first proposes that proposes anything."""
        yield from next((those for each in self.candidates if (those := list(each.proposed(found)))), [])


def of_values(table: Table, measured: Measured) -> list[Asking]:
    """What may be found out about a column's values: a form, or a set."""
    found, known = measured.found, measured.known
    if measured.values < ENOUGH or known.listed:
        return []
    if known.labels:
        return [SetOf(table, measured.column)] if _lacks_labels(table, measured) else []
    if not is_text(measured.type) or found.get("longest") is None:
        return []
    few: list[Asking] = [SetOf(table, measured.column)] if _are_few(table, measured) else []
    forms = [] if known.formed else [*_forms(table, measured)]
    asked: list[Asking] = [Candidate(form, table.relation) for form in forms]
    return [FirstOf([*asked, *few])] if asked or few else []


def _forms(table: Table, measured: Measured) -> Iterator[DataExpectation]:
    """Forms that the first and the last value have."""
    first, last = (measured.found.get(called) for called in ("first", "last"))
    if first is None or last is None or max(len(first), len(last)) > SHORT:
        return
    regexes = [regex for _, regex in texts.fitting(measured.name, first, last)]
    alike = texts.prefixed(first, last) if table.shows(measured.column) and measured.distinct else None
    if alike is not None and (measured.distinct or 0) >= ENOUGH_TO_BE_UNIQUE:
        regexes.append(alike)
    for regex in regexes:
        yield ValuesMatch(table.name, measured.name, regex, **table.common)


def _lacks_labels(table: Table, measured: Measured) -> bool:
    """Whether some labels of an enum are there so often that others, which never are, would have turned up."""
    labels, different = measured.known.labels, measured.distinct or 0
    enough = measured.values >= _EACH_LABEL * len(labels)
    if measured.column.type != measured.type:  # a domain over an enum has no equality with a constant
        return False
    return table.shows(measured.column) and 1 < different < len(labels) and different <= FEW and enough


def _are_few(table: Table, measured: Measured) -> bool:
    different = measured.distinct or 0
    brief = measured.found["longest"] <= _BRIEF
    return table.shows(measured.column) and brief and 1 < different <= FEW and different * _EACH <= measured.values


def orphans(table: Table, measured: Measured) -> list[Asking]:
    """Whether all is there that a column refers to, by its name; a join is not sampled."""
    targets = table.referring.get(measured.name, ())
    if table.sample is not None or measured.values < ENOUGH:
        return []
    refers = [NoOrphans(table.name, [measured.name], target, **table.common) for target in targets]
    return [FirstOf([Candidate(each, table.relation) for each in refers])] if refers else []


def increasing(table: Table, measured: Measured) -> list[Asking]:
    """Whether a time at which rows were written increases with the number that the server gave them."""
    key = table.relation.primary_key
    column = measured.column
    written = _WRITTEN.intersection(words(column.name)) and not is_personal(column.name)
    if table.sample is not None or key is None or len(key.columns) != 1 or not is_time(measured.type) or not written:
        return []
    number = table.relation.columns[key.columns[0]]
    numbered = number.identity is not None or (number.default or "").startswith("nextval(")
    if not numbered or measured.values < ENOUGH_TO_BE_UNIQUE or not measured.found.get("span"):
        return []
    return [Candidate(ValuesIncreasing(table.name, column.name, [number.name], **table.common), table.relation)]


def about_rows(table: Table) -> list[Asking]:
    """Of a table that is sampled, whether the server's estimate of its rows will do."""
    least = bounds.at_least_rows(table.estimate)
    if least is None:
        return []
    tags = {key: value for key, value in table.common.items() if key != "sample"}
    return [Candidate(RowCount(table.name, at_least=least, approximate=True, **tags), table.relation)]
