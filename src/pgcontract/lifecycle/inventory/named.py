"""The roles that a contract's statements name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.acls import AclIs
from pgcontract.expectations.default_acls import DefaultAclIs
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.policies import PolicyPresent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    members: dict[str, set[str]] = {}
    for role in catalog.roles.values():
        for membership in role.member_of:
            if not role.superuser:
                members.setdefault(membership.role, set()).add(role.name)
    groups = {name: {membership.role for membership in role.member_of} for name, role in catalog.roles.items()}
    start = {name for name in named if name in catalog.roles}
    return _reached(start, members) | _reached(_reached(start, members), groups)


def _reached(start: Iterable[str], links: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        more = links.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found
