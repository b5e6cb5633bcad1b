"""The data lane: what all expectations ask is gathered, answered relation by relation, and given back to each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg

from pgcontract.catalog.effective import may_set_role
from pgcontract.catalog.lexis import complaint, unsendable
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.snapshot import settings_statement
from pgcontract.contract.aggregate import Aggregate, Guarantee, Query, Question, Values
from pgcontract.errors import unless_interrupted
from pgcontract.names import qualified
from pgcontract.records import dataclass
from pgcontract.run.base_types import on_base_types
from pgcontract.run.examples import Wanted, shown
from pgcontract.run.reading import Reading, Told
from pgcontract.run.refusal import Refusal, refusal
from pgcontract.run.sources import Source
from pgcontract.run.statements import execute, rolled_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.aggregate import ExampleQuery
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.run.scanning import Scanning
    from pgcontract.verdict import Examples


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why an expectation cannot be judged, in words."""

    reason: str


_NOWHERE = Relation("", "view", "")

Answer: TypeAlias = Values | Unanswered | Guarantee
Plan: TypeAlias = "Sequence[Question] | Unanswered | Guarantee"
Asked: TypeAlias = "Mapping[DataExpectation, Sequence[Question]]"


def answers(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    expectations: Iterable[DataExpectation],
    scanning: Scanning,
    told: Told,
) -> dict[DataExpectation, Answer]:
    """What data expectations asked for.

    Those that cannot say what they need are left out, and judged when their turn comes.
    """
    expectations = tuple(expectations)
    catalog = on_base_types(catalog, dict.fromkeys(filter(None, (each.belongs_to for each in expectations))))
    plans: dict[DataExpectation, Plan | None] = {each: _planned(each, catalog) for each in expectations}
    if why := _forbidden(catalog, scanning.role):
        plans = {each: plan if isinstance(plan, Guarantee | None) else Unanswered(why) for each, plan in plans.items()}
    for each in _unproven(connection, catalog, plans):
        plans[each] = tuple(each.aggregates(_relation(each, catalog)))
    asked = {each: plan for each, plan in plans.items() if not isinstance(plan, Unanswered | Guarantee | None)}
    found: dict[DataExpectation, Answer] = {
        each: plan for each, plan in plans.items() if isinstance(plan, Unanswered | Guarantee)
    }
    return found | _Lane(Reading(connection, catalog, scanning, told), catalog, asked).answers() if asked else found


def _planned(expectation: DataExpectation, catalog: Catalog) -> Plan | None:
    """What it asks; None if it fails to say so, which is judged, with its traceback, when its turn comes."""
    try:
        return planned(expectation, catalog)
    except Exception:  # noqa: BLE001 - as above
        return None


def planned(expectation: DataExpectation, catalog: Catalog) -> Plan:
    """What the expectation asks, or why it need not, or cannot.

    Raises:
        MissingObjectError: Something that it is about is not there.
        Exception: Whatever the expectation's own code raises.
    """
    asked = tuple(expectation.aggregates(_relation(expectation, catalog)))
    for question in asked:
        others = [catalog.relations[name] for name in _others(question)]  # what is not there is missing
        for column in question.columns:
            _ = others[0].columns[column]
        if why := unsendable(question.sql):
            return Unanswered(f"the server is not asked for a value that it cannot have: {why}")
    for text in expectation.written():
        if why := complaint(text):
            return Unanswered(f"the server is not asked about {text!r}: {why}")
    return expectation.guaranteed(catalog) or asked


def _others(question: Question) -> Sequence[str]:
    """The relations that it reads beside the expectation's own."""
    return question.of if isinstance(question, Query) else () if question.of is None else (question.of,)


def _forbidden(catalog: Catalog, role: str | None) -> str | None:
    """Why rows may not be read as the role."""
    user = catalog.server.user
    if role is None or role in may_set_role(catalog, user):
        return None
    why = "is not a member of that role" if role in catalog.roles else "there is no such role"
    return f"{user} may not read rows as {role}: {'it ' if role in catalog.roles else ''}{why}"


# The columns whose NOT NULL has never been checked on the rows that were there before it.
_NOT_VALID = """
select n.nspname, c.relname, a.attname
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c on c.oid = k.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
where k.contype = 'n' and not k.convalidated
"""
_NOT_VALID_SINCE = 180000


