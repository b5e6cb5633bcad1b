"""Two opened sources against each other, whatever each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.difference import Comparison
from pgcontract.lifecycle.diff.catalogs import EVERYTHING, diff
from pgcontract.lifecycle.diff.contracts import between
from pgcontract.lifecycle.diff.questions import questions_of
from pgcontract.lifecycle.diff.verified import broken

if TYPE_CHECKING:
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.lifecycle.sources import Source


def compare(left: Source, right: Source, scope: Scope = EVERYTHING, *, owners: bool = True) -> Comparison:
    """What two sources do not have alike.

    Two catalogs are compared object by object, and two contracts statement by statement; of a contract and a catalog,
    the differences are what the contract says of its catalog lane and does not hold.

    Raises:
        DatabaseError: A database can no longer be reached.
        UnreadableError: Its role may not read what is compared.
    """
    if left.suite is not None and right.suite is not None:
        return Comparison(left.name, right.name, between(left.suite, right.suite, scope))
    if left.suite is not None or right.suite is not None:
        return broken(left, right, scope, owners=owners)
    if left.catalog is None or right.catalog is None:
        raise ValueError("a source is a catalog or a suite")
    left, right = _asked(left, right)
    made = (left.made, right.made)
    if left.catalog is None or right.catalog is None:
        raise ValueError("a source is a catalog or a suite")
    return Comparison(left.name, right.name, diff(left.catalog, right.catalog, scope, owners=owners, made=made))


def _asked(left: Source, right: Source) -> tuple[Source, Source]:
    """Both with what their servers say of the other's texts, where they are of different versions."""
    if left.catalog is None or right.catalog is None:
        return left, right
    of_left, of_right = questions_of(left.catalog, right.catalog)
    return left.asked(of_left), right.asked(of_right)
