from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class SchemaExists(CatalogExpectation):
    """The schema {name} exists.

    Whatever the contract says of a schema's objects is skipped when the schema itself is missing, which is one failure.

    Example:
        SchemaExists("billing")

    Repair: create it. Privileges on it are another matter: see PrivilegeGranted.
    """

    name: Identifier

    states: ClassVar[str] = "schema"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.schemas:
            yield Finding(
                f"schema {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.schemas),
                repair=(Repair(f"create schema if not exists {quote(self.name)};"),),
            )
