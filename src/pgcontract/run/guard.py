"""What no probe may do, whatever it is asked to try: reach outside, or move a sequence. No rollback takes that back.

Every statement of a probe passes here first. One that would reach outside in the end (by a trigger, say, that calls a
function which calls dblink) is not run. The sequences from which one would draw are held: a sequence that is altered
in a transaction gets new storage, which goes with the rollback, and so do the numbers drawn from it. The price is a
lock: until the savepoint around it is rolled back, nobody else can draw from that sequence.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.catalog.effects import Effects
from pgcontract.contract.session import OutOfReach
from pgcontract.names import literal
from pgcontract.run.statements import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.effects import Danger

_SEQUENCE_MS = 1000
_EXCLUSIVE_MS = 100
"""How long to wait for a sequence, and for a table that is to be truncated: whoever comes after waits behind us."""


class Guard:
    """Watches over the statements of one session.

    Args:
        connection: The session's.
        catalog: What the database is.
        holds: Whether sequences are held; there is no need to where nothing can be written, or nothing matters.
        danger: What must not happen; what reaches outside, when None.
        way_out: What the user can do about it.
        excused: Why an error of the server's tells nothing, in words; None where it does.
    """

    def __init__(  # noqa: PLR0913 - all but two have a default, and are given by keyword
        self,
        connection: psycopg.Connection[Any],
        catalog: Catalog,
        *,
        holds: bool,
        danger: Danger | None = None,
        way_out: str = "; probe it with --probes shadow",
        excused: Callable[[psycopg.Error], str | None] = lambda _error: None,
    ) -> None:
        self.excused = excused
        self._connection = connection
        self._catalog = catalog
        self._holds = holds
        self._way_out = way_out
        self._held: dict[str, int] = {}
        self.effects = Effects(catalog, danger)

    @contextmanager
    def admitted(self, statement: str, depth: int) -> Generator[None]:
        """Inside, the statement may be run: the sequences that it would move are held, and it waits for no lock long.

        Args:
            statement: What is about to be run.
            depth: In how many savepoints.

        Raises:
            OutOfReach: It may not; the message says why, and what the user can do.
        """
        effect = self.effects.of_statement(statement)
        if effect.outside is not None:
            raise OutOfReach(f"not tried, since it {effect.outside}{self._way_out}")
        for sequence in sorted(effect.sequences - self._held.keys()) if self._holds else ():
            self._hold(sequence)
            self._held[sequence] = depth
        if not any(node.kind == "TRUNCATE" for node in effect.everything):
            yield
            return
        patience = self._waiting(_EXCLUSIVE_MS)
        yield
        self._set("lock_timeout", patience)  # after an error, the rollback of the savepoint puts it back

    def _waiting(self, milliseconds: int) -> str:
        """Wait no longer for locks, and say how long it was before."""
        patience: str = execute(self._connection, "select pg_catalog.current_setting('lock_timeout')").fetchall()[0][0]
        self._set("lock_timeout", str(milliseconds))
        return patience

    def undone(self, depth: int) -> None:
        """The savepoint of that depth is rolled back, and what was held in it is let go."""
        self._held = {sequence: at for sequence, at in self._held.items() if at < depth}

    def kept(self, depth: int) -> None:
        """The savepoint of that depth is released: what was held in it is held in the one around it."""
        self._held = {sequence: min(at, depth - 1) for sequence, at in self._held.items()}

    def _hold(self, sequence: str) -> None:
        """Give the sequence new storage, as whoever is connected: who acts just now may not alter it."""
        cache = self._catalog.sequences[sequence].cache
        asked = "select pg_catalog.current_setting('role'), session_user"
        role, session_user = execute(self._connection, asked).fetchall()[0]
        user = self._catalog.server.user
        patience = self._waiting(_SEQUENCE_MS)
        try:
            if session_user != user:
                execute(self._connection, "set local session authorization default")
            self._set("role", "none")
            execute(self._connection, f"alter sequence {sequence} cache {cache}")
        except psycopg.Error as error:
            if self._connection.closed:
                raise
            said = error.diag.message_primary or str(error)
            raise OutOfReach(
                f"not tried, since it draws from {sequence}, which no rollback puts back, and {user} cannot hold it: "
                f"{said}{self._way_out}"
            ) from error
        self._set("lock_timeout", patience)
        if session_user != user:
            execute(self._connection, f"set local session authorization {literal(session_user)}")
        self._set("role", role)

    def _set(self, name: str, value: str) -> None:
        execute(self._connection, "select pg_catalog.set_config(%s, %s, true)", [name, value])
