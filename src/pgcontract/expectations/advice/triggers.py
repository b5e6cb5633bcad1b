from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.rule import ApiAdvice, revoked
from pgcontract.expectations.advice.scope import what, who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.expectations.advice.scope import Scope

_BEYOND_ROWS = frozenset({"REFERENCES", "TRIGGER", "MAINTAIN"})


class NoTriggerOrReferencesForApiRoles(ApiAdvice):
    """No API role may make triggers on a table, or foreign keys to it.

    A trigger runs as whoever writes next, with their rights. A foreign key tells whether a key exists, whatever the
    policies say, and blocks deletes. `MAINTAIN` (from version 17) locks the table. No request needs any of them.

    Example:
        NoTriggerOrReferencesForApiRoles()

    Repair: revoke them; no client library uses them.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.relations("table", "partitioned table", "foreign table"):
            grants = scope.on_relation(table, _BEYOND_ROWS, columns=False)
            if grants:
                yield Finding(
                    f"{what(grants)} on {table.name} is granted to {who(grants)}",
                    expected="none of REFERENCES, TRIGGER, MAINTAIN",
                    observed=f"{what(grants)} for {who(grants)}",
                    object=table.name,
                    repair=revoked(grants, table.name),
                )
