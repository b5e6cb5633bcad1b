"""A second look: whether what somebody sees becomes another once B's private rows are gone.

Sums and averages hold nothing of a row by which it would be known again. Where they stand beside the name of a user or
an organisation of B's, or were asked for by it, they speak of B's rows all the same, if they depend on them.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.evidence import named
from pgcontract.isolation.expressions import reduce
from pgcontract.isolation.judge import scalars
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.scope import USERS
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.judge import Evidence
    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.stage import Stage

_SHOWN = re.compile(r"public|leader|ranking|high_?score|directory|rating|likes|votes|popular|rank|score")
"""Names of what is made to be seen by all."""
_COUNTS = re.compile(r"\bcount\s*\(", re.IGNORECASE)
_SUMS = re.compile(r"\b(?:sum|avg|min|max|array_agg|string_agg|jsonb?_agg)\s*\(", re.IGNORECASE)


class Difference:
    """What depends on B's private rows, though it shows none of them."""

    def __init__(self, stage: Stage, worlds: Worlds, evidence: Evidence) -> None:
        self._stage = stage
        self._worlds = worlds
        self._evidence = evidence
        self._keys = {str(row.values[column]) for row in evidence.private for column in row.key}

    @contextmanager
    def _without(self, principal: Principal) -> Generator[None]:
        """Inside, B's private rows are gone, and the principal acts."""
        with self._stage.session.trial():
            self._stage.as_owner()
            gone = [row for row in reversed(self._worlds.order) if row.world == "B" and not row.public]
            self._quietly("select pg_catalog.set_config('session_replication_role', 'replica', true)")
            deletes = [f"delete from {row.table} where {row.where}" for row in gone if row.table != USERS]
            if deletes and not self._quietly(";\n".join(deletes)):
                for delete in deletes:  # what others refer to stays
                    self._quietly(delete)
            for touch in self._worlds.touches:
                self._quietly(touch)
            self._stage.become(principal)
            yield

    def _quietly(self, statement: str) -> bool:
        """Run it, if it may be run; whether it was."""
        try:
            self._stage.session.rows(statement)
        except Refused:
            return False
        return True

    def of_relation(self, principal: Principal, relation: Relation, columns: list[str]) -> Candidate | None:
        """The leak of a view that shows what B's rows come to, beside B's name."""
        if relation.is_table or not self._evidence.names or _SHOWN.search(relation.name.rpartition(".")[2]):
            return None
        shown = ", ".join(map(quote, columns))
        telling = f"row({shown})::text ~ {literal(_pattern(self._evidence.names))}"
        select = f"select {shown} from {relation.name} where {telling}"
        told = self._telling(principal, select, frozenset())
        if told is None:
            return None
        record, marks = told
        narrow = f"row({shown})::text ~ {literal(_pattern(marks))}"
        view = self._stage.session.catalog.views.get(relation.name)
        tables = self._under(reduce(view.definition).relations.values() if view is not None else ())
        what = f"read what somebody else's rows come to in {relation.name}"
        proof = Proof("sees", (), marks, beside=_others(record, marks))
        statement = f"select {shown} from {relation.name} where {narrow}"
        return Candidate(principal, relation.name, "SELECT", (statement,), what, proof, tables)

    def _under(self, written: Iterable[str]) -> tuple[str, ...]:
        """The tables among what a text reads that hold private rows of B's."""
        catalog = self._stage.session.catalog
        private = {row.table for row in self._evidence.private}
        return tuple(dict.fromkeys(table for text in written if (table := named(catalog, text)) in private and table))

    def of_call(
        self, principal: Principal, function: Function, statement: str, answer: list[Any], passed: frozenset[str]
    ) -> Candidate | None:
        """The leak of a function that gives what B's rows come to, beside B's name or asked for by it."""
        if _SHOWN.search(function.name.rpartition(".")[2]):
            return None
        asked = passed & (self._evidence.names | self._keys)
        numbers = not (_COUNTS.search(function.source or "") and not _SUMS.search(function.source or ""))
        if not any(self._names_in(record) - passed or (asked and numbers and _numbers(record)) for record in answer):
            return None
        told = self._telling(principal, statement, passed, by_number=bool(asked) and numbers)
        if told is None or told[0] not in answer:  # it gives something else whenever it is called
            return None
        record, marks = told
        what = f"read what somebody else's rows come to through {function.signature}"
        proof = Proof("sees", (), marks or _numbers(record), beside=_others(record, marks))
        tables = self._under(reduce(function.source or "").relations.values())
        return Candidate(principal, function.signature, "EXECUTE", (statement,), what, proof, tables)

    def _names_in(self, record: Any) -> set[str]:
        return {str(value) for value in scalars(record)} & self._evidence.names

    def _telling(
        self, principal: Principal, select: str, passed: frozenset[str], *, by_number: bool = False
    ) -> tuple[Mapping[str, Any], frozenset[str]] | None:
        """The first record that is only there, or only so, because of B's private rows."""
        asked = f"select pg_catalog.to_jsonb(s) from ({select} limit 200) as s"
        with self._stage.session.trial():
            before = self._stage.tried(asked)
        if isinstance(before, Refused) or not before:
            return None
        with self._without(principal):
            after = self._stage.tried(asked)
        if isinstance(after, Refused):
            return None
        left = [record for (record,) in after]
        for (record,) in before:
            names = frozenset(self._names_in(record) - passed)
            if record not in left and ((names and _others(record, names)) or (by_number and _numbers(record))):
                return record, names
        return None


def _others(record: Any, names: Iterable[str]) -> frozenset[str]:
    """The numbers that stand beside the names."""
    return frozenset(text for text in _numbers(record) if text not in set(names))


def _numbers(record: Any) -> frozenset[str]:
    return frozenset(str(value) for value in scalars(record) if isinstance(value, int | float) and value)


def _pattern(texts: Iterable[str]) -> str:
    return "|".join(re.sub(r"([.+*?()|$[{])", r"[\1]", text) for text in sorted(texts))
