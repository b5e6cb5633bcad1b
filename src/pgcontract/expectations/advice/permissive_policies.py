from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import Advice
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class PoliciesNotOnlyRestrictive(Advice):
    """Every table that has policies has a permissive one.

    A restrictive policy takes away from what permissive ones give; where there is none, there is nothing to take from,
    and nobody but the owner gets a row.

    Example:
        PoliciesNotOnlyRestrictive()

    Repair: write the permissive policy that is missing; a policy is permissive unless it says otherwise.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.policed():
            if not any(policy.permissive for policy in table.policies.values()):
                yield Finding(
                    f"all policies of {table.name} are restrictive, so nobody gets a row",
                    expected="a permissive policy",
                    observed=f"{len(table.policies)} restrictive ones",
                    object=table.name,
                )
