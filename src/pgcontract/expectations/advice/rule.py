"""What all rules of advice have in common: which schemas and roles they look at, and what is allowed all the same."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Field, Identifiers, Texts
from pgcontract.expectations.advice.scope import Scope, scope_of
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair, Severity, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.privileges import Grant


class Advice(CatalogExpectation):
    """A rule on a whole database: one finding for each object that is not as it should be."""

    schemas: Identifiers = Field(
        default=(), description="The schemas to look at; by default those that the rule is for, as its page says."
    )
    allow: Texts = Field(
        default=(), description="Objects for which it is all right, by canonical name, with `*` and `?` as wildcards."
    )

    level: ClassVar[Severity] = "warning"
    """How much `pgcontract advise` makes of it."""

    exposed: ClassVar[bool] = False
    """Whether it looks at the exposed schemas only, where it is not told which."""

    @abstractmethod
    def find(self, scope: Scope) -> Iterator[Finding]:
        """Yield a finding for each object that is not as it should be, with `object` and `expected` filled in."""

    @property
    def subject(self) -> str:
        return ", ".join(map(quote, self.schemas)) or "the database"

    def scope(self, catalog: Catalog) -> Scope:
        """Where the rule looks.

        Raises:
            MissingObjectError: A schema or a role that it names is not there.
        """
        return scope_of(catalog, self.schemas, (), exposed=self.exposed)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        for finding in self.find(self.scope(catalog)):
            name = finding.object or self.subject
            if not any(name == pattern or fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in self.allow):
                # What schemas and roles are looked at is no part of what is wrong.
                yield replace(finding, fingerprint=fingerprint(self.kind, name, finding.expected or finding.message))


class ApiAdvice(Advice):
    """A rule on what the API roles can reach."""

    roles: Identifiers = Field(
        default=(), description="The API roles; by default all that are under row-level security."
    )

    exposed: ClassVar[bool] = True

    def scope(self, catalog: Catalog) -> Scope:
        return scope_of(catalog, self.schemas, self.roles, exposed=self.exposed)


def access(sql: str) -> tuple[Repair, ...]:
    """A repair that changes who may do what."""
    return (Repair(sql, "changes access"),)


def grantees(grants: Iterable[Grant]) -> str:
    """The grantees as SQL lists them."""
    return ", ".join(
        "public" if name == PUBLIC else quote(name) for name in sorted({grant.grantee for grant in grants})
    )


def revoked(grants: Iterable[Grant], target: str) -> tuple[Repair, ...]:
    """A repair that takes just these privileges back: `target` is what stands after ON."""
    by_privilege = sorted({grant.privilege for grant in grants})
    return access(f"revoke {', '.join(by_privilege).lower()} on {target} from {grantees(grants)};")
