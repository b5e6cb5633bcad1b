from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from pydantic import field_validator, model_validator

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Relation
from pgcontract.expectations.compare import differs
from pgcontract.expectations.described import (
    DescribedNoun,
    full_name,
    home,
    located,
    name_forms,
    placed_name,
    require_of,
)
from pgcontract.expectations.kinds import KINDS
from pgcontract.names import quote
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding


class OwnerIs(CatalogExpectation):
    """The owner of {noun} {name} is {owner}.

    An owner may do anything with what it owns, and row-level security does not hold for it unless it is forced. The
    owner of an index is its table's; say the table in `of`. `noun` is what Postgres calls it: `table`, `function`,
    `server`, …; an `operator` is written `symbol (left, right)`, and of databases only the one that is looked at is
    known.

    Example:
        OwnerIs("table", "invoices", "app_owner")

    Repair: `ALTER … OWNER TO`.
    """

    noun: DescribedNoun
    name: str
    owner: Identifier
    of: Relation | None = None

    _placed = field_validator("name")(placed_name)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        require_of(self.noun, self.of)
        if self.noun in {"cast", "domain constraint"} or (
            self.noun in KINDS and KINDS[self.noun].sql in {"role", "column", "constraint", "policy", "trigger", "rule"}
        ):
            raise ValueError(f"a {self.noun} has no owner of its own")
        return self

    @property
    def belongs_to(self) -> str | None:
        return home(self.noun, self.name, self.of)

    @property
    def subject(self) -> str:
        return full_name(self.noun, self.name, self.of)

    def forms(self) -> Iterable[Form]:
        return name_forms(self.noun, self.name)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        record, called = located(catalog, self.noun, self.name, self.of)
        owned = record if self.of is None else catalog.relations[self.of]
        words = called if self.of is None else f"table {self.of}"
        # A column's sequence changes hands with its table, and an extension never does.
        follows = getattr(record, "owned_by", None) is not None
        change = f"alter {words} owner to {quote(self.owner)};"
        mend = () if follows or self.noun == "extension" else (Repair(change, "changes access"),)
        hint = "It goes with its table, whose owner is to be changed." if follows else None
        for finding in differs(f"owner of {self.noun} {self.subject}", self.owner, owned.owner, repair=mend):
            yield replace(finding, hint=hint)
