from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.inheritance import ancestors
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.expectations.advice.scope import ROWS, what, who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ExposedTablesUnderRls(ApiAdvice):
    """Row-level security is enabled on every table that an API role may touch.

    Where it is off, whoever has a grant sees and changes every row. A partition or an inheriting table that is named
    itself is not under the policies of its parent. Splinter's lints 0013 and 0023.

    Example:
        ExposedTablesUnderRls()

    Repair: enable it; from then on, roles without a policy see nothing. Or revoke what the role need not have.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            grants = [] if table.rls_enabled else scope.on_relation(table, ROWS)
            if grants:
                yield Finding(
                    f"row-level security is disabled on {table.name}, and {who(grants)} may {what(grants)}",
                    expected="enabled",
                    observed="disabled",
                    object=table.name,
                    hint=_parent(scope.catalog, table.name),
                    repair=access(f"alter table {table.name} enable row level security;"),
                )


def _parent(catalog: Catalog, name: str) -> str | None:
    above = [parent for parent in ancestors(catalog.inheritance, name) if parent in catalog.tables]
    guarded = [parent for parent in above if catalog.tables[parent].rls_enabled]
    return f"The policies of {guarded[0]} do not hold when {name} is named itself." if guarded else None
