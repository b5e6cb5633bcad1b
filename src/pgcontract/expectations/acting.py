"""What expectations on behaviour share: who acts, and rows that are made for a trial and rolled back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import identities
from pgcontract.contract.session import ALLOW_WRITING, CannotProbe, Refused

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.principals import Principal
    from pgcontract.contract.session import Session
    from pgcontract.synth import Maker

UNABLE = frozenset({"57014", "55P03", "40P01"})
"""A timeout, a lock or a deadlock: such a refusal says nothing about what should be."""


def actor(session: Session, name: str | None, claims: Mapping[str, Any] | None = None) -> Principal:
    """Who acts under a name: a principal of the contract, or a role; the connected user where it is None.

    Args:
        session: Where they act.
        name: A principal's or a role's.
        claims: Those of the request, instead of the principal's own.

    Raises:
        MissingObjectError: There is no such principal or role.
    """
    found = session.principal(session.catalog.server.user if name is None else name)
    return found if claims is None else found.model_copy(update={"claims": claims})


def require_writing(session: Session) -> None:
    """Do nothing if rows may be written for a trial.

    Raises:
        CannotProbe: The user of this run did not allow it.
    """
    if not session.may_write:
        raise CannotProbe(f"it has to write rows, which are rolled back; {ALLOW_WRITING}")


def require_sight(session: Session, relation: Relation) -> None:
    """Do nothing if the connected user sees every row of a relation, whatever its policies say.

    Raises:
        CannotProbe: It is itself under row-level security there, so that it cannot tell what others do not see.
    """
    catalog = session.catalog
    user = catalog.roles[catalog.server.user]
    owns = relation.owner in identities(catalog, user.name) and not relation.rls_forced
    if relation.rls_enabled and not (user.superuser or user.bypass_rls or owns):
        raise CannotProbe(f"no positive control: {user.name} is itself under row-level security on {relation.name}")


@contextmanager
def rehearsing(session: Session, table: str) -> Generator[Maker]:
    """Makes rows of a table, as the connected user; all that is done inside is rolled back.

    Raises:
        CannotProbe: No row can be made, or none may be; the reason says what to pin.
        MissingObjectError: There is no such table.
    """
    catalog = session.catalog
    if not catalog.relations[table].is_table:
        raise CannotProbe(f"{table} is a {catalog.relations[table].kind}: rows are made in tables alone")
    require_writing(session)
    from pgcontract.synth import Maker  # noqa: PLC0415 - it is much, and most contracts only read

    with session.trial(), explained():
        yield Maker(session, catalog)


@contextmanager
def explained() -> Generator[None]:
    """What no row can be made for is a reason to skip."""
    from pgcontract.synth import CannotSynthesise  # noqa: PLC0415 - as above

    try:
        yield
    except CannotSynthesise as error:
        raise CannotProbe(f"{error}{f'. {error.hint}' if error.hint else ''}") from error


def require_telling(refused: Refused) -> None:
    """Do nothing if a refusal says something about what should be.

    Raises:
        Refused: It took too long, or a lock could not be had.
        CannotProbe: The session may not write.
    """
    if refused.sqlstate in UNABLE:
        raise refused
    if refused.sqlstate == "25006":
        raise CannotProbe(f"it writes; allow it with --probes rollback ({refused})")
