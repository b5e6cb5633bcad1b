"""Rows of two users for expectations on who reaches what, and what each who acts under a name reaches of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.expectations.acting import require_writing
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from pgcontract.contract.session import Session
    from pgcontract.isolation.declared import Command
    from pgcontract.isolation.model import Options, Principal
    from pgcontract.isolation.observed import Observed
    from pgcontract.isolation.scene import Scene


@contextmanager
def scene_of(session: Session, table: str, by: str, owner: str | None) -> Generator[Scene]:
    """Rows of two users in what a relation needs; the first is the principal of the contract that `by` names, if any.

    Raises:
        CannotProbe: Rows may not be made, or the connected user may not become the principal.
        MissingObjectError: There is no such relation, column, principal or role.
    """
    from pgcontract.isolation.scene import staged  # noqa: PLC0415 - nothing else needs all that it imports

    session.catalog.relations[table]  # one that is missing says so
    require_writing(session)
    may_become(session, [by])
    stars = {"A": session.principals[by]} if by in session.principals else {}
    options = hints(session, table, owner)
    try:
        with staged(session, table, options, stars) as scene:
            yield scene
    except Refused as refused:
        raise CannotProbe(f"the rows that it needs could not be made: {refused}") from refused


def hints(session: Session, table: str, owner: str | None) -> Options:
    """What is said of whose rows are whose.

    Raises:
        MissingObjectError: There is no such relation or column.
    """
    from pgcontract.isolation.model import Options  # noqa: PLC0415 - as above

    relation = session.catalog.relations[table]
    return Options() if owner is None else Options(owners=(f"{table}.{quote(relation.columns[owner].name)}",))


def may_become(session: Session, names: Iterable[str]) -> None:
    """Do nothing if the connected user may become the principals of the contract that are named.

    Raises:
        CannotProbe: It may not; the reason says why.
    """
    for name in names:
        if name in session.principals:
            with session.acting(session.principals[name]):
                pass


def reached(
    session: Session, table: str, by: str, commands: Sequence[Command], owner: str | None
) -> dict[Command, list[tuple[Principal, Observed]]]:
    """What each who acts under a name reaches of a relation, by command; of what is no table, only by reading.

    Raises:
        CannotProbe: Trying cannot tell; the reason says what to pin.
        MissingObjectError: There is no such relation, column, principal or role.
    """
    with scene_of(session, table, by, owner) as scene:
        relation = session.catalog.relations[table]
        actors = scene.actors(by)
        for actor in actors:
            with session.acting_as(actor.role):
                pass  # whoever may not become it says so
        found: dict[Command, list[tuple[Principal, Observed]]] = {
            command: [(actor, scene.observer.observe(actor, relation, command)) for actor in actors]
            for command in commands
        }
    for command, seen in found.items():
        if all(one.level is None for _, one in seen):
            why = next(one.why for _, one in seen)
            pin = "" if owner else "; say whose its rows are by `owner`"
            raise CannotProbe(f"{command} on {table} by {by} could not be told: {why}{pin}")
    return found
