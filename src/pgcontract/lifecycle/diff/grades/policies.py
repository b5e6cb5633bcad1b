"""How much a change of a row-level security policy matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.privileges import PUBLIC
from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Rule, Table, Verdict


def _added(change: Change) -> Verdict:
    if change.item.record.permissive:
        return dangerous("rows that no other policy shows or lets be written may now be")
    return breaking("rows that it does not let through are no longer seen or written")


def _dropped(change: Change) -> Verdict:
    if change.item.record.permissive:
        return breaking("rows that only it showed or let be written are refused")
    return dangerous("rows that it kept from being seen or written no longer are")


def _condition(word: str) -> Rule:
    def decided(change: Change) -> Verdict:
        if change.right == "true":
            return dangerous(f"its {word} holds for every row")
        if change.right is None:
            instead = ", and USING decides what may be written" if change.item.record.using else ""
            return dangerous(f"it has no {word} any more{instead}")
        if change.right == "false":
            return breaking(f"its {word} holds for no row")
        return dangerous(f"its {word} is another, and may hold for more rows")

    return decided


def _roles(change: Change) -> Verdict:
    gained, lost = set(change.right) - set(change.left), set(change.left) - set(change.right)
    if PUBLIC in change.left:
        gained, lost = set(), gained or lost
    if PUBLIC in change.right:
        lost = set()
    permissive = change.item.record.permissive
    if gained and permissive:
        return dangerous(f"it lets {_names(gained)} through, too")
    if lost and not permissive:
        return dangerous("it no longer holds for everybody that it kept back")
    return breaking("somebody for whom it let rows through is refused" if permissive else "it holds for more roles")


def _names(roles: set[str]) -> str:
    return ", ".join(sorted(roles))


def _command(change: Change) -> Verdict:
    if change.item.record.permissive:
        return dangerous("it lets other commands through")
    if change.right == "ALL":
        return breaking("it confines every command")
    return dangerous("it no longer confines every command that it did")


TABLE: Table = {
    "added": _added,
    "dropped": _dropped,
    "command": _command,
    "permissive": flag(
        dangerous("it was a condition of its own, and now any other policy that holds is enough"),
        breaking("all policies must hold with it, where one was enough"),
    ),
    "roles": _roles,
    "using": _condition("USING"),
    "with_check": _condition("WITH CHECK"),
    "comment": safe("comments change nothing"),
}
