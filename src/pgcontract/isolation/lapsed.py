"""Links to B that have ended: a membership that was left, a share that has expired. They must open nothing any more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pgcontract.contract.session import Refused
from pgcontract.isolation.coverage import FUTURE, PAST
from pgcontract.isolation.owners import users_among
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.gains import Gains
    from pgcontract.isolation.model import Candidate, Principal
    from pgcontract.isolation.principals import Cast
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

_ENDED = re.compile(
    r"^(?:left|removed|revoked|ended|expires|expired|deleted|cancelled|canceled|deactivated|terminated|valid_until|until|ends|"
    r"resigned|kicked|blocked|banned|disabled|withdrawn)(?:_at|_on|_date)?$"
)
_OVER = re.compile(
    r"^(?:removed|revoked|left|expired|rejected|refused|declined|banned|blocked|suspended|former|ended|cancelled|withdrawn)$"
)


_BEGINS = re.compile(r"^(?:starts|valid_from|active_from|effective_from|begins|not_before)(?:_at|_on|_date)?$")
_MAY_COME = re.compile(r"^(?:expires|valid_until|until|ends|left|terminated)(?:_at|_on|_date)?$")
_FLAG_OVER = re.compile(
    r"^(?:is_)?(?:revoked|removed|ended|expired|deleted|cancelled|canceled|deactivated|terminated|blocked|banned|"
    r"disabled|withdrawn|suspended|rejected)$"
)
_FLAG_ALIVE = re.compile(r"^(?:is_)?(?:active|enabled|valid|current|accepted|approved|confirmed)$")
MOST_VARIANTS = 6


class _Ending(NamedTuple):
    """Which columns say that a row no longer counts, and what it holds."""

    columns: str
    values: dict[str, Any]


def lapsed(
    stage: Stage, builder: Builder, cast: Cast, gains: Gains, principal: Principal, kept: list[Row]
) -> Iterator[Candidate]:
    """What a user still sees whose link to something of B's has ended; the rows of such links go to `kept`."""
    if principal.name != "member":
        return
    for table in sorted(builder.ownership.authorities):
        relation = builder.catalog.tables[table]
        endings = [] if table in builder.ownership.elevated else list(_endings(builder, relation))
        acting = [(ending, principal) for ending in endings]
        if principal.claims is not None:  # a token from before, whose claims still name B's organisation
            acting[1:1] = [(ending, replace(principal, claims=cast.stale(principal.index))) for ending in endings[:1]]
        for ending, who in acting:
            if found := _seen(stage, builder, gains, who, relation, ending, kept):
                yield from found
                break


def _endings(builder: Builder, relation: Relation) -> Iterator[_Ending]:
    """How a row may no longer count: by all that can say it; then by each alone, beside what says the opposite."""
    over, alive = _over(builder, relation), _alive(builder, relation)
    if not over:
        return
    found: list[_Ending] = []
    for nullable in (True, False):
        living = {name: values[0 if nullable else -1] for name, values in alive.items()}
        for ended in (over, *({name: value} for name, value in over.items())):
            ending = _Ending(", ".join(ended), {**living, **ended})
            if ending not in found:
                found.append(ending)
    yield from found[:MOST_VARIANTS]


def _over(builder: Builder, relation: Relation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in relation.columns.values():
        if column.type.startswith(("timestamp", "date")) and _ENDED.match(column.name):
            found[column.name] = PAST[:10] if column.type == "date" else PAST
        elif column.type.startswith(("timestamp", "date")) and _BEGINS.match(column.name):
            found[column.name] = FUTURE[:10] if column.type == "date" else FUTURE
        elif column.type == "boolean" and (_FLAG_OVER.match(column.name) or _FLAG_ALIVE.match(column.name)):
            found[column.name] = bool(_FLAG_OVER.match(column.name))
        else:
            over = [label for label in builder.vocabulary.labels(relation.name, column) if _OVER.match(label.lower())]
            if over:
                found[column.name] = over[0]
    return found


def _alive(builder: Builder, relation: Relation) -> dict[str, list[Any]]:
    """What the same columns say of a row that counts; the plainest first."""
    found: dict[str, list[Any]] = {}
    for name, over in _over(builder, relation).items():
        column = relation.columns[name]
        if isinstance(over, bool):
            found[name] = [not over]
        elif column.type.startswith(("timestamp", "date")):
            other = FUTURE if over.startswith(PAST[:10]) else PAST
            date = other[:10] if column.type == "date" else other
            later = [date] if _MAY_COME.match(name) or _BEGINS.match(name) else []
            found[name] = [*([] if column.not_null else [None]), *later] or [date]
        else:
            labels = builder.vocabulary.labels(relation.name, column)
            found[name] = [builder.vocabulary.lively(labels) or next((la for la in labels if la != over), over)]
    return found


def _seen(
    stage: Stage,
    builder: Builder,
    gains: Gains,
    principal: Principal,
    relation: Relation,
    ending: _Ending,
    kept: list[Row],
) -> list[Candidate]:
    users = users_among(builder, relation)
    theirs = builder.musts("B", relation, 0)
    pins = {column: value for column, value in theirs.items() if column not in users}
    if not users or not pins:
        return []
    pins |= {users[0]: builder.identities.uids["A"][principal.index]}
    try:
        with stage.session.trial():
            stage.as_owner("B")
            row = builder.drafted(relation, "B", 0, {**pins, **ending.values})
            if row is None:
                return []
            row.world = "A"
            stage.become(principal)
            found = gains.after(principal, (), f"had a row in {relation.name} that has ended ({ending.columns})")
    except (CannotSynthesise, Refused):
        return []
    if found:
        kept.append(row)
    return [replace(one, proof=replace(one.proof, rows=(*one.proof.rows, row.name))) for one in found]
