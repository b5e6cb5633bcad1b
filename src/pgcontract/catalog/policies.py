"""Row-level security policies, as pg_policy has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.making import maker
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.lookups import Lookups

Command = Literal["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of a table.

    Attributes:
        name: Its name, unquoted.
        command: What it applies to.
        permissive: True for PERMISSIVE (any one must hold), False for RESTRICTIVE (all must hold).
        roles: Whom it applies to, sorted; `PUBLIC` is everybody.
        using: Which rows may be seen or changed, as Postgres deparses it.
        with_check: Which rows may be written; where it is missing, `using` serves.
    """

    name: str
    command: Command
    permissive: bool
    roles: tuple[str, ...]
    using: str | None = None
    with_check: str | None = None
    comment: str | None = None


_policy = maker(Policy)
_COMMANDS: dict[str, Command] = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def from_row(row: tuple[Any, ...], known: Lookups) -> Policy:
    """The record that a row of `sql/policies.sql` makes, with the policy that was deparsed in place of the trees."""
    _, name, command, permissive, roles, deparsed, own = row
    using, with_check = known.expressions[deparsed]
    return _policy(
        name=name,
        command=_COMMANDS[command],
        permissive=permissive,
        roles=tuple(sorted(map(known.policy_roles.__getitem__, roles))),
        using=using,
        with_check=with_check,
        comment=known.comments.get(("policy", own, 0)),
    )
