from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.expectations.advice.scope import ROWS, what, who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class ForeignTablesNotExposed(ApiAdvice):
    """No API role may use a foreign table.

    Its rows are another server's, read as whom the user mapping says, and there are no policies on it. Splinter's lint
    0017.

    Example:
        ForeignTablesNotExposed()

    Repair: revoke it, or move it to a schema that is not exposed.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.relations("foreign table"):
            grants = scope.on_relation(table, ROWS)
            if grants:
                yield Finding(
                    f"foreign table {table.name} lets {who(grants)} {what(grants)}, and cannot have policies",
                    expected="no grant",
                    observed=f"{what(grants)} for {who(grants)}",
                    object=table.name,
                    repair=revoked(grants, table.name),
                )
