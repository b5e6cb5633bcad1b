"""A session in which what must not be tried counts as refused, and is remembered: it tells nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.uses import uses
from pgcontract.contract.session import OutOfReach, Refused
from pgcontract.isolation.model import Inconclusive
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.principals import Principal
    from pgcontract.contract.session import Session

NOT_TRIED = "pgc01"
"""Stands for a SQLSTATE where a statement was not run, since its effects would outlast the rollback."""


class Guarded:
    """A `Session` around another, for a search that goes on when something cannot be tried.

    Attributes:
        untried: Why some statement was not run, in words; each reason once, with the first such statement.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.untried: dict[str, str] = {}

    @property
    def catalog(self) -> Catalog:
        """What the database is."""
        return self._session.catalog

    @property
    def may_write(self) -> bool:
        """Whether the user of this run allowed statements that write."""
        return self._session.may_write

    @property
    def values(self) -> bool:
        """Whether a finding may show what stands in rows."""
        return self._session.values

    @property
    def principals(self) -> Mapping[str, Principal]:
        """Who acts, as the contract declares it, by name."""
        return self._session.principals

    def principal(self, name: str) -> Principal:
        """The principal of that name."""
        return self._session.principal(name)

    def acting(self, principal: Principal) -> AbstractContextManager[None]:
        """Inside, statements run as the principal."""
        return self._session.acting(principal)

    def acting_as(
        self, role: str, claims: Mapping[str, Any] | None = None, settings: Mapping[str, str] | None = None
    ) -> AbstractContextManager[None]:
        """Inside, statements run as the role."""
        return self._session.acting_as(role, claims, settings)

    def trial(self) -> AbstractContextManager[None]:
        """Inside, whatever is done is rolled back."""
        return self._session.trial()

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        with self._remembering(statement):
            return self._session.rows(statement, parameters)

    def count(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement, give the number of rows it touched or returned, and roll it back."""
        with self._remembering(statement):
            return self._session.count(statement, parameters)

    def inconclusive(self) -> Iterator[Inconclusive]:
        """What was not tried, one entry a reason, with the relation or function that it was about."""
        for reason, statement in self.untried.items():
            used = uses(statement)
            written = sorted(write.relation for write in used.writes)
            known = sorted(name for name in used.names if len(name) > 1 and name[0] in self.catalog.schemas)
            about = next(iter([*written, *known]), ())
            yield Inconclusive(".".join(map(quote, about)), "", reason)

    @contextmanager
    def _remembering(self, statement: str) -> Generator[None]:
        try:
            yield
        except OutOfReach as reason:
            self.untried.setdefault(str(reason), statement)
            raise Refused(str(reason), NOT_TRIED) from reason
