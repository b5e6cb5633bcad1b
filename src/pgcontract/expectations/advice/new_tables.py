from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice, access, grantees
from pgcontract.expectations.advice.scope import ROWS, what, who
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope

_TABLES = ROWS | {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}


class NewTablesClosed(ApiAdvice):
    """No table that is made next is granted to an API role from its first moment.

    `ALTER DEFAULT PRIVILEGES` has granted it in advance, and row-level security is off on a new table: until somebody
    thinks of it, all its rows are open.

    Example:
        NewTablesClosed()

    Repair: revoke it from the default privileges, and grant each table by itself. Tables that are there
    keep their grants.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        everybody = frozenset().union(*scope.usable.values()) if scope.usable else frozenset()
        for name, default in scope.catalog.default_privileges.items():
            if default.objects != "tables" or (default.schema is not None and default.schema not in scope.usable):
                continue
            usable = everybody if default.schema is None else scope.usable[default.schema]
            grants = [
                grant
                for grant in default.grants
                if grant.privilege in _TABLES and grant.grantee in usable and grant.grantee != default.role
            ]
            if grants:
                place = "" if default.schema is None else f" in schema {quote(default.schema)}"
                yield Finding(
                    f"{who(grants)} will have {what(grants)} on the next table that {default.role} makes{place}",
                    expected="nothing",
                    observed=f"{what(grants)} for {who(grants)}",
                    object=name,
                    repair=access(
                        f"alter default privileges for role {quote(default.role)}{place}"
                        f" revoke {what(grants).lower()} on tables from {grantees(grants)};"
                    ),
                )
