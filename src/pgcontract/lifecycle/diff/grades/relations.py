"""How much a change of a table or another relation as a whole matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, exposed, flag, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_REACHING = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def _added(change: Change) -> Verdict:
    relation = change.item.record
    who = sorted(
        {
            grant.grantee
            for grant in relation.grants
            if grant.privilege in _REACHING and exposed(change.sides.right, grant.grantee)
        }
    )
    if not who:
        return safe("nothing uses it yet")
    if relation.kind in {"table", "partitioned table"}:
        if relation.rls_enabled:
            return review(f"{', '.join(who)} may use it, as far as its policies let them")
        return dangerous(f"{', '.join(who)} may use it, and it has no row-level security")
    view = change.sides.right.views.get(relation.name)
    if view is not None and view.security_invoker:
        return review(f"{', '.join(who)} may use it, with their own rights")
    return dangerous(f"{', '.join(who)} may use it, with its owner's rights")


def _persistence(change: Change) -> Verdict:
    if change.right == "unlogged":
        return breaking("its rows are lost when the server crashes, and are not replicated")
    return review("its rows are kept otherwise")


TABLE: Table = {
    "added": _added,
    "dropped": breaking("its rows are lost, and what names it fails"),
    "kind": breaking("what it may be used for is otherwise"),
    "owner": review("its owner may do everything with it, and may bypass its policies"),
    "rls_enabled": flag(
        breaking("rows that no policy lets through are no longer seen or written"),
        dangerous("its policies no longer hold for anybody"),
    ),
    "rls_forced": flag(breaking("its policies hold for its owner, too"), dangerous("its owner bypasses its policies")),
    "persistence": _persistence,
    "options": review("it is stored otherwise"),
    "column order": review("an INSERT without names, and SELECT *, take the columns in another order"),
    "comment": safe("comments change nothing"),
}
PARTITIONS: Table = {
    "strategy": breaking("rows go to other partitions"),
    "key": breaking("rows go to other partitions"),
}
INHERITANCE: Table = {
    "parents": breaking("its rows belong to another table, too, or no longer do"),
    "bound": breaking("it takes other rows"),
}
STORAGE: Table = {
    "replica_identity": review("replication tells rows apart otherwise"),
    "replica_index": review("replication tells rows apart otherwise"),
    "clustered_on": safe("it is a matter of speed"),
}
FOREIGN: Table = {
    "server": breaking("its rows come from elsewhere"),
    "options": review("its rows may come from elsewhere"),
}
