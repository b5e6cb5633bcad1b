"""Many statements in one exchange with the server, of which each group may fail without hurting the others.

psycopg's own pipeline stops at the first error and waits at each synchronisation point; here each group ends in a
`Sync` of its own, all groups are sent without waiting, and an error ends only its own group. Every statement goes
through the extended protocol, which refuses a text that holds a second statement.
"""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Reply:
    """What a group came to: the first column of its last statement's first row, or the error that ended it."""

    value: str | None = None
    error: str | None = None
    sqlstate: str | None = None


def exchange(connection: psycopg.Connection[object], groups: Sequence[Sequence[str]]) -> list[Reply]:
    """Send all groups in one pipeline and give back a reply for each, in order.

    Raises:
        psycopg.OperationalError: The connection was lost.
    """
    pgconn, encoding = connection.pgconn, connection.info.encoding
    encoded = [[statement.encode(encoding) for statement in group] for group in groups]
    blocking = pgconn.nonblocking
    pgconn.nonblocking = 1
    pgconn.enter_pipeline_mode()
    try:
        for group in encoded:
            for statement in group:
                pgconn.send_query_params(statement, None)
            pgconn.pipeline_sync()
        replies = [_reply(results, encoding) for results in _grouped(pgconn, len(groups))]
    except BaseException:
        connection.close()  # what is still on its way would be taken for the answer to what comes next
        raise
    pgconn.exit_pipeline_mode()
    pgconn.nonblocking = blocking
    return replies


def _grouped(pgconn: pq.abc.PGconn, count: int) -> Iterator[list[pq.abc.PGresult]]:
    results: list[pq.abc.PGresult] = []
    while count:
        for result in _available(pgconn):
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                yield results
                results = []
                count -= 1
            else:
                results.append(result)


# One None ends a statement's results; a second says that no statement is left.
_NONE_LEFT = 2


def _available(pgconn: pq.abc.PGconn) -> Iterator[pq.abc.PGresult]:
    """Wait until the socket has something, then give all results that are complete.

    libpq gives None between the results of two statements; what comes after the last complete one is not waited for.
    """
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if pgconn.flush() else 0)
    with selectors.DefaultSelector() as selector:  # select() itself fails on the 1,024th open file
        selector.register(pgconn.socket, wanted)
        ready = selector.select()
    if not ready[0][1] & selectors.EVENT_READ:
        return
    pgconn.consume_input()
    nothing = 0
    while not pgconn.is_busy() and nothing < _NONE_LEFT:
        result = pgconn.get_result()
        if result is None:
            nothing += 1
        else:
            nothing = 0
            yield result


def _reply(results: list[pq.abc.PGresult], encoding: str) -> Reply:
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            return Reply(
                error=_field(result, pq.DiagnosticField.MESSAGE_PRIMARY, encoding),
                sqlstate=_field(result, pq.DiagnosticField.SQLSTATE, encoding),
            )
    last = results[-1] if results else None
    if last is None or last.ntuples == 0:
        return Reply()
    value = last.get_value(0, 0)
    return Reply(value=None if value is None else value.decode(encoding))


def _field(result: pq.abc.PGresult, field: pq.DiagnosticField, encoding: str) -> str | None:
    value = result.error_field(field)
    return None if value is None else value.decode(encoding, "replace")
