from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.contract.fields import Field, Identifier
from pgcontract.expectations.advice.reading import cut, expressions
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.scope import USERS
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity


class AnonymousSignInsConsidered(ApiAdvice):
    """Some policy asks whether who is signed in is anonymous.

    Supabase's anonymous sign-ins act as `authenticated`, with the claim `is_anonymous`: where they are switched on (no
    catalog tells), a policy for `authenticated` lets in whoever asks for an account. One finding tells how many tables
    are open to them and do not ask. Splinter's lint 0012.

    Example:
        AnonymousSignInsConsidered()

    Repair: a restrictive policy with `(auth.jwt() ->> 'is_anonymous')::boolean is not true`, where it matters.
    """

    signed_in: Identifier = Field(default="authenticated", description="The role of whoever is signed in.")

    level: ClassVar[Severity] = "info"

    def find(self, scope: Scope) -> Iterator[Finding]:
        users = scope.catalog.relations.get(USERS)
        if users is None or "is_anonymous" not in users.columns:
            return
        names = [table.name for table in scope.policed() if self._lets_in(table)]
        if names:
            counted = "1 table is" if len(names) == 1 else f"{len(names)} tables are"
            yield Finding(
                f"{counted} open to anonymous sign-ins as {self.signed_in}: {_some(names)}",
                expected=f"policies for {self.signed_in} that ask for is_anonymous",
                observed=f"none, where {counted} open to them",
                object=self.signed_in,
                hint="It matters only where anonymous sign-ins are switched on, which the catalogs do not tell.",
            )

    def _lets_in(self, table: Relation) -> bool:
        policies = table.policies.values()
        given = any(p.permissive and {self.signed_in, PUBLIC}.intersection(p.roles) for p in policies)
        asked = any("is_anonymous" in token.text for p in policies for token in cut(expressions(p)))
        return table.rls_enabled and given and not asked


def _some(names: list[str]) -> str:
    """A few of many."""
    most = 5
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
