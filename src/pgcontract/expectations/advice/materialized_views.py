from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.expectations.advice.scope import who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class MaterializedViewsNotExposed(ApiAdvice):
    """No API role may read a materialised view.

    It holds rows that its owner read, and there are no policies on it. Splinter's lint 0016.

    Example:
        MaterializedViewsNotExposed(allow="public.daily_totals")

    Repair: revoke it, and show it through a function or view that asks who is asking.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for view in scope.relations("materialized view"):
            grants = scope.on_relation(view, {"SELECT"})
            if grants:
                yield Finding(
                    f"materialized view {view.name} shows {who(grants)} all its rows, and cannot have policies",
                    expected="no SELECT",
                    observed=f"SELECT for {who(grants)}",
                    object=view.name,
                    repair=revoked(grants, view.name),
                )
