"""Foreign servers, as pg_foreign_server has them. No secret that an option holds leaves this module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.privileges import Grant

HIDDEN = "(hidden)"
"""What stands for the value of an option that may be a secret."""

_SECRET = re.compile(r"pass|pwd|secret|token|credential|sa_key|(api|access|private|account)_?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UserMapping:
    """As whom a role acts on a foreign server.

    Attributes:
        role: The role, or `PUBLIC`.
        options: The names of the options; their values are never read. `(hidden)` alone where the reader is not told.
    """

    role: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignServer:
    """A foreign server.

    Attributes:
        wrapper: The foreign data wrapper that speaks with it.
        options: As `name=value`; the value of one that may be a secret is `(hidden)`.
        users: The user mappings, everybody's first, then by role.
    """

    name: str
    wrapper: str
    owner: str
    type: str | None = None
    version: str | None = None
    options: tuple[str, ...] = ()
    users: tuple[UserMapping, ...] = ()
    grants: tuple[Grant, ...] = ()
    comment: str | None = None


def readable(options: Iterable[str] | None) -> tuple[str, ...]:
    """The options in the order of their names, secrets hidden."""
    named = ((name, value) for name, _, value in (option.partition("=") for option in options or ()))
    return tuple(sorted(f"{name}={HIDDEN if _SECRET.search(name) else value}" for name, value in named))


def from_row(row: tuple[Any, ...]) -> ForeignServer:
    """The record that a row of `sql/foreign_servers.sql` makes."""
    name, wrapper, owner, kind, version, options, users, acl, comment = row
    mapped = tuple(UserMapping(role, (HIDDEN,) if names is None else tuple(names)) for role, names in users or ())
    return ForeignServer(name, wrapper, owner, kind, version, readable(options), mapped, grants_of(tuple(acl)), comment)
