from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.routines import ROUTINE, callable_directly
from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class NoExecuteThroughPublic(ApiAdvice):
    """No function in an exposed schema is executable by everybody.

    Postgres grants EXECUTE on every new function to PUBLIC. Revoking it from `anon` changes nothing then: only what is
    revoked from PUBLIC, and granted to those who are meant, is closed to the others.

    Example:
        NoExecuteThroughPublic()

    Repair: revoke EXECUTE from PUBLIC, and grant it to the roles that call the function.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for function in scope.functions():
            grants = [grant for grant in scope.on_function(function) if grant.grantee == PUBLIC]
            if grants and callable_directly(function):
                yield Finding(
                    f"everybody may call {function.signature}, by a grant to PUBLIC",
                    expected="no EXECUTE for PUBLIC",
                    observed="EXECUTE for PUBLIC",
                    object=function.signature,
                    repair=revoked(grants, f"{ROUTINE[function.kind]} {function.signature}"),
                )
