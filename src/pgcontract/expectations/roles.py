from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class RoleExists(CatalogExpectation):
    """The role {name} exists.

    Roles belong to the whole cluster, not to one database.

    Example:
        RoleExists("authenticated")

    Repair: create it.
    """

    name: Identifier

    states: ClassVar[str] = "role"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.roles:
            yield Finding(
                f"role {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.roles),
                repair=(Repair(f"create role {quote(self.name)};", "changes access"),),
            )
