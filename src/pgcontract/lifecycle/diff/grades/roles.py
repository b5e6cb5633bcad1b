"""How much a change of a role matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict


def _added(change: Change) -> Verdict:
    role = change.item.record
    if role.superuser:
        return dangerous("it is a superuser")
    if role.bypass_rls:
        return dangerous("no policy holds for it")
    return review("somebody may come in as it" if role.login else "it may be given rights")


_MEMBER = present(
    dangerous("it may do what the other role may"),
    review("what it may do as the other role is otherwise"),
    breaking("it may no longer do what the other role may"),
)

TABLE: Table = {
    "added": _added,
    "dropped": breaking("nobody can come in as it, and what is granted to it is gone"),
    "superuser": flag(dangerous("it may do everything"), breaking("it may no longer do everything")),
    "bypass_rls": flag(dangerous("no policy holds for it"), breaking("policies hold for it")),
    "create_role": flag(dangerous("it may make roles, and give rights to them"), breaking("it may make no roles")),
    "create_database": flag(review("it may make databases"), breaking("it may make no databases")),
    "replication": flag(dangerous("it may read everything by replication"), breaking("it may not replicate")),
    "login": flag(dangerous("somebody may come in as it"), breaking("nobody may come in as it")),
    "inherit": flag(
        dangerous("it has the rights of its roles unasked"), breaking("it has no rights of its roles unasked")
    ),
    "connection_limit": review("it may open another number of connections"),
    "settings": review("its sessions run with another setting"),
    "settings_here": review("its sessions run with another setting"),
    "member_of": _MEMBER,
    "comment": safe("comments change nothing"),
}
