"""Privileges side by side, a grantee at a time.

What the owner has is compared with what the owner of the other side has, whatever they are called: that it is another
role is a difference of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.privileges import Grant

_OWNER = ""


class Privileges(NamedTuple):
    """What one grantee has on either side.

    Attributes:
        grantee: Who; None for the owner.
        left: Each privilege with its grant option, as SQL says it, and by whom it was granted if not by the owner.
        right: The same of the other side.
    """

    grantee: str | None
    left: tuple[str, ...]
    right: tuple[str, ...]


def differing(left: Iterable[Grant], left_owner: str, right: Iterable[Grant], right_owner: str) -> Iterator[Privileges]:
    """The grantees that have not the same on both sides, in the order of their names."""
    old, new = _by_grantee(left, left_owner), _by_grantee(right, right_owner)
    # Who owns one side's has on the other what was granted; that it owns it no more, or now does, says the owner.
    apart = {left_owner, right_owner} if left_owner != right_owner else set()
    for grantee in sorted({*old, *new} - apart):
        before, after = old.get(grantee, ()), new.get(grantee, ())
        if before != after and not (grantee == _OWNER and _was_granted(before, after, old, new, apart)):
            yield Privileges(grantee or None, before, after)


def _was_granted(
    before: tuple[str, ...],
    after: tuple[str, ...],
    old: dict[str, tuple[str, ...]],
    new: dict[str, tuple[str, ...]],
    apart: set[str],
) -> bool:
    """Whether an owner has but what was granted to that role while another owned it, as of a column."""
    if before and after:
        return False
    granted = [{privilege(said) for said in side.get(role, ())} for side in (old, new) for role in apart]
    return any({privilege(said) for said in (before or after)} == said for said in granted)


def _by_grantee(grants: Iterable[Grant], owner: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for grant in sorted(grants):
        own = grant.grantee == owner  # who may grant them on whatever the list says
        option = " WITH GRANT OPTION" if grant.grantable and not own else ""
        by = "" if grant.grantor == owner else f" granted by {grant.grantor}"
        found[_OWNER if own else grant.grantee][f"{grant.privilege}{option}{by}"] = None
    return {grantee: tuple(said) for grantee, said in found.items()}


def privilege(said: str) -> str:
    """The privilege alone.

    >>> privilege("SELECT WITH GRANT OPTION granted by ann")
    'SELECT'
    """
    return said.partition(" WITH GRANT OPTION")[0].partition(" granted by ")[0]
