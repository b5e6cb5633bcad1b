"""Links to B that have ended: a membership that was left, a share that has expired. They must open nothing any more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.coverage import PAST
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


def lapsed(
    stage: Stage, builder: Builder, cast: Cast, gains: Gains, principal: Principal, kept: list[Row]
) -> Iterator[Candidate]:
    """What a user still sees whose link to something of B's has ended; the rows of such links go to `kept`."""
    if principal.name != "member":
        return
    for table in sorted(builder.ownership.authorities):
        relation = builder.catalog.tables[table]
        ending = _ending(builder, relation)
        if not ending or table in builder.ownership.elevated:
            continue
        stale = replace(principal, claims=cast.stale(principal.index)) if principal.claims is not None else principal
        for who in dict.fromkeys((0, 1)):
            found = _seen(stage, builder, gains, stale if who else principal, relation, ending, kept)
            if found:
                yield from found
                break


def _ending(builder: Builder, relation: Relation) -> dict[str, Any]:
    """What says of a row that it no longer counts."""
    found: dict[str, Any] = {}
    for column in relation.columns.values():
        if column.type.startswith(("timestamp", "date")) and _ENDED.match(column.name):
            found[column.name] = PAST[:10] if column.type == "date" else PAST
        else:
            over = [label for label in builder.vocabulary.labels(relation.name, column) if _OVER.match(label.lower())]
            if over:
                found[column.name] = over[0]
    return found


def _seen(
    stage: Stage,
    builder: Builder,
    gains: Gains,
    principal: Principal,
    relation: Relation,
    ending: dict[str, Any],
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
            row = builder.drafted(relation, "B", 0, {**pins, **ending})
            if row is None:
                return []
            row.world = "A"
            stage.become(principal)
            found = gains.after(principal, (), f"had a row in {relation.name} that has ended ({', '.join(ending)})")
    except (CannotSynthesise, Refused):
        return []
    if found:
        kept.append(row)
    return [replace(one, proof=replace(one.proof, rows=(*one.proof.rows, row.name))) for one in found]
