"""Which columns of a relation are out of the ordinary: a closed world, so that the ordinary ones need no word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Relation
from pgcontract.expectations.compare import closed
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.verdict import Finding


class ColumnKindsAre(CatalogExpectation):
    """The columns of {table} that are out of the ordinary are those that are named.

    A closed world: exactly the columns in `identity` are identity columns, exactly those in `generated` are computed
    from others, and exactly those in `collated` have a collation that is not their type's own. Which identity,
    expression or collation that is, `ColumnIdentity`, `ColumnGenerated` and `ColumnCollation` say.

    Example:
        ColumnKindsAre("invoices", identity="id", generated=["total"])

    Repair: see `ColumnIdentity`, `ColumnGenerated` and `ColumnCollation`.
    """

    table: Relation
    identity: Identifiers = ()
    generated: Identifiers = ()
    collated: Identifiers = ()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield from self._closed(catalog, "identity", self.identity, lambda column: column.identity)
        yield from self._closed(catalog, "generated", self.generated, lambda column: column.generated)
        yield from self._closed(catalog, "collated", self.collated, lambda column: column.collation)

    def _closed(
        self, catalog: Catalog, word: str, named: Sequence[str], value: Callable[[Column], str | None]
    ) -> Iterator[Finding]:
        columns = catalog.relations[self.table].columns
        for name in named:
            columns[name]  # one that is missing is its own failure
        there = [name for name, column in columns.items() if value(column) is not None]
        nouns = (f"{word} column", f"{word} columns")
        yield from closed(nouns, self.table, named, there, lambda name: f"{self.table}.{quote(name)}")
