"""Whether a restrictive policy takes from what a permissive one gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.reading import always_true

if TYPE_CHECKING:
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation


def narrowed(table: Relation, policy: Policy, *, written: bool = False) -> bool:
    """Whether a restrictive policy holds for all that the policy is for, and says something of the row.

    Args:
        table: Whose policy it is.
        policy: A permissive one.
        written: Whether only rows that are written matter: then a WITH CHECK counts where there is one.
    """
    for other in table.policies.values():
        same_command = other.command in {"ALL", policy.command}
        same_roles = PUBLIC in other.roles or set(policy.roles) <= set(other.roles)
        if not other.permissive and same_command and same_roles:
            insert = policy.command == "INSERT"
            said = (other.with_check or other.using) if written or insert else other.using
            if said is not None and not always_true(said, table):
                return True
    return False
