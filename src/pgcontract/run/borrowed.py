"""A connection that somebody else opened, used in another thread, and stopped from outside."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Generator

    from psycopg.abc import RV, PQGen


_CANCEL_S = 5.0


class Borrowed(psycopg.Connection[Any]):
    """The same session as another connection's, for code that waits for its answers.

    psycopg's connections, those of asyncio too, are ways to wait for the answers of one `pgconn`, which holds the
    session. So a program of asyncio's can have its own transaction verified, with what it has not committed yet.
    """

    def __init__(self, session: psycopg.pq.abc.PGconn) -> None:
        super().__init__(session)
        self.stopping = False
        self._waiting = False
        self._gate = threading.Lock()

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """Wait as psycopg does.

        Raises:
            KeyboardInterrupt: `stop` cancelled what is waited for. It is what ends a program elsewhere, so every part
                of a run knows that it is to put back what it changed, and that nothing else is to come of it.
        """
        self._waiting = True
        try:
            return super().wait(gen, *args, **kwargs)
        except psycopg.errors.QueryCanceled:
            if self.stopping:
                self.stopping = False
                raise KeyboardInterrupt from None
            raise
        finally:
            with self._gate:
                self._waiting = False

    def stop(self) -> None:
        """Have the server cancel what another thread waits for here, once; nothing where it waits for nothing.

        What it sends next, be it to put things back, is not begun before the server has had the request.
        """
        with self._gate:
            if self.stopping and self._waiting:
                with contextlib.suppress(psycopg.Error):
                    self.cancel_safe(timeout=_CANCEL_S)

    def hang_up(self) -> None:
        """End the session of a server that does not answer even to `stop`."""
        hang_up(self.pgconn)

    def __del__(self, *_: Any) -> None:
        """Nothing: the session is not ours to close."""


@contextmanager
def borrowed(owner: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> Generator[Borrowed]:
    """The session of a connection that nobody else uses meanwhile."""
    session = owner.pgconn
    notices, notifications = session.notice_handler, session.notify_handler
    connection = Borrowed(session)
    # The names that psycopg gives to what it prepares are the owner's.
    connection.prepare_threshold = None
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
        connection.autocommit = owner.autocommit
    try:
        yield connection
    finally:
        session.notice_handler, session.notify_handler = notices, notifications


def hang_up(session: psycopg.pq.abc.PGconn) -> None:
    """Shut down the line that a session is on: whichever thread waits there is told that the server is gone."""
    with (
        contextlib.suppress(OSError, psycopg.Error),  # it is gone already
        socket.fromfd(session.socket, socket.AF_INET, socket.SOCK_STREAM) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
