from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.default_privileges import command, granted
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice, access
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class NewFunctionsClosed(ApiAdvice):
    """No function that is made next is executable by everybody from its first moment.

    Postgres gives PUBLIC EXECUTE on every new function, and only a revocation for all schemas ends that: one `IN
    SCHEMA` is idle. It is asked of whoever owns functions or tables in the exposed schemas, superusers left out.

    Example:
        NewFunctionsClosed()

    Repair: revoke it from the default privileges of whoever makes functions, and grant each function by itself.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        catalog = scope.catalog
        owners = {function.owner for function in scope.functions()} | {table.owner for table in scope.relations()}
        for owner in sorted(owners):
            there = granted(catalog, owner, "functions", None)
            if not catalog.roles[owner].superuser and any(grant.grantee == PUBLIC for grant, _ in there):
                yield Finding(
                    f"everybody will have EXECUTE on the next function that {owner} makes",
                    expected="no EXECUTE for PUBLIC",
                    observed="EXECUTE for PUBLIC",
                    object=command(owner, None, "functions"),
                    repair=access(
                        f"alter default privileges for role {quote(owner)} revoke execute on functions from public;"
                    ),
                )
