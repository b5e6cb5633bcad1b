"""The users of both worlds, where the database has a table of them that belongs to the platform."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.isolation.identities import USERS_A_WORLD
from pgcontract.isolation.ledger import Ledger
from pgcontract.isolation.scope import USERS
from pgcontract.names import literal, quote
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Generator

    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.stage import Stage


class Users(Ledger):
    """Puts the users in."""

    def __init__(self, stage: Stage, ownership: Ownership, identities: Identities) -> None:
        super().__init__(stage.session, ownership, identities)
        self.stage = stage

    @contextmanager
    def of_world(self, world: str) -> Generator[None]:
        """Inside, what is made belongs to the world, and triggers find its first user."""
        before, self._world = self._world, world
        self.stage.as_owner(world)
        try:
            yield
        finally:
            self._world = before

    def _users(self) -> None:
        """Those of the world; somebody without any rows where there is no world yet."""
        for number in range(USERS_A_WORLD if self._world else 1):
            self._user(number)

    def _user(self, number: int) -> None:
        """One of them; only what tells it apart, since the platform has a default for the rest.

        Raises:
            CannotProbe: No row goes in, since whoever is connected may not write there, or the table asks for more.
        """
        if USERS not in self.catalog.tables:
            return
        uid, email = self.identities.uids[self._world][number], self.identities.emails[self._world][number]
        columns = {"id": uid, "email": email, "aud": "authenticated", "role": "authenticated"}
        columns["raw_user_meta_data"] = json.dumps(self.stage.metadata)
        present = {name: value for name, value in columns.items() if name in self.catalog.tables[USERS].columns}
        names, values = ", ".join(map(quote, present)), ", ".join(map(literal, present.values()))
        try:
            self.session.rows(f"insert into {USERS} ({names}) values ({values})")
        except Refused:  # a table of the product's own, which asks for more
            known = {name: value for name, value in present.items() if name in {"id", "email"}}
            try:
                self._maker.row(USERS, where=known)
            except CannotSynthesise as error:
                raise CannotProbe(f"nobody can act: {error}") from error
        self._remember(USERS, {"id": uid}, self._world)
