from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Identifiers
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.roles import Role


class RoleExists(CatalogExpectation):
    """The role {name} exists.

    What is given is compared: whether it may log in, is a superuser, bypasses row-level security, may create roles; and
    the roles that it is a member of, exactly these. Roles belong to the whole cluster, not to one database.

    Example:
        RoleExists("authenticated", bypass_rls=False, member_of=[])

    Repair: create or alter it.
    """

    name: Identifier
    login: bool | None = None
    superuser: bool | None = None
    bypass_rls: bool | None = None
    create_role: bool | None = None
    member_of: Identifiers | None = None

    states: ClassVar[str] = "role"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.roles:
            yield Finding(
                f"role {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.roles),
                repair=(Repair(f"create role {quote(self.name)};", "changes access"),),
            )
            return
        role = catalog.roles[self.name]
        yield from self._attributes(role)
        if self.member_of is not None:
            yield from self._memberships(self.member_of, {membership.role for membership in role.member_of})

    def _attributes(self, role: Role) -> Iterator[Finding]:
        attributes = (
            ("LOGIN", self.login, role.login),
            ("SUPERUSER", self.superuser, role.superuser),
            ("BYPASSRLS", self.bypass_rls, role.bypass_rls),
            ("CREATEROLE", self.create_role, role.create_role),
        )
        for word, expected, observed in attributes:
            if expected is not None:
                alter = f"alter role {quote(role.name)} {'' if expected else 'no'}{word.lower()};"
                yield from differs(
                    f"{word} of role {quote(role.name)}",
                    expected,
                    observed,
                    repair=[Repair(alter, "changes access")],
                )

    def _memberships(self, expected: Collection[str], observed: Collection[str]) -> Iterator[Finding]:
        member = quote(self.name)
        for role in sorted({*expected} ^ {*observed}):
            wanted = role in expected
            grant = f"grant {quote(role)} to {member};" if wanted else f"revoke {quote(role)} from {member};"
            yield Finding(
                f"role {member} is {'not ' if wanted else ''}a member of {quote(role)}",
                expected=f"{'' if wanted else 'not '}a member of {role}",
                observed=f"{'not ' if wanted else ''}a member of {role}",
                repair=(Repair(grant, "changes access"),),
            )
