from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class OnePermissivePolicy(ApiAdvice):
    """No two permissive policies of a table are for the same role and command.

    Each of them is worked out for every row, and a row that any one lets through is let through: what one of them says
    is easily undone by another. Splinter's lint 0006.

    Example:
        OnePermissivePolicy()

    Repair: make one policy of them, with OR between their conditions.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.policed():
            for (role, command), names in _together(scope, table).items():
                if len(names) > 1:
                    yield Finding(
                        f"{len(names)} permissive policies of {table.name} are for {command} by {role}:"
                        f" {', '.join(map(quote, names))}",
                        expected=f"one policy for {command} by {role}",
                        observed=", ".join(map(quote, names)),
                        object=table.name,
                    )


def _together(scope: Scope, table: Relation) -> dict[tuple[str, str], list[str]]:
    """The permissive policies by role and command; those for everybody count for each role that others name."""
    policies = [policy for policy in table.policies.values() if policy.permissive]
    roles = {role for policy in policies for role in policy.roles if role in scope.roles} or {PUBLIC}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for policy in policies:
        commands = ("SELECT", "INSERT", "UPDATE", "DELETE") if policy.command == "ALL" else (policy.command,)
        for role in sorted(roles if PUBLIC in policy.roles else roles.intersection(policy.roles)):
            for command in commands:
                found[role, command].append(policy.name)
    return found
