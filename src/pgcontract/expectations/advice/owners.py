from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class OwnersUnderRls(ApiAdvice):
    """Row-level security is forced on every table that an API role owns.

    A table's owner, and whoever has the owner's privileges, bypasses its policies: an application that connects as the
    owner of its tables is under none of them.

    Example:
        OwnersUnderRls()

    Repair: force it, or let the application connect as a role that owns nothing.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        having = {role: identities(scope.catalog, role) for role in scope.roles}
        for table in scope.tables():
            owners = [role for role in scope.roles if table.owner in having[role]]
            if owners and table.rls_enabled and not table.rls_forced:
                yield Finding(
                    f"the policies of {table.name} do not hold for {', '.join(owners)}, as whose it counts",
                    expected="forced",
                    observed=f"owned by {quote(table.owner)}, not forced",
                    object=table.name,
                    repair=access(f"alter table {table.name} force row level security;"),
                )
