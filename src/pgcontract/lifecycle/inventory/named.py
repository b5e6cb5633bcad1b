"""The roles that a contract's statements name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.acls import AclIs
from pgcontract.expectations.default_acls import DefaultAclIs
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.policies import PolicyPresent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation


def named_roles(expectations: Iterable[Expectation]) -> set[str]:
    """Owners, grantees, those whom policies are for, and those whose new objects are granted."""
    found: set[str] = set()
    for one in expectations:
        if isinstance(one, OwnerIs):
            found.add(one.owner)
        elif isinstance(one, AclIs):
            found.update(one.grants, *one.columns.values())
        elif isinstance(one, DefaultAclIs):
            found.update({one.creator}, one.grants)
        elif isinstance(one, PolicyPresent):
            found.update(one.roles or ())
    return found


def with_members(catalog: Catalog, named: Iterable[str]) -> set[str]:
    """The roles, those that are members of them, for they can have the same rights, and those that they are members of.

    Superusers can become any role, and are nobody's members for that.
    """
    found = {name for name in named if name in catalog.roles}
    for upward in (True, False):
        waiting = list(found)
        while waiting:
            name = waiting.pop()
            more = {
                other.name if upward else membership.role
                for other in (catalog.roles.values() if upward else [catalog.roles[name]])
                for membership in other.member_of
                if not upward or (membership.role == name and not other.superuser)
            }
            waiting += more - found
            found |= more
    return found
