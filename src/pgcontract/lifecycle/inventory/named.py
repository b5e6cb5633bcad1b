"""The roles that a contract's statements name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.acls import AclIs
from pgcontract.expectations.default_acls import DefaultAclIs
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.policies import PolicyPresent

if TYPE_CHECKING:
    from collections.abc import Iterable

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
