"""Many queries sent at once, whose rows are read while the server works on the next.

psycopg's own pipeline gives nothing back before all is there, and a cursor for each statement costs more than most of
the reader's queries. Here rows are decoded as they come, and what the caller does with them meanwhile costs no time.
"""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result

from pgcontract.catalog.plans import kept_plans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from pgcontract.catalog.plans import Plans

Row = tuple[Any, ...]

_TEXT = 25  # its oid (src/include/catalog/pg_type.dat)
_FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class Stream:
    """A pipeline of statements on a connection, which is nobody else's while it is open.

    Statements are answered in the order in which they are sent. The first error is raised whenever rows are asked for
    afterwards; what was sent after it is not carried out.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._pgconn = connection.pgconn
        self._pipelined = psycopg.Pipeline.is_supported()
        self._encoding = "utf-8"  # the settings come first, and say so
        self._sent = self._flushed = 0
        self._results: list[pq.abc.PGresult | None] = []
        self._error: psycopg.Error | None = None
        self._ended = self._synchronised = False
        self._plans = kept_plans(connection) if self._pipelined else None

    def __enter__(self) -> Self:
        if self._pipelined:
            self._blocking, self._pgconn.nonblocking = self._pgconn.nonblocking, 1
            self._selector = selectors.DefaultSelector()  # select() itself fails on the 1,024th open file
            self._selector.register(self._pgconn.socket, selectors.EVENT_READ)
            self._pgconn.enter_pipeline_mode()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._pipelined:
            if error is None or isinstance(error, Exception):
                self._end()
            else:  # somebody wants to end it now
                self._give_up()
        if self._plans is not None and (error is not None or self._error is not None):
            self._plans.forget()
        if error is None and self._error is not None:
            raise self._error

    def _end(self) -> None:
        """Wait until the server has done all that was sent, and leave the connection as it was."""
        try:
            self.synchronise()
            while not self._synchronised:
                self._receive()
            self._pgconn.exit_pipeline_mode()
            self._pgconn.nonblocking = self._blocking
        except BaseException:
            self._give_up()
            raise
        self._selector.close()

    def _give_up(self) -> None:
        """What is still on its way would be taken for the answer to what comes next."""
        self.connection.close()
        self._selector.close()

    def send(self, statement: str, values: Sequence[str] = (), *, again: bool = False) -> int:
        """Send a statement with its parameters, as Postgres writes them; the number by which its rows are asked for.

        What is sent `again` is planned once where the connection is one that keeps plans.
        """
        command = statement.encode(self._encoding)
        parameters = [value.encode(self._encoding) for value in values]
        if again and self._plans is not None:
            self._pgconn.send_query_prepared(self._named(command, self._plans), parameters)
            self._pgconn.flush()
        elif self._pipelined:
            self._pgconn.send_query_params(command, parameters)
            self._pgconn.flush()
        elif self._error is None:
            self._take(self._pgconn.exec_params(command, parameters))
        self._sent += 1
        return self._sent - 1

    def _named(self, command: bytes, plans: Plans) -> bytes:
        """The name of the prepared statement; to prepare it is a statement of the stream's own, without rows."""
        name = plans.names.get(command)
        if name is None:
            name = plans.name(command)
            self._pgconn.send_prepare(name, command)
            self._sent += 1
        return name

    def flush(self) -> None:
        """Have the server give the answers to what was sent, without waiting until its buffer is full."""
        if self._pipelined:
            self._flushed = self._sent
            self._pgconn.send_flush_request()

    def synchronise(self) -> None:
        """Say that nothing more will be sent, so that the server gives all answers as soon as it has them."""
        if self._pipelined and not self._ended:
            self._ended = True
            self._flushed = self._sent
            self._pgconn.pipeline_sync()
            self._pgconn.flush()

    def rows(self, number: int) -> list[Row]:
        """The rows of a statement, once.

        Raises:
            psycopg.Error: It failed, or one before it, or the connection was lost.
        """
        result = self._result(number)
        self._results[number] = None
        # By psycopg's own loaders, and by UTF-8: a server tells of a changed encoding when all answers are out.
        transformer = Transformer(None)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples if result else 0, tuple)

    def texts(self, number: int) -> tuple[int, ...]:
        """The places of a statement's columns of type text, before its rows are taken.

        Raises:
            psycopg.Error: As for the rows.
        """
        result = self._result(number)
        return tuple(place for place in range(result.nfields) if result.ftype(place) == _TEXT) if result else ()

    def _result(self, number: int) -> pq.abc.PGresult | None:
        while self._error is None and number >= len(self._results):
            if number >= self._flushed:
                self.flush()
            self._receive()
        if self._error is not None:
            raise self._error
        return self._results[number]

    def _receive(self) -> None:
        """Wait until the socket has something, then take all results that are complete.

        libpq gives None after the results of each statement, and None again where no statement is left.
        """
        waiting_to_write = self._pgconn.flush()
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if waiting_to_write else 0)
        self._selector.modify(self._pgconn.socket, wanted)
        if not self._selector.select()[0][1] & selectors.EVENT_READ:
            return
        self._pgconn.consume_input()
        before = True
        while not self._pgconn.is_busy():
            result = self._pgconn.get_result()
            if result is not None:
                self._take(result)
            elif not before:
                return
            before = result is not None

    def _take(self, result: pq.abc.PGresult) -> None:
        if result.status in _FINE:
            self._results.append(result)
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            self._synchronised = True
        elif self._error is None:
            self._error = error_from_result(result, self._encoding)
