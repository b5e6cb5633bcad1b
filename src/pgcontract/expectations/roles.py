from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Identifiers, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.function_bodies import extra_settings, setting_clause
from pgcontract.expectations.guarded import unless
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.roles import Membership, Role


class RoleExists(CatalogExpectation):
    """The role {name} exists.

    What is given is compared: whether it may log in, is a superuser, bypasses row-level security, may create roles or
    databases, replicates, inherits; the roles that it is a member of, exactly these; how many connections it may have
    (-1 for any number); and `settings`, each of which must be set for it in every database: `statement_timeout=8s`;
    `database_settings` must be in this one; with `only_settings`, no others may be. Roles belong to the whole
    cluster, not to one database.

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
    inherit: bool | None = None
    create_database: bool | None = None
    replication: bool | None = None
    connection_limit: int | None = None
    settings: Texts = ()
    database_settings: Texts = ()
    only_settings: bool = False

    states: ClassVar[str] = "role"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.roles:
            there = f"pg_catalog.pg_roles where rolname = {literal(self.name)}"
            yield Finding(
                f"role {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.roles),
                repair=(Repair(unless(f"create role {quote(self.name)};", there), "changes access"),),
            )
            return
        role = catalog.roles[self.name]
        yield from self._attributes(role)
        yield from self._limits(role, catalog.server.name)
        if self.member_of is not None:
            yield from self._memberships(self.member_of, {membership.role for membership in role.member_of})

    def _attributes(self, role: Role) -> Iterator[Finding]:
        attributes = (
            ("LOGIN", self.login, role.login),
            ("SUPERUSER", self.superuser, role.superuser),
            ("BYPASSRLS", self.bypass_rls, role.bypass_rls),
            ("CREATEROLE", self.create_role, role.create_role),
            ("INHERIT", self.inherit, role.inherit),
            ("CREATEDB", self.create_database, role.create_database),
            ("REPLICATION", self.replication, role.replication),
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

    def _limits(self, role: Role, database: str) -> Iterator[Finding]:
        name = quote(role.name)
        if self.connection_limit is not None:
            repair = Repair(f"alter role {name} connection limit {self.connection_limit};")
            what = f"CONNECTION LIMIT of role {name}"
            yield from differs(what, self.connection_limit, role.connection_limit, repair=[repair])
        for settings, field, where in (
            (self.settings, "settings", ""),
            (self.database_settings, "settings_here", " in this database"),
        ):
            there: tuple[str, ...] = getattr(role, field) if settings else ()  # not everybody may read them
            for setting in sorted(set(settings) - set(there)):
                message = f"role {name} does not set {setting}{where}"
                here = f" in database {quote(database)}" if where else ""
                mend = Repair(f"alter role {name}{here} {setting_clause(setting)};")
                yield Finding(message, expected=setting, observed=", ".join(there) or None, repair=(mend,))
            if self.only_settings:
                here = f" in database {quote(database)}" if where else ""
                yield from extra_settings(
                    f"role {name}{where}", f"alter role {name}{here}", settings, getattr(role, field)
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


def _reached(catalog: Catalog, role: str) -> dict[str, list[Membership]]:
    """The roles that a role is a member of, directly or through others, each with the shortest way to it."""
    found: dict[str, list[Membership]] = {}
    waiting: list[tuple[str, list[Membership]]] = [(role, [])]
    for current, way in waiting:
        for membership in catalog.roles[current].member_of:
            if membership.role not in found:
                found[membership.role] = [*way, membership]
                waiting.append((membership.role, found[membership.role]))
    return found


_INHERIT_OF_MEMBERSHIP_SINCE = 160000


class MemberOf(CatalogExpectation):
    """{role} is a member of {group}.

    Directly or through other roles; with `direct`, by a grant of its own. `admin` compares whether that grant lets it
    give the membership on, and `inherit` whether it uses the group's privileges without `SET ROLE`.

    Example:
        MemberOf("authenticator", "anon", inherit=False)

    Repair: grant the group to it.
    """

    role: Identifier
    group: Identifier
    direct: bool = False
    admin: bool | None = None
    inherit: bool | None = None

    @property
    def subject(self) -> str:
        return quote(self.role)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role, group = quote(self.role), quote(catalog.roles[self.group].name)
        way = _reached(catalog, self.role).get(self.group)
        grant = f"grant {group} to {role}"
        if way is None or (self.direct and len(way) > 1):
            through = "" if way is None else " by a grant of its own"
            yield Finding(
                f"role {role} is not a member of {group}{through}",
                expected=f"a member of {self.group}",
                observed=", ".join(membership.role for membership in catalog.roles[self.role].member_of)
                or "of no role",
                repair=(Repair(f"{grant};", "changes access"),),
            )
            return
        if self.admin is not None:
            change = f"{grant} with admin option;" if self.admin else f"revoke admin option for {group} from {role};"
            what, repair = f"ADMIN OPTION of role {role} in {group}", Repair(change, "changes access")
            yield from differs(what, self.admin, way[-1].admin and len(way) == 1, repair=[repair])
        if self.inherit is not None:
            inherits = all(membership.inherit for membership in way)
            able = len(way) == 1 and catalog.server.version_number >= _INHERIT_OF_MEMBERSHIP_SINCE
            word = "true" if self.inherit else "false"
            mend = [Repair(f"{grant} with inherit {word};", "changes access")] if able else []
            yield from differs(f"inheritance of role {role} from {group}", self.inherit, inherits, repair=mend)


class NotMemberOf(CatalogExpectation):
    """{role} is not a member of {group}.

    Neither directly nor through other roles, whether it inherits privileges or must `SET ROLE` to use them: a role that
    may become another one has all that the other has.

    Example:
        NotMemberOf("anon", "service_role")

    Repair: revoke the membership; the finding says through whom it comes.
    """

    role: Identifier
    group: Identifier

    @property
    def subject(self) -> str:
        return quote(self.role)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role, group = quote(self.role), quote(catalog.roles[self.group].name)
        way = _reached(catalog, self.role).get(self.group)
        if way is None:
            return
        steps = [self.role, *(membership.role for membership in way)]
        through = f" through {', '.join(steps[1:-1])}" if len(steps) > len((self.role, self.group)) else ""
        yield Finding(
            f"role {role} is a member of {group}{through}",
            expected=f"not a member of {self.group}",
            observed=" → ".join(steps),
            hint="Revoke whichever of these memberships is not wanted." if through else None,
            repair=() if through else (Repair(f"revoke {group} from {role};", "changes access"),),
        )
