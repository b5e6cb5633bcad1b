from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.effective import identities
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.reading import cut, relations_in
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity

_READING = frozenset({"SELECT", "ALL"})


class PoliciesNotRecursive(ApiAdvice):
    """No policy reads its own table, be it through another table's policy.

    To read the table its policies must be worked out, and so on: Postgres gives up with "infinite recursion detected in
    policy", and whoever the policy is for can do nothing at all. A policy for a write may read its own table as long as
    the policies for reading it read none.

    Example:
        PoliciesNotRecursive()

    Repair: put the query into a `SECURITY DEFINER` function with a fixed `search_path`, in a schema that is not
    exposed.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        named = {role for table in scope.policed() for policy in table.policies.values() for role in policy.roles}
        principals = {frozenset(named & {PUBLIC, *identities(scope.catalog, role)}): None for role in scope.roles}
        for table, policy in scope.policies():
            ways = (_way_back(scope, table, policy, having) for having in principals if table.rls_enabled)
            path = next(filter(None, ways), None)
            if path:
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} reads its own table: {' → '.join(path)}",
                    expected="no way back to its own table",
                    observed=" → ".join(path),
                    object=name,
                    hint='Postgres will refuse with "infinite recursion detected in policy".',
                )


def _way_back(scope: Scope, table: Relation, policy: Policy, having: frozenset[str]) -> list[str]:
    """The tables from a policy's own back to it, each under policies that read the next; none where there is no way."""
    if having.isdisjoint(policy.roles):
        return []
    ways = [[table.name, name] for name in sorted(_read_by(scope, policy))]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        reading = _reading(scope, way[-1], having)
        if way[-1] == table.name:
            if any(_queries(other) for other in reading):
                return way
            continue
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, name] for other in reading for name in sorted(_read_by(scope, other))]
    return []


def _reading(scope: Scope, name: str, having: frozenset[str]) -> list[Policy]:
    """The policies that are worked out when such a role reads the table."""
    table = scope.catalog.tables[name]
    policies = table.policies.values() if table.rls_enabled else ()
    return [policy for policy in policies if policy.command in _READING and not having.isdisjoint(policy.roles)]


def _text(policy: Policy) -> str:
    """What is worked out when the policy is: of one for reading, what is written plays no part."""
    return "\n".join(filter(None, (policy.using, None if policy.command == "SELECT" else policy.with_check)))


def _read_by(scope: Scope, policy: Policy) -> set[str]:
    return {name for name in relations_in(scope.catalog, _text(policy)) if name in scope.catalog.tables}


def _queries(policy: Policy) -> bool:
    return any(token.kind == "word" and token.name == "select" for token in cut(policy.using or ""))
