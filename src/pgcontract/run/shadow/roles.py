"""The roles of a cluster, as SQL that makes them again: attributes and memberships, without passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.roles import Role

KEEPER = "pgcontract_shadow"
"""The superuser that makes the shadow, so that `postgres` can be what it is on the database itself."""


def roles_sql(roles: Mapping[str, Role]) -> Iterator[str]:
    """The statements, those that make roles first. Postgres's own are there already."""
    for role in roles.values():
        if not role.name.startswith("pg_"):
            yield f"create role {quote(role.name)} {' '.join(_attributes(role))}"
    for role in roles.values():
        for membership in role.member_of:
            options = ", ".join(
                f"{name} {str(value).lower()}"
                for name, value in (
                    ("inherit", membership.inherit),
                    ("set", membership.set),
                    ("admin", membership.admin),
                )
            )
            yield f"grant {quote(membership.role)} to {quote(role.name)} with {options}"


def _attributes(role: Role) -> Iterator[str]:
    """Whoever is connected must be able to log in; a socket of our own asks for no password."""
    yield "login"
    for word, has in (
        ("superuser", role.superuser),
        ("inherit", role.inherit),
        ("createrole", role.create_role),
        ("createdb", role.create_database),
        ("bypassrls", role.bypass_rls),
    ):
        yield word if has else f"no{word}"
