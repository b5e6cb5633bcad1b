from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.narrowed import narrowed
from pgcontract.expectations.advice.reading import always_true
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class ChecksAsNarrowAsUsing(ApiAdvice):
    """No policy checks less of what is written than of what is there.

    With a `USING` that looks at the row and a `WITH CHECK (true)`, a user may give their rows to anybody, and a policy
    for `ALL` lets them insert rows in anybody's name. A `WITH CHECK` that is missing is no hole: `USING` serves for it.

    Example:
        ChecksAsNarrowAsUsing()

    Repair: give the policy its USING condition as WITH CHECK.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            using, check = policy.using, policy.with_check
            if not policy.permissive or using is None or check is None or always_true(using, table):
                continue
            if always_true(check, table) and not narrowed(table, policy, written=True):
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} lets {', '.join(policy.roles)} write what it would not let them see",
                    expected=f"with check {using}",
                    observed=f"with check {check}",
                    object=name,
                    repair=access(f"alter policy {quote(policy.name)} on {table.name} with check ({using});"),
                )
