"""Organisations whose names a careless comparison takes for each other: by case, a blank, a prefix, a pattern."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.principals import put
from pgcontract.isolation.reads import narrowed, readable
from pgcontract.names import literal
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.judge import Evidence
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

MOST_TABLES = 3


def namesakes(
    stage: Stage, scope: Scope, builder: Builder, evidence: Evidence, principal: Principal
) -> Iterator[Candidate]:
    """What an organisation sees of another one whose name is almost its own; the rows go to the worlds' kept ones."""
    if principal.name != "member":
        return
    for relation, column, token in _places(scope, builder):
        columns = readable(builder.catalog, principal.role, relation)
        held = [builder.identities.values[w].get(builder.ownership.groups.of((relation.name, column))) for w in "AB"]
        if not all(held) or not columns:
            continue
        for mine, theirs in _pairs(str(held[0][0]), str(held[1][0])):  # type: ignore[index]
            if not _differ(stage, builder, relation, column, mine, theirs):
                continue
            acts = _renamed(principal, token, mine)
            found = _seen(stage, builder, evidence, acts, relation, column, columns, mine, theirs)
            if found is not None:
                yield found
                break


def _places(scope: Scope, builder: Builder) -> Iterator[tuple[Relation, str, str]]:
    """Columns of text that hold what a claim or a setting says, a few tables each, with what says it."""
    found: dict[str, int] = {}
    for relation in scope.tables.values():
        for column in builder.ownership.direct.get(relation.name, ()):
            tokens = sorted(builder.ownership.tokens_of((relation.name, column)))
            token = next((token for token in tokens if token.startswith(("«claim:", "«setting:"))), None)
            if token is None or "user_metadata" in token or column not in relation.columns:
                continue
            if builder.vocabulary.is_text(relation.columns[column]) and found.get(token, 0) < MOST_TABLES:
                found[token] = found.get(token, 0) + 1
                yield relation, column, token


def _pairs(mine: str, theirs: str) -> list[tuple[str, str]]:
    """The principal's own name and another's."""
    return [(mine, mine.swapcase()), (mine, f"{mine} "), (mine, mine[:-1]), (f"_{theirs[1:]}", theirs)]


def _differ(stage: Stage, builder: Builder, relation: Relation, column: str, mine: str, theirs: str) -> bool:
    """Whether they are two names at all, as the column's type has them, and both go into it."""
    kind = relation.columns[column].type
    try:
        if not stage.session.rows(f"select 1 where {literal(mine)}::{kind} <> {literal(theirs)}::{kind}"):
            return False
        with stage.session.trial():
            stage.as_owner("A")
            return builder.drafted(relation, "A", 0, {column: mine}) is not None
    except (CannotSynthesise, Refused):
        return False


def _renamed(principal: Principal, token: str, name: str) -> Principal:
    """The principal as one of the organisation of that name."""
    kind, _, path = token.strip("«»").partition(":")
    if kind == "setting":
        return replace(principal, settings={**principal.settings, path: name})
    claims = copy.deepcopy(dict(principal.claims or {}))
    put(claims, path.split("."), [name] if path.endswith("s") else name)
    return replace(principal, claims=claims)


def _seen(
    stage: Stage,
    builder: Builder,
    evidence: Evidence,
    principal: Principal,
    relation: Relation,
    column: str,
    columns: list[str],
    mine: str,
    theirs: str,
) -> Candidate | None:
    try:
        with stage.session.trial():
            stage.as_owner("B")
            row = builder.drafted(relation, "B", 0, {column: theirs})
            if row is None or not all(name in columns for name in row.key):
                return None
            needed = builder.unknown_parents(relation, row)
            select = narrowed(relation, columns, row, frozenset())
            stage.become(principal)
            answer = stage.tried(select)
    except (CannotSynthesise, Refused):
        return None
    if isinstance(answer, Refused) or not answer:
        return None
    builder.worlds.kept += [*needed, row]
    return _candidate(evidence, principal, relation, row, select, f"{mine!r}", f"{theirs!r}")


def _candidate(
    evidence: Evidence, principal: Principal, relation: Relation, row: Row, select: str, mine: str, theirs: str
) -> Candidate:
    marks = frozenset(mark for value in row.values.values() for mark in evidence.marks_in(value))
    marks |= {str(row.values[column]) for column in row.key}
    what = f"read what belongs to {theirs} in {relation.name}, though it belongs to {mine} itself"
    proof = Proof("sees", (row.name,), marks)
    return Candidate(principal, relation.name, "SELECT", (select,), what, proof, (relation.name,))
