from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.fields import Field, Identifier
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class PublishedTablesUnderRls(ApiAdvice):
    """Row-level security is enabled on every table that {publication} publishes to clients.

    Supabase's Realtime sends changes of the tables in its publication to whoever may SELECT; policies decide which
    rows. With row-level security off, every change goes to everybody. Publications for other servers are left alone.

    Example:
        PublishedTablesUnderRls()

    Repair: enable it, or take the table out of the publication.
    """

    publication: Identifier = Field(default="supabase_realtime", description="What is streamed to clients.")

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for name in _published(scope.catalog, self.publication):
            table = scope.catalog.tables[name]
            if not table.rls_enabled and schema_of(name) in scope.usable:
                yield Finding(
                    f"publication {self.publication} streams {name}, on which row-level security is disabled",
                    expected="enabled",
                    observed="disabled",
                    object=name,
                    repair=access(f"alter table {name} enable row level security;"),
                )


def _published(catalog: Catalog, name: str) -> list[str]:
    publication = catalog.publications.get(name)
    if publication is None:
        return []
    return [
        table
        for table in catalog.tables
        if publication.all_tables or table in publication.published or schema_of(table) in publication.schemas
    ]
