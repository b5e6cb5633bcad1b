from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.narrowed import narrowed
from pgcontract.expectations.advice.reading import always_true, asks_only_sign_in
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope


class WritePoliciesHaveConditions(ApiAdvice):
    """No policy lets an API role write whatever it likes.

    `USING (true)` on `UPDATE`, `DELETE` or `ALL`, and `WITH CHECK (true)` on `INSERT`, take row-level security away
    again; so do `1 = 1`, `id is not null`, and `auth.uid() is not null`, which asks nothing of the row. What everybody
    may read is left alone. Where a restrictive policy narrows
    the same command for everybody, so is this. Splinter's lint 0024.

    Example:
        WritePoliciesHaveConditions(allow="public.contact_form.*")

    Repair: say in the policy whose rows may be written.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            if table.rls_enabled and policy.permissive and _open(policy, table) and not narrowed(table, policy):
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} lets {', '.join(policy.roles)} {_verbs(policy)} any row of {table.name}",
                    expected="a condition on the row",
                    observed=policy.using or policy.with_check,
                    object=name,
                )


def _open(policy: Policy, table: Relation) -> bool:
    if policy.command == "SELECT":
        return False
    said = policy.with_check if policy.command == "INSERT" else policy.using
    return said is None or always_true(said, table) or asks_only_sign_in(said)


def _verbs(policy: Policy) -> str:
    return "write" if policy.command == "ALL" else policy.command
