"""Which columns of a relation are out of the ordinary: a closed world, so that the ordinary ones need no word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Relation
from pgcontract.expectations.column_collations import ColumnCollation
from pgcontract.expectations.column_storage import ColumnStorage
from pgcontract.expectations.columns import ColumnDefault
from pgcontract.expectations.compare import closed
from pgcontract.expectations.generated import ColumnGenerated
from pgcontract.expectations.identity import ColumnIdentity
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.verdict import Finding


class ColumnKindsAre(CatalogExpectation):
    """The columns of {table} that are out of the ordinary are those that are named.

    A closed world: exactly the columns in `identity` are identity columns, exactly those in `generated` are computed
    from others, exactly those in `collated` have a collation that is not their type's own, and exactly those in
    `stored` a storage, compression, statistics target or option of their own; and where it is given, exactly those in
    `defaulted` have a default. Which identity, expression, collation or storage that is, `ColumnIdentity`,
    `ColumnGenerated`, `ColumnCollation` and `ColumnStorage` say.

    Example:
        ColumnKindsAre("invoices", identity="id", generated=["total"])

    Repair: a column that should be ordinary is made so; for the others, see `ColumnIdentity`, `ColumnGenerated`,
    `ColumnCollation` and `ColumnStorage`.
    """

    table: Relation
    identity: Identifiers = ()
    generated: Identifiers = ()
    collated: Identifiers = ()
    defaulted: Identifiers | None = None
    stored: Identifiers = ()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        yield from self._closed(catalog, "identity", self.identity, lambda column: column.identity)
        yield from self._closed(catalog, "generated", self.generated, lambda column: column.generated)
        yield from self._closed(catalog, "collated", self.collated, lambda column: column.collation)
        yield from self._closed(catalog, "stored", self.stored, lambda column: column.stored or None)
        if self.defaulted is not None:
            yield from self._closed(catalog, "defaulted", self.defaulted, lambda column: column.default)

    def _closed(
        self, catalog: Catalog, word: str, named: Sequence[str], value: Callable[[Column], object]
    ) -> Iterator[Finding]:
        columns = catalog.relations[self.table].columns
        for name in named:
            columns[name]  # one that is missing is its own failure
        there = [name for name, column in columns.items() if value(column) is not None]
        nouns = (f"{word} column", f"{word} columns")
        for finding in closed(nouns, self.table, named, there, lambda name: f"{self.table}.{quote(name)}"):
            if finding.observed is None:
                yield finding
            else:
                ordinary = _ORDINARY[word](self.table, finding.observed).check(catalog)
                mend = tuple(repair for each in ordinary for repair in each.repair)
                yield replace(finding, repair=mend, hint=None if mend else finding.hint)


# What says of a column that it is an ordinary one.
_ORDINARY: Mapping[str, Callable[[str, str], CatalogExpectation]] = {
    "identity": lambda table, column: ColumnIdentity(table, column, None),
    "generated": lambda table, column: ColumnGenerated(table, column, None),
    "collated": lambda table, column: ColumnCollation(table, column, None),
    "defaulted": lambda table, column: ColumnDefault(table, column, None),
    "stored": ColumnStorage,
}