def _unproven(
    connection: psycopg.Connection[Any], catalog: Catalog, plans: Mapping[DataExpectation, object]
) -> list[DataExpectation]:
    """The expectations that seem to be guaranteed by a NOT NULL, and are not."""
    rests = {each: plan.not_null for each, plan in plans.items() if isinstance(plan, Guarantee) and plan.not_null}
    if not rests or catalog.server.version_number < _NOT_VALID_SINCE:
        return []
    with rolled_back(connection, "pgcontract_not_null", read_only=True):
        execute(connection, settings_statement())
        rows = execute(connection, _NOT_VALID).fetchall()
    doubtful = {(qualified(schema, relation), column) for schema, relation, column in rows}
    return [each for each, columns in rests.items() if doubtful.intersection(columns)]


class _Lane:
    """The expectations that ask something, and the answers as they come."""

    def __init__(self, reading: Reading, catalog: Catalog, asked: Asked) -> None:
        self._reading = reading
        self._catalog = catalog
        self._asked = asked
        self._details: dict[DataExpectation, Sequence[Question]] = {}
        self._examples: Mapping[DataExpectation, Examples] = {}

    def answers(self) -> dict[DataExpectation, Answer]:
        lost: str | None = None
        try:
            with self._reading.begun():
                suspects = {
                    question for each, asked in self._asked.items() if any(each.written()) for question in asked
                }
                self._reading.ask(_by_source(self._asked), suspects)
                self._details = {each: self._more(each) for each in self._asked}
                self._reading.ask(_by_source(self._details))
                self._examples = shown(self._reading, self._wanted()) if self._reading.scanning.examples else {}
        except psycopg.OperationalError as error:
            unless_interrupted(error)
            lost = f"the connection was lost: {refusal(error).message}"
        return {each: self._answer(each, lost) for each in self._asked}

    def _answer(self, expectation: DataExpectation, lost: str | None = None) -> Answer:
        """Its values; or why there are none, where one of those that it needs could not be had."""
        scanning = self._reading.scanning
        found: dict[Question, Any] = {}
        for question in (*self._asked[expectation], *self._details.get(expectation, ())):
            value = self._reading.found.get((_source(expectation, question), question), Refusal(lost or "not asked"))
            if not isinstance(value, Refusal):
                found[question] = value
            elif question in self._asked[expectation]:
                return Unanswered(value.said(expectation.written(), masked=not scanning.values))
        relation = _relation(expectation, self._catalog)
        examples = self._examples.get(expectation)
        return Values(relation, found, examples=examples, masked=not scanning.values)

    def _more(self, expectation: DataExpectation) -> Sequence[Question]:
        values = self._answer(expectation)
        try:
            return tuple(expectation.details(values)) if isinstance(values, Values) else ()
        except Exception:  # noqa: BLE001 - judged, with its traceback, when its turn comes
            return ()

    def _wanted(self) -> Iterator[Wanted]:
        """Which rows to show of those that failed."""
        for each in self._asked:
            values = self._answer(each)
            if not isinstance(values, Values):
                continue
            try:
                failed = next(iter(each.judge(values)), None) is not None
                query = each.examples(values.relation) if failed else None
            except Exception:  # noqa: BLE001, S112 - as above
                continue
            if query is not None:
                yield Wanted(each, Source(query.of or values.relation.name, query.sample), query, _many(query, values))


def _many(query: ExampleQuery, values: Values) -> int | None:
    """How many rows the query would give, where that is known."""
    found = None if query.count is None else values.get(query.count)
    return found if isinstance(found, int) else None


def _by_source(asked: Asked) -> dict[Source, list[Question]]:
    grouped: dict[Source, list[Question]] = defaultdict(list)
    for expectation, questions in asked.items():
        for question in questions:
            grouped[_source(expectation, question)].append(question)
    return grouped


def _source(expectation: DataExpectation, question: Question) -> Source:
    """A query of its own counts for the relation that the expectation belongs to."""
    own = expectation.belongs_to or ""
    return Source(question.of or own, question.sample) if isinstance(question, Aggregate) else Source(own)


def _relation(expectation: DataExpectation, catalog: Catalog) -> Relation:
    """What it belongs to; a relation without a name or columns for what belongs to none.

    Raises:
        MissingObjectError: It is not there.
    """
    return _NOWHERE if expectation.belongs_to is None else catalog.relations[expectation.belongs_to]
