from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import field_validator, model_validator

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Relation
from pgcontract.expectations.compare import differs
from pgcontract.expectations.functions import signature_forms
from pgcontract.expectations.kinds import KINDS, Noun, locate, placed_name, require_table, target
from pgcontract.names import literal
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding


class CommentIs(CatalogExpectation):
    """The comment on {noun} {name} is {comment}.

    None says that there is none. Tools read comments too: what PostgREST and GraphQL servers publish, and how.

    Example:
        CommentIs("table", "invoices", "One row an invoice, never deleted")

    Repair: `COMMENT ON`.
    """

    noun: Noun
    name: str
    comment: str | None
    of: Relation | None = None

    _placed = field_validator("name")(placed_name)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        require_table(self.noun, self.of)
        if KINDS[self.noun].sql == "role":
            raise ValueError("the comments on roles are the cluster's, and not in the catalog")
        return self

    @property
    def subject(self) -> str:
        return KINDS[self.noun].full(self.name, self.of)

    def forms(self) -> Iterable[Form]:
        if KINDS[self.noun].place == "routine":
            yield from signature_forms(self.name)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.require("comments")
        record = locate(catalog, self.noun, self.name, self.of)
        wanted = self.comment or None  # an empty comment is none to Postgres
        words = "null" if wanted is None else literal(wanted)
        repair = Repair(f"comment on {target(self.noun, record, self.of)} is {words};")
        yield from differs(f"comment on {self.noun} {self.subject}", wanted, record.comment, repair=[repair])
