from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.effective import on_function, reaches
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.scope import who
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Function
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity

_ENTRANCES = ("graphql_public.graphql", "graphql.resolve")


class HiddenFromGraphql(ApiAdvice):
    """No relation shows in the GraphQL schema that an API role can ask for.

    pg_graphql tells the names and columns of every relation of which the role may read a column, whatever the policies
    say of its rows. Where its function is not there, or an API role may not call it, nothing shows. Splinter's lints
    0026 and 0027.

    Example:
        HiddenFromGraphql(roles="anon")

    Repair: revoke SELECT, or EXECUTE on the GraphQL function if nobody uses it.
    """

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        askers = _askers(scope)
        for relation in scope.relations("table", "view", "materialized view", "foreign table"):
            grants = [grant for grant in scope.on_relation(relation, {"SELECT"}) if askers]
            if grants:
                yield Finding(
                    f"{relation.kind} {relation.name} shows in the GraphQL schema of {who(grants)}",
                    expected="hidden",
                    observed=f"SELECT for {who(grants)}",
                    object=relation.name,
                )


def _askers(scope: Scope) -> list[str]:
    """The API roles that may ask."""
    functions = [f for name in _ENTRANCES if name in scope.catalog.overloads for f in scope.catalog.overloads[name]]
    return [role for role in scope.roles if any(_may_ask(scope, role, function) for function in functions)]


def _may_ask(scope: Scope, role: str, function: Function) -> bool:
    executes = "EXECUTE" in on_function(scope.catalog, role, function.signature)
    return executes and reaches(scope.catalog, role, function.name)
