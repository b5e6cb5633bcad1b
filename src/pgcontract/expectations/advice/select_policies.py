from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope


class WritersMayRead(ApiAdvice):
    """Whoever a policy lets update or delete rows has a policy to read them by.

    `UPDATE` and `DELETE` find their rows as `SELECT` does: without a policy for it they hit no row, and no error says
    so. An `INSERT` needs none, unless it says `RETURNING`.

    Example:
        WritersMayRead()

    Repair: write a policy for SELECT with the same condition.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            if policy.permissive and policy.command in {"UPDATE", "DELETE"}:
                blind = [role for role in policy.roles if not _reads(scope, table, role)]
                if blind:
                    name = f"{table.name}.{quote(policy.name)}"
                    yield Finding(
                        f"policy {name} lets {', '.join(blind)} {policy.command}, and no policy lets them SELECT",
                        expected="a policy for SELECT",
                        observed="none",
                        object=name,
                        hint="The command will hit no row, and not fail.",
                    )


def _reads(scope: Scope, table: Relation, role: str) -> bool:
    having = {PUBLIC} if role == PUBLIC else {PUBLIC, *identities(scope.catalog, role)}
    policies = (policy for policy in table.policies.values() if policy.command in {"SELECT", "ALL"})
    return any(_holds(policy, having) for policy in policies)


def _holds(policy: Policy, having: set[str]) -> bool:
    return policy.permissive and not having.isdisjoint(policy.roles)
