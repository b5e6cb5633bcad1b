from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.expectations.advice.scope import who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class NoTruncateForApiRoles(ApiAdvice):
    """No API role may TRUNCATE a table.

    No policy stops it: one statement empties the table, whoever its rows belong to. Supabase's default privileges give
    it along with the rest (`ALL`).

    Example:
        NoTruncateForApiRoles()

    Repair: revoke it; no client library uses it.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.relations("table", "partitioned table", "foreign table"):
            grants = scope.on_relation(table, {"TRUNCATE"})
            if grants:
                yield Finding(
                    f"{who(grants)} may TRUNCATE {table.name}",
                    expected="no TRUNCATE",
                    observed=f"TRUNCATE for {who(grants)}",
                    object=table.name,
                    hint="No policy stops TRUNCATE.",
                    repair=revoked(grants, table.name),
                )
