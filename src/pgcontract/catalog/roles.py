"""Roles and their memberships, as pg_roles and pg_auth_members have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SECRET = re.compile(r"[^=]*\..*(pass|pwd|secret|token|credential|key)[^=]*=", re.IGNORECASE)


def readable(settings: Iterable[str] | None) -> tuple[str, ...]:
    """Settings as `name=value`, in order; of a made-up one that may be a secret (`app.jwt_secret`) the name alone.

    Postgres keeps them in the order in which they were set last, which means nothing.
    """
    return tuple(sorted(f"{s.partition('=')[0]}={HIDDEN}" if _SECRET.match(s) else s for s in settings or ()))


@dataclass(frozen=True, slots=True)
class Membership:
    """That a role is a member of another.

    Attributes:
        role: The role that it is a member of.
        inherit: Whether the other role's privileges are used without `SET ROLE`.
        set: Whether the member may `SET ROLE` to it.
        admin: Whether the member may give the membership on.
    """

    role: str
    inherit: bool = True
    set: bool = True
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the cluster.

    Attributes:
        name: Its name, unquoted.
        connection_limit: How many connections at once; -1 for no limit.
        settings: What `ALTER ROLE … SET` has set in every database, as `name=value`.
        settings_here: What `ALTER ROLE … IN DATABASE … SET` has set in this one.
        member_of: Its direct memberships.
    """

    name: str
    superuser: bool = False
    inherit: bool = True
    login: bool = False
    create_role: bool = False
    create_database: bool = False
    replication: bool = False
    bypass_rls: bool = False
    connection_limit: int = -1
    settings: tuple[str, ...] = ()
    settings_here: tuple[str, ...] = ()
    member_of: tuple[Membership, ...] = ()
    comment: str | None = None


def from_row(row: tuple[Any, ...], member_of: Sequence[Membership]) -> Role:
    """The record that a row of `sql/roles.sql` makes."""
    name, superuser, inherit, login, create_role, create_database, replication, bypass_rls = row[:8]
    limit, settings, here, comment = row[8:]
    return Role(
        name=name,
        superuser=superuser,
        inherit=inherit,
        login=login,
        create_role=create_role,
        create_database=create_database,
        replication=replication,
        bypass_rls=bypass_rls,
        connection_limit=limit,
        settings=readable(settings),
        settings_here=readable(here),
        member_of=tuple(member_of),
        comment=comment,
    )
