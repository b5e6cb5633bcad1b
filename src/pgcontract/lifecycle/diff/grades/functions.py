"""How much a change of a function or procedure matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, exposed, flag, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_PATH = "setting search_path"
_WEAKER = {"safe": 0, "restricted": 1, "unsafe": 2}
_OF_SPEED = frozenset({"sspace", "msspace", "combinefunc", "serialfunc", "deserialfunc"})
_LOOSER = {"immutable": 0, "stable": 1, "volatile": 2}


def _added(change: Change) -> Verdict:
    function = change.item.record
    callers = sorted(
        {
            grant.grantee
            for grant in function.grants
            if grant.privilege == "EXECUTE" and exposed(change.sides.right, grant.grantee)
        }
    )
    if not function.security_definer:
        return safe("nothing calls it yet")
    if callers:
        return dangerous(f"{', '.join(callers)} may call it, and it runs with the rights of {function.owner}")
    return review(f"it runs with the rights of {function.owner}")


def _settings(change: Change) -> Verdict:
    if change.called != _PATH:
        return review("it runs with another setting")
    definer = change.item.record.security_definer
    if change.right is None:
        reason = "whoever calls it chooses what the bare names in it mean"
        return dangerous(f"{reason}, and it runs with its owner's rights") if definer else review(reason)
    return review("bare names in it may mean something else")


def _owner(change: Change) -> Verdict:
    if change.item.record.security_definer:
        return dangerous("it runs with the rights of another role")
    return review("another role may change it")


def _source(change: Change) -> Verdict:
    rights = ", with its owner's rights" if change.item.record.security_definer else ""
    return review(f"it does something else{rights}")


def _arguments(change: Change) -> Verdict:
    lost = sum(each.default for each in change.left) > sum(each.default for each in change.right)
    named = [each.name for each in change.left] != [each.name for each in change.right]
    if lost:
        return breaking("a call that leaves an argument out is refused")
    if named:
        return breaking("a call that names an argument is refused")
    return review("calls may mean something else")


def _volatility(change: Change) -> Verdict:
    if _LOOSER[change.right] > _LOOSER[change.left]:
        return breaking("indexes and generated columns may not use it any more, and queries may be slower")
    return review("the planner may call it less often than its result changes")


def _parallel(change: Change) -> Verdict:
    if _WEAKER[change.right] > _WEAKER[change.left]:
        return safe("it is a matter of speed")
    return review("it may run in parallel workers")


def _aggregate(change: Change) -> Verdict:
    return safe("it is a matter of speed") if change.called in _OF_SPEED else review("it comes to another result")


TABLE: Table = {
    "added": _added,
    "dropped": breaking("whatever calls it fails"),
    "security_definer": flag(
        dangerous("it runs with its owner's rights, and past the policies that hold for whoever calls it"),
        breaking("whoever calls it needs rights of their own"),
    ),
    "settings": _settings,
    "owner": _owner,
    "source": _source,
    "aggregate": _aggregate,
    "kind": breaking("it is called in another way"),
    "returns": breaking("its result is of another type"),
    "arguments": _arguments,
    "defaults": review("a call that leaves an argument out means something else"),
    "language": review("it is written in another language"),
    "volatility": _volatility,
    "strict": review("what it does with NULL is otherwise"),
    "leakproof": flag(dangerous("it may be run on rows that policies leave out"), safe("it is a matter of speed")),
    "parallel": _parallel,
    "planner": safe("it is a matter of speed"),
    "standard": review("its body is stored otherwise"),
    "library": review("its code is in another file"),
    "comment": safe("comments change nothing"),
}
