from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.scope import ROWS, what, who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class GrantedTablesHavePolicies(ApiAdvice):
    """Every table under row-level security on which an API role holds a grant has a policy.

    Without a policy nobody but the owner gets a row, and whoever holds the grant gets an empty answer, not an error.
    Splinter's lint 0008; a table that grants nothing is closed on purpose, and is left alone.

    Example:
        GrantedTablesHavePolicies()

    Repair: write a policy, or revoke the grant so that the refusal can be seen.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            grants = scope.on_relation(table, ROWS) if table.rls_enabled and not table.policies else []
            if grants:
                yield Finding(
                    f"{table.name} has no policy, so {who(grants)} may {what(grants)}, and gets no row",
                    expected="a policy",
                    observed="none",
                    object=table.name,
                    hint="If that is meant, revoke the grant: a refusal says more than an empty answer.",
                )
