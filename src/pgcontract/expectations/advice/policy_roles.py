from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Repair, Severity


class PoliciesNameRoles(ApiAdvice):
    """Every permissive policy says whom it is for.

    A policy without `TO` is for everybody: for whoever is not signed in, and for every role that comes later. Its
    condition is also worked out for requests that it cannot be meant for.

    Example:
        PoliciesNameRoles()

    Repair: `ALTER POLICY … TO` the roles that it is meant for.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            if policy.permissive and PUBLIC in policy.roles:
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} is for everybody",
                    expected="the roles that it is for",
                    observed=PUBLIC,
                    object=name,
                    repair=self._repair(scope, table.name, policy.name),
                )

    def _repair(self, scope: Scope, table: str, policy: str) -> tuple[Repair, ...]:
        if "authenticated" not in scope.roles:
            return ()
        return access(f"alter policy {quote(policy)} on {table} to authenticated;")
