from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class TablespaceExists(CatalogExpectation):
    """The tablespace {name} exists.

    Tablespaces belong to the whole cluster. Where it lies on the server's disks is not looked at.

    Example:
        TablespaceExists("archive")

    Repair: make its directory on the server, and then create it.
    """

    name: Identifier

    states: ClassVar[str] = "tablespace"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.tablespaces:
            yield Finding(
                f"tablespace {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.tablespaces),
            )
