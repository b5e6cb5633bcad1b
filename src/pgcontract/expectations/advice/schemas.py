from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice, access, grantees
from pgcontract.expectations.advice.scope import who
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope


class NoCreateForApiRoles(ApiAdvice):
    """No API role may create objects in an exposed schema.

    What it plants there others call: an overload that fits better, a table that shadows another (CVE-2018-1058). Before
    version 15 everybody may create in `public`.

    Example:
        NoCreateForApiRoles()

    Repair: revoke it.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for name in scope.schemas:
            schema = scope.catalog.schemas[name]
            usable = scope.usable[name] - {schema.owner}
            grants = [grant for grant in schema.grants if grant.privilege == "CREATE" and grant.grantee in usable]
            if grants:
                yield Finding(
                    f"{who(grants)} may create objects in schema {quote(name)}",
                    expected="no CREATE",
                    observed=f"CREATE for {who(grants)}",
                    object=quote(name),
                    repair=access(f"revoke create on schema {quote(name)} from {grantees(grants)};"),
                )
