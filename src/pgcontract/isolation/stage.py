"""The session of a search: who acts on it, and what was refused."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from pgcontract.contract.session import Session
    from pgcontract.isolation.model import Principal


class Stage:
    """A session on which principals act, one after another, each in a savepoint.

    Attributes:
        session: The session, in which what must not be tried counts as refused, and is remembered.
        attempts: How many statements principals have tried.
        metadata: What the users have written into their own metadata.
    """

    def __init__(
        self, session: Session, settings: Callable[[str], tuple[Mapping[str, Any], Mapping[str, str]]]
    ) -> None:
        self.session = Guarded(session)
        self.attempts = 0
        self.metadata: dict[str, Any] = {}
        self._settings = settings
        self._names: set[str] = set()

    def prepare(self, timeout_ms: int) -> None:
        """Text comes out the same everywhere, and nothing takes for ever."""
        self._set(
            {"timezone": "UTC", "datestyle": "ISO, YMD", "statement_timeout": str(timeout_ms), "lock_timeout": "2000"}
        )

    def as_owner(self, world: str = "") -> None:
        """Act as whoever is connected; triggers then find the claims of the world's first user."""
        claims, settings = self._settings(world) if world else ({}, {})
        self._become("none", claims or None, settings)

    def become(self, principal: Principal) -> None:
        """Act as the principal until the savepoint around it is rolled back."""
        self._become(principal.role, principal.claims, principal.settings)

    def _become(self, role: str, claims: Mapping[str, Any] | None, settings: Mapping[str, str]) -> None:
        wanted = dict.fromkeys(self._names, "") | dict(settings)
        self._names |= {name for name in settings if "." in name}  # the others are not for us to empty
        wanted["request.jwt.claims"] = "" if claims is None else json.dumps({"role": role, **claims})
        self._set({**wanted, "role": role})

    def _set(self, settings: Mapping[str, str]) -> None:
        calls = ", ".join("pg_catalog.set_config(%s, %s, true)" for _ in settings)
        self.session.rows(f"select {calls}", [part for pair in settings.items() for part in pair])

    @contextmanager
    def acting(self, principal: Principal) -> Generator[None]:
        """Inside, the principal acts; all of it is rolled back."""
        with self.session.trial():
            self.become(principal)
            yield

    def tried(self, statement: str) -> list[tuple[Any, ...]] | Refused:
        """What a statement of a principal's gives, or why it was refused."""
        self.attempts += 1
        try:
            return self.session.rows(statement)
        except Refused as refused:
            return refused
