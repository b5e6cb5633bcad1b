"""A run for programs of asyncio's: the loop goes on meanwhile, and who cancels it cancels the queries on the server."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

import psycopg

from pgcontract.catalog.catalog import Catalog
from pgcontract.errors import DatabaseError
from pgcontract.run.borrowed import Borrowed, borrowed
from pgcontract.run.runner import verify
from pgcontract.run.target import Target, Timeouts, connected

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable
    from datetime import date
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from pgcontract.contract.ignore import Ignore
    from pgcontract.contract.suite import Suite
    from pgcontract.run.probe import Probes
    from pgcontract.run.runner import Progress
    from pgcontract.run.scanning import Scanning
    from pgcontract.verdict import Report

AsyncTarget: TypeAlias = "Target | psycopg.AsyncConnection[Any] | AsyncEngine | AsyncConnection"
"""What `verify` takes, psycopg's asynchronous connection, or SQLAlchemy's asynchronous engine or connection."""

_PATIENCE_S = 0.1
_GRACE_S = 10.0
"""For a server to end what it is told to end; whoever does not even answer to that is not waited for."""


class Options(TypedDict, total=False):
    """The options of `verify`, which say there what they do; `progress` is called in another thread."""

    baseline: str | Path | Iterable[Ignore]
    probes: Probes
    scanning: Scanning
    timeouts: Timeouts | None
    progress: Progress
    today: date | None


async def verify_async(suite: Suite, target: AsyncTarget | Catalog, **options: Unpack[Options]) -> Report:
    """Compare what the suite says with what the database is, as `verify` does, while the event loop goes on.

    The work is done in a thread of the loop's default executor, since judging takes the processor as well as the
    server. Where the task is cancelled, so are the probe and the scan that run on the server, and what was changed is
    put back; the reading of the catalogs is waited for. A connection that was given is then as it was; but it is closed
    if the server does not answer for ten seconds.

    Args:
        suite: What should be.
        target: What `verify` takes; an `AsyncConnection` of psycopg's, which is used under its lock; an `AsyncEngine`
            of SQLAlchemy's, whichever driver it has, for its URL; or an `AsyncConnection` of SQLAlchemy's on psycopg.
            A connection in an open transaction sees what that transaction has changed.
        options: Those of `verify`.

    Returns:
        The report that `verify` gives.

    Raises:
        ContractError: The baseline cannot be used.
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    async with _held(target) as held:
        run = _Run(suite, held, options)
        working = asyncio.get_running_loop().run_in_executor(None, run)
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            await _whatever_comes(run.stop(working))
            raise


@contextlib.asynccontextmanager
async def _held(
    target: AsyncTarget | Catalog,
) -> AsyncGenerator[Target | psycopg.AsyncConnection[Any] | Catalog]:
    """What is verified; an asynchronous connection is nobody else's meanwhile."""
    raw: Any = target
    if hasattr(target, "sync_connection"):  # SQLAlchemy's
        started = getattr(target, "sync_connection")  # noqa: B009 - not every target has it, as checkers would say
        raw = getattr(getattr(started, "connection", None), "driver_connection", None)
        if not isinstance(raw, psycopg.AsyncConnection):
            raise DatabaseError(
                f"this SQLAlchemy connection speaks through {_driver(raw)}; pgcontract needs psycopg 3",
                hint="Make its engine with postgresql+psycopg://, or give the engine instead of the connection.",
            )
    if isinstance(raw, psycopg.AsyncConnection):
        async with raw.lock:
            yield raw
    else:
        yield raw


def _driver(raw: object) -> str:
    return type(raw).__module__.split(".")[0] if raw is not None else "nothing yet: it is not started"


class _Run:
    """A run in a thread of its own."""

    def __init__(self, suite: Suite, target: Target | psycopg.AsyncConnection[Any] | Catalog, options: Options) -> None:
        self._suite, self._target, self._options = suite, target, options
        self._progress: Callable[[str, int, int], None] | None = options.get("progress")
        self._connection: Borrowed | None = None
        self._opens = isinstance(target, str) or hasattr(target, "url")
        self._stopped = False

    def __call__(self) -> Report:
        try:
            return self._run()
        except KeyboardInterrupt:
            if not self._stopped:
                raise
            raise DatabaseError("the run was cancelled") from None  # which nobody waits for any more

    def _run(self) -> Report:
        if isinstance(self._target, Catalog):
            return self._verify(self._target)
        if isinstance(self._target, psycopg.AsyncConnection):
            return self._on(self._target)
        with connected(self._target, self._options.get("timeouts") or Timeouts()) as connection:
            return self._on(connection)

    def _on(self, owner: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> Report:
        if owner.closed:
            raise DatabaseError("the connection that was given is closed")
        with borrowed(owner) as connection:
            connection.stopping = self._stopped
            self._connection = connection
            try:
                return self._verify(connection)
            finally:
                self._connection = None

    def _verify(self, target: Target | Catalog) -> Report:
        options: Options = {**self._options, "progress": self._tell}
        return verify(self._suite, target, **options)

    def _tell(self, what: str, done: int, total: int) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        if self._progress is not None:
            self._progress(what, done, total)

    async def stop(self, working: asyncio.Future[Report]) -> None:
        """End it, and wait for that; but not for a connection that may never come, which is then closed at once."""
        self._stopped = True
        if self._connection is not None:
            self._connection.stopping = True
        loop = asyncio.get_running_loop()
        end = loop.time() + _GRACE_S
        while not working.done():
            connection = self._connection
            if connection is not None:
                await asyncio.to_thread(connection.stop if loop.time() < end else connection.hang_up)
            elif self._opens:
                break
            await asyncio.wait([working], timeout=_PATIENCE_S)
        working.add_done_callback(_forget)


def _forget(working: asyncio.Future[Report]) -> None:
    """Look at what came of it, so that asyncio does not complain that nobody did."""
    if not working.cancelled():
        working.exception()


async def _whatever_comes(ending: Any) -> None:
    """Wait for the end, however often the task is cancelled meanwhile: the connection is in use until then."""
    task = asyncio.ensure_future(ending)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
