"""How much it matters that somebody has other privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, exposed, review, safe
from pgcontract.lifecycle.diff.granted import privilege

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Verdict

_WHO = "privileges of "
_OPTION = " WITH GRANT OPTION"


def granted(change: Change) -> Verdict:
    """The verdict on what one grantee has on either side."""
    who = change.called.removeprefix(_WHO)
    gained = sorted(_plain(change.right) - _plain(change.left))
    lost = sorted(_plain(change.left) - _plain(change.right))
    if gained and who != "the owner":
        reason = f"{who} may {', '.join(gained)}{_later(change)}"
        return dangerous(reason) if exposed(change.sides.right, who) else review(reason)
    if lost:
        return breaking(f"{who} may no longer {', '.join(lost)}")
    if gained:
        return review(f"{who} may {', '.join(gained)}")
    if _options(change.right) - _options(change.left):
        return dangerous(f"{who} may give its rights to others") if who != "the owner" else review("a grant option")
    if _options(change.left) - _options(change.right):
        return breaking(f"{who} may not give its rights to others")
    return safe("the same rights were granted by somebody else")


def _later(change: Change) -> str:
    return " on what is made from now on" if change.item.kind == "default privileges" else ""


def _plain(said: tuple[str, ...]) -> set[str]:
    return {privilege(each) for each in said}


def _options(said: tuple[str, ...]) -> set[str]:
    return {privilege(each) for each in said if _OPTION in each}
