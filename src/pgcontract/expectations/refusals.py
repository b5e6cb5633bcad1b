from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Member, Relation
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.acting import rehearsing, require_telling
from pgcontract.expectations.violations import candidates
from pgcontract.names import perhaps, quote
from pgcontract.synth.inserting import delete, insert
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.synth import Inserted, Maker

_INTEGRITY = "23"
"""The class of SQLSTATE that constraints refuse rows by."""
_GOOD = 4
"""Good rows that are made at most, from which to go wrong."""
_DEFERRED = "set constraints all immediate"


class ConstraintRefuses(ProbeExpectation):
    """{table} refuses a row that breaks {constraint}.

    A row that the table takes is made, what `row` says is put into it, and it must be refused, by that constraint;
    without `constraint`, by any. Without `row`, rows that break the constraint are guessed from its kind: a key that is
    there already or refers to nothing, values at the edges for a check. Where no guess is refused, the outcome is
    skipped, for then nothing can be told. `where` pins columns of the good row, should none go in by itself. A
    constraint that is put off to the end of the transaction is asked before it is rolled back.

    Example:
        ConstraintRefuses("invoices", "invoices_amount_check", row={"amount": -1})

    Repair: add the constraint, or make its expression as strict as the row says.
    """

    table: Relation
    constraint: Member | None = None
    row: Mapping[str, Any] | None = None
    where: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        if self.constraint is None and self.row is None:
            raise ValueError("it says not what is refused: give a constraint, a row, or both")
        return self

    def probe(self, session: Session) -> Iterator[Finding]:
        relation = session.catalog.relations[self.table]
        for name in self.row or {}:
            relation.columns[name]  # one that is missing says so
        found = relation.constraints.get(self.constraint or "")
        if self.constraint is not None and found is None:
            hint = perhaps(self.constraint, relation.constraints)
            yield Finding(f"{self.table} has no constraint {quote(self.constraint)}", self.constraint, hint=hint)
            return
        with rehearsing(session, self.table) as maker:
            if self.row is not None:
                yield from self._judge(session, relation, maker.row(self.table, self.where), self.row)
            elif found is not None:
                yield from self._guess(session, maker, relation, found)

    def _judge(
        self, session: Session, relation: RelationRecord, good: Inserted, row: Mapping[str, Any]
    ) -> Iterator[Finding]:
        wanted = f"refused by {self.constraint}" if self.constraint else "refused by a constraint"
        refused = self._tried(session, relation, good, {**_given(relation, good), **row})
        said = ", ".join(f"{name} = {value!r}" for name, value in row.items())
        if refused is None:
            yield Finding(f"{self.table} takes a row with {said}", wanted, "the row went in")
        elif not self._by_it(refused):
            by = f"constraint {refused.constraint}" if refused.constraint else f"{refused.sqlstate}: {refused}"
            hint = "Pin what else is wrong with the row by `where`." if self.constraint else None
            yield Finding(f"{self.table} refuses a row with {said}, but by {by}", wanted, f"refused by {by}", hint=hint)

    def _guess(
        self, session: Session, maker: Maker, relation: RelationRecord, constraint: Constraint
    ) -> Iterator[Finding]:
        if not constraint.enforced:
            yield Finding(f"{quote(constraint.name)} of {self.table} is not enforced", "enforced", "not enforced")
            return
        reason = "none of the rows that were tried broke it"
        stays = constraint.kind in {"PRIMARY KEY", "UNIQUE", "EXCLUDE"}
        for good in maker.rows(self.table, _GOOD, self.where):
            for values in candidates(session, maker, relation, constraint, _given(relation, good)):
                refused = self._tried(session, relation, None if stays else good, values)
                if refused is not None and self._by_it(refused):
                    return
                reason = "none of the rows that were tried was refused by it" if refused is None else str(refused)
        raise CannotProbe(f"no row was found that {quote(constraint.name)} refuses ({reason}); say one with `row`")

    def _tried(
        self, session: Session, relation: RelationRecord, instead: Inserted | None, values: Mapping[str, Any]
    ) -> Refused | None:
        """Why the values do not go in, perhaps instead of a row that is there; None where they do."""
        with session.trial():
            if instead is not None:
                with suppress(Refused):  # a trigger may forbid that; checks are asked before keys
                    delete(session, relation, instead.key)
            try:
                insert(session, relation, values)
                session.rows(_DEFERRED)
            except Refused as refused:
                require_telling(refused)
                return refused
        return None

    def _by_it(self, refused: Refused) -> bool:
        if self.constraint is not None:
            return refused.constraint == self.constraint
        return refused.sqlstate.startswith(_INTEGRITY)


def _given(relation: RelationRecord, good: Inserted) -> dict[str, Any]:
    """What can be given for each column; generated ones make themselves."""
    return {name: value for name, value in good.values.items() if relation.columns[name].generated is None}
