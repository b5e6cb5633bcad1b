from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Member, Relation
from pgcontract.expectations.compare import differs
from pgcontract.names import qualified, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class ColumnCollation(CatalogExpectation):
    """{table}.{column} has the collation {collation}.

    The collation is named without quotes, `C` or `de-x-icu`; `schema_name` says where it is, pg_catalog unless
    another is given. None says that the column has its type's own collation.

    Example:
        ColumnCollation("users", "email", "C")

    Repair: alter the column's type to the same one with the collation; that rebuilds the indexes on it.
    """

    table: Relation
    column: Member
    collation: str | None
    schema_name: str = "pg_catalog"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.relations[self.table]
        column = relation.columns[self.column]
        expected = None if self.collation is None else qualified(self.schema_name, self.collation)
        observed = None if column.collation is None else qualified(*split(column.collation))
        if expected == observed:
            return
        collate = "" if expected is None else f" collate {expected}"  # without it, the type's own
        change = f"alter column {quote(self.column)} type {column.type}{collate}"
        alter = Repair(f"alter table {self.table} {change};", "blocks writes")
        possible = relation.is_table
        of = f"collation of {self.subject}"
        for finding in differs(of, expected or "the type's own", observed or "the type's own"):
            yield Finding(
                finding.message,
                expected=finding.expected,
                observed=finding.observed,
                fingerprint=finding.fingerprint,
                hint=None if possible else "A view's columns have the collations that its query gives: make it anew.",
                repair=(alter,) if possible else (),
            )
