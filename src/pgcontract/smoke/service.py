"""What the backend does with tables that belong to nobody: a row goes in, is read, changed, and deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.isolation.declared import declared
from pgcontract.isolation.rows import Row, insert, key_of
from pgcontract.names import escaped, quote
from pgcontract.smoke.clock import Clock, tried
from pgcontract.synth import Maker
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.declared import Command
    from pgcontract.verdict import Outcome

_VERBS: dict[Command, tuple[str, str]] = {
    "INSERT": ("RowCreated", "create"),
    "SELECT": ("RowRead", "read"),
    "UPDATE": ("RowUpdated", "update"),
    "DELETE": ("RowDeleted", "delete"),
}


def of_service(session: Session, relation: Relation, service: str, seed: int) -> Iterator[Outcome]:
    """What came of creating, reading, updating and deleting a row of a table, as whoever stands for the backend."""
    for command, (kind, verb) in _VERBS.items():
        attempt = partial(_attempt, relation=relation, service=service, seed=seed, command=command)
        outcome = tried(session, kind, relation.name, f"{service} can {verb} a row of {relation.name}", attempt)
        if outcome.status == "failed" and service in session.catalog.roles:
            meant = declared(session.catalog, service, relation.name, command)
            if meant.level == "none":
                reason = f"{service} is not meant to {verb} rows of it: {meant.why}"
                outcome = replace(outcome, status="skipped", findings=(), reason=reason)
        yield outcome


def _attempt(clock: Clock, relation: Relation, service: str, seed: int, command: Command) -> Iterator[Finding]:
    session = clock.session
    with session.trial():
        row = _made(session, relation, seed)
        statements = {
            "INSERT": insert(relation, row.values),
            "SELECT": f"select 1 from {relation.name} where {row.where}",
            "UPDATE": _update(relation, row),
            "DELETE": f"delete from {relation.name} where {row.where}",
        }
        if command == "INSERT":
            _take_out(session, statements["DELETE"])
        returning = "" if command == "SELECT" else " returning 1"
        with session.acting(session.principal(service)):
            if not clock.rows(statements[command] + returning):
                yield Finding(f"{service} cannot {_VERBS[command][1]} a row of {relation.name}", "1 row", "no row")


def _made(session: Session, relation: Relation, seed: int) -> Row:
    """A row that is there, with every value as text."""
    made = Maker(session, session.catalog, seed=seed).row(relation.name)
    columns = ", ".join(f"{quote(name)}::pg_catalog.text" for name in relation.columns)
    where = " and ".join(f"{escaped(quote(name))} is not distinct from %s" for name in made.key)
    asked = f"select {escaped(columns)} from {escaped(relation.name)} where {where}"
    found = session.rows(asked, list(made.key.values()))
    if not found:
        raise CannotProbe(f"a row of {relation.name} went in, and is not to be found")
    values = dict(zip(relation.columns, found[0], strict=True))
    return Row(relation.name, "", 0, key_of(relation), values)


def _take_out(session: Session, statement: str) -> None:
    try:
        session.rows(statement)
    except Refused as refused:
        raise CannotProbe(f"a row went in, but could not be taken out to put it in again: {refused}") from refused


def _update(relation: Relation, row: Row) -> str:
    free = [
        column.name for column in relation.columns.values() if column.generated is None and column.identity != "ALWAYS"
    ]
    if not free:
        raise CannotProbe(f"no column of {relation.name} can be updated")
    column = quote(next((name for name in free if name not in row.key), free[0]))
    return f"update {relation.name} set {column} = {column} where {row.where}"
