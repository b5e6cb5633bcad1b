from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.exclusion_forms import ExclusionForm, compared
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Member, Relation, Sql, Texts
from pgcontract.expectations.compare import shown
from pgcontract.expectations.constrained import absent, deferral, deferrals, free_name
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding


class ExclusionConstraint(CatalogExpectation):
    """{table} excludes rows that agree in ({elements}).

    Each element is a column or an expression with the operator that no two rows may satisfy, `during with &&`. All is
    compared as Postgres itself would store it, in the order of the elements; without `where` the constraint must be
    about all rows. Whether it can be put off (`deferrable`), and is (`deferred`), is compared when it is given.

    Example:
        ExclusionConstraint("bookings", ["room with =", "during with &&"])

    Repair: add it; that fails while there are such rows, and locks the table while it builds an index.
    """

    table: Relation
    elements: Texts
    using: str = "gist"
    where: Sql | None = None
    deferrable: bool | None = None
    deferred: bool | None = None
    name: Member | None = None

    def _form(self) -> ExclusionForm:
        return ExclusionForm.of(self.table, tuple(self.elements), self.using, self.where)

    def forms(self) -> Iterable[Form]:
        yield self._form()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        expected = catalog.own_form(self._form())
        near = [key for key in relation.having("EXCLUDE") if self.name in {None, key.name}]
        same = [key for key in near if _shown(key) == expected]
        if same:
            yield from min((list(deferrals(self.table, key, self.deferrable, self.deferred)) for key in same), key=len)
            return
        new = free_name(relation, "excl")
        finding = absent(relation, self.name, expected + deferral(self.deferrable, self.deferred), near, new)
        observed = shown([f"{key.name}: {_shown(key)}" for key in near]) if near else finding.observed
        renamed = [key.name for key in relation.having("EXCLUDE") if _shown(key) == expected]
        hint = f"The constraint {renamed[0]} is the same under another name." if renamed else finding.hint
        hint = hint or (perhaps(self.name, relation.constraints) if self.name else None)
        yield replace(finding, observed=observed, hint=hint)


def _shown(constraint: Constraint) -> str:
    return compared(constraint.definition or "")
