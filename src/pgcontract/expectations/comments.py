from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import field_validator, model_validator

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Relation
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

    `noun` is what Postgres calls it: `table`, `function`, `role`, `event trigger`, …. What hangs on a table (`column`,
    `policy`, `rule`, …) says the table in `of`, and a `domain constraint` its domain. A `cast` is written `source as
    target`, an `operator` `symbol (left, right)`. Of databases only the one that is looked at is known; the comments on
    databases, roles and tablespaces are the cluster's.

    Example:
        CommentIs("table", "invoices", "One row an invoice, never deleted")

    Repair: `COMMENT ON`.
    """

    noun: DescribedNoun
    name: str
    comment: str | None
    of: Relation | None = None

    _placed = field_validator("name")(placed_name)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        require_of(self.noun, self.of)
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
        if self.noun == "domain constraint":  # which stands inside the record of its domain
            catalog.require("comments")
        record, words = located(catalog, self.noun, self.name, self.of)
        wanted = self.comment or None  # an empty comment is none to Postgres
        repair = Repair(f"comment on {words} is {'null' if wanted is None else literal(wanted)};")
        yield from differs(f"comment on {self.noun} {self.subject}", wanted, record.comment, repair=[repair])
