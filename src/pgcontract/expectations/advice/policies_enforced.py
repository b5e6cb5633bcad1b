from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import Advice, access
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class PoliciesEnforced(Advice):
    """Row-level security is enabled on every table that has policies.

    Policies of a table on which it is off are not looked at: they only seem to protect. Splinter's lint 0007. It looks
    at every schema but the platform's.

    Example:
        PoliciesEnforced()

    Repair: enable it, or drop the policies.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.policed():
            if not table.rls_enabled:
                names = ", ".join(map(quote, table.policies))
                yield Finding(
                    f"the policies of {table.name} are not looked at: row-level security is disabled ({names})",
                    expected="enabled",
                    observed="disabled",
                    object=table.name,
                    repair=access(f"alter table {table.name} enable row level security;"),
                )
