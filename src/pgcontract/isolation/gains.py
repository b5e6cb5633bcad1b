"""What a principal sees of B's once it has written something: writes that open a read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.reads import narrowed, readable
from pgcontract.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.judge import Evidence
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage


@dataclass(slots=True)
class Gains:
    """Looks for B's private rows after a write.

    Attributes:
        known: Relations that leak to whoever reads them without having written before: nothing is gained there.
    """

    stage: Stage
    scope: Scope
    evidence: Evidence
    known: set[str] = field(default_factory=set)
    _asked: dict[str, list[tuple[str, Row, str]]] = field(default_factory=dict)

    def _questions(self, role: str) -> list[tuple[str, Row, str]]:
        """A relation, a row of B's in it, and the select that would show that row."""
        if role not in self._asked:
            catalog = self.stage.session.catalog
            found = []
            for row in self.evidence.private:
                relation = self.scope.relations.get(row.table)
                columns = readable(catalog, role, relation) if relation is not None else []
                if relation is not None and columns and all(column in columns for column in row.key):
                    found.append((relation.name, row, narrowed(relation, columns, row, frozenset())))
            self._asked[role] = found
        return [question for question in self._asked[role] if question[0] not in self.known]

    def seen(self, principal: Principal) -> list[tuple[str, Row, str]]:
        """The first of B's rows in each relation that shows to whoever acts just now, with the select that shows it."""
        questions = self._questions(principal.role)
        if not questions:
            return []
        answer = self.stage.tried(" union all ".join(_whether(questions)))
        shows = None if isinstance(answer, Refused) else {name for (name,) in answer}
        found: dict[str, tuple[str, Row, str]] = {}
        for question in questions:
            told = shows is None or question[0] in shows
            if told and question[0] not in found and _shows(self.stage, question[2]):
                found[question[0]] = question
        return [*found.values()]

    def after(self, principal: Principal, statements: tuple[str, ...], what: str) -> list[Candidate]:
        """The leaks that the statements have opened, one a relation; for whoever acts just now."""
        return [self._candidate(principal, statements, what, *seen) for seen in self.seen(principal)]

    def copies(self, principal: Principal, said: str) -> tuple[Relation, str, frozenset[str], list[Row]] | None:
        """What of B's shows in a row that is not B's, such as a copy: where, by which select, by what, of which rows.

        Args:
            principal: Who acts just now.
            said: The statement that may have made the copy; what stands in it was known before.
        """
        for name, record in self._tagged(principal):
            if marks := self.evidence.copied(record, name, said.lower()):
                relation = self.scope.tables[name]
                columns = readable(self.stage.session.catalog, principal.role, relation)
                select = narrowed(relation, columns, None, frozenset(marks))
                return relation, select, frozenset(marks), self.evidence.holders(marks)
        return None

    def _tagged(self, principal: Principal) -> Iterator[tuple[str, Any]]:
        """All that shows of B's canaries in tables, to whoever acts just now."""
        catalog = self.stage.session.catalog
        asked = []
        for relation in self.scope.tables.values():
            columns = readable(catalog, principal.role, relation) if relation.name not in self.known else []
            if columns:
                select = narrowed(relation, columns, None, frozenset([self.evidence.tag]))
                told = f"select {literal(relation.name)}, pg_catalog.to_jsonb(s) from ({select} limit 200) as s"
                asked.append(f"({told})")
        if not asked:
            return
        answer = self.stage.tried(" union all ".join(asked))
        answers = [self.stage.tried(one) for one in asked] if isinstance(answer, Refused) else [answer]
        for rows in answers:
            yield from () if isinstance(rows, Refused) else ((name, record) for name, record in rows)

    def _candidate(
        self, principal: Principal, statements: tuple[str, ...], what: str, relation: str, row: Row, select: str
    ) -> Candidate:
        marks = frozenset(mark for value in row.values.values() for mark in self.evidence.marks_in(value))
        marks |= {str(row.values[column]) for column in row.key}
        return Candidate(
            principal,
            relation,
            "SELECT",
            (*statements, select),
            f"read what belongs to somebody else in {relation}, once it has {what}",
            Proof("sees", (row.name,), marks),
            (row.table,),
        )


def _shows(stage: Stage, select: str) -> bool:
    answer = stage.tried(select)
    return not isinstance(answer, Refused) and bool(answer)


def _whether(questions: list[tuple[str, Row, str]]) -> Iterator[str]:
    """Selects of the relations in which one of the rows shows."""
    conditions: dict[str, list[str]] = {}
    for name, row, _ in questions:
        conditions.setdefault(name, []).append(f"({row.where})")
    for name, parts in conditions.items():
        yield f"select {literal(name)} where exists (select from {name} where {' or '.join(parts)})"
