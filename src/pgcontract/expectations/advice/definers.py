from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.reading import expressions, functions_in
from pgcontract.expectations.advice.routines import ROUTINE, callable_directly
from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.expectations.advice.scope import who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class SecurityDefinersNotCallable(ApiAdvice):
    """No API role may call a function that runs with its owner's rights.

    Policies do not hold for the owner: such a function must ask by itself who is calling, and whoever may call it may
    call it with any arguments. Trigger functions cannot be called. Splinter's lints 0028 and 0029.

    Example:
        SecurityDefinersNotCallable(allow="public.accept_invitation(*)")

    Repair: revoke EXECUTE, from PUBLIC too. What policies call must stay
    callable: move it to a schema that is not exposed.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        needed: dict[str, str] = {}
        for table, policy in scope.policies():
            for name in functions_in(scope.catalog, expressions(policy)):
                needed.setdefault(name, table.name)
        for function in scope.functions():
            grants = scope.on_function(function) if function.security_definer and callable_directly(function) else []
            if grants:
                policed = needed.get(function.name)
                yield Finding(
                    f"{who(grants)} may call {function.signature}, which runs with the rights of {function.owner}",
                    expected="no EXECUTE",
                    observed=f"EXECUTE for {who(grants)}",
                    object=function.signature,
                    hint=f"Policies of {policed} call it: move it to an unexposed schema." if policed else None,
                    repair=() if policed else revoked(grants, f"{ROUTINE[function.kind]} {function.signature}"),
                )
