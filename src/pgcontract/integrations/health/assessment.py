"""How a backend is found out: everything is asked at once, and everything has its time."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pgcontract.errors import PgContractError
from pgcontract.integrations.health.state import Answer, State
from pgcontract.run.asynchronous import verify_async
from pgcontract.run.borrowed import hang_up
from pgcontract.run.scanning import Scanning
from pgcontract.run.target import APPLICATION, conninfo, unreachable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pgcontract.contract.suite import Suite
    from pgcontract.integrations.health.services import Check
    from pgcontract.run.probe import Probes
    from pgcontract.verdict import Report

T = TypeVar("T")

_COUNTS = Scanning(examples=0, values=False)
"""Nothing that stands in rows is told, so none is asked for."""
_GRACE_S = 2.0
"""For a server to end what it is told to end; whoever does not even answer to that is not waited for."""


@dataclass(frozen=True)
class Assessment:
    """What is asked.

    Attributes:
        suite: What the database should be.
        db: Its URL.
        services: What else is needed, by name.
        probes: What probes may do; see `verify`.
        timeout: Seconds that the database, and each service, may take.
    """

    suite: Suite
    db: str = field(repr=False)
    services: Mapping[str, Check]
    probes: Probes
    timeout: float

    async def make(self) -> State:
        """Ask everything at once. It never raises what a thing that is asked raises: that one is down."""
        at = datetime.now(UTC)
        async with asyncio.TaskGroup() as group:
            database = group.create_task(self._database())
            services = {name: group.create_task(self._service(check)) for name, check in self.services.items()}
        answers = {name: task.result() for name, task in services.items()}
        acting = frozenset(expectation.kind for expectation in self.suite if expectation.lane == "probe")
        return State(at, *database.result(), answers, acting)

    async def _service(self, check: Check) -> Answer:
        began, task = time.perf_counter(), asyncio.current_task()
        try:
            async with asyncio.timeout(self.timeout):
                told = _json(await check())
        except asyncio.CancelledError:
            if task is None or task.cancelling():
                raise
            return Answer("down", _since(began), "cancelled")
        except Exception as error:  # noqa: BLE001 - whatever it is, the service is down
            return Answer("down", _since(began), self._why(error))
        return Answer("up", _since(began), details=told)

    async def _database(self) -> tuple[Answer, Report | None, str | None]:
        began, up = time.perf_counter(), None
        try:
            async with asyncio.timeout(self.timeout), await _opened(self.db) as connection:
                await _heard(connection, _ping(connection, self.db))
                version = connection.info.parameter_status("server_version")
                up = Answer("up", _since(began), details={"version": version})
                run = verify_async(self.suite, connection, probes=self.probes, scanning=_COUNTS)
                return up, await _heard(connection, run), None
        except Exception as error:  # noqa: BLE001 - what could not be found out is told, whatever it is
            why = self._why(error)
            return (Answer("down", _since(began), why), None, None) if up is None else (up, None, why)

    def _why(self, error: BaseException) -> str:
        """What is told of an error to those who may know; those of other people's libraries may quote an address."""
        if isinstance(error, TimeoutError):
            return f"no answer in {self.timeout:g} s"
        if isinstance(error, PgContractError):
            return str(error).strip().splitlines()[0]
        known = isinstance(error, ConnectionError | socket.gaierror | ssl.SSLError)
        return f"{type(error).__name__}: {error}" if known else type(error).__name__


async def _opened(url: str) -> psycopg.AsyncConnection[Any]:
    text = conninfo(url)
    try:
        return await psycopg.AsyncConnection.connect(text, autocommit=True, fallback_application_name=APPLICATION)
    except psycopg.Error as error:
        raise unreachable(error, conninfo_to_dict(text)) from None


async def _ping(connection: psycopg.AsyncConnection[Any], url: str) -> None:
    try:
        await connection.execute("select 1")
    except psycopg.Error as error:
        raise unreachable(error, conninfo_to_dict(conninfo(url))) from None


async def _heard(connection: psycopg.AsyncConnection[Any], work: Coroutine[Any, Any, T]) -> T:
    """What comes of talking to a server; one that does not even answer to being told to stop is hung up on."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        cutting = asyncio.get_running_loop().call_later(_GRACE_S, hang_up, connection.pgconn)
        await asyncio.wait([task])
        cutting.cancel()
        raise


def _json(told: object) -> Mapping[str, object]:
    """What a check tells, as it will be told.

    Raises:
        PgContractError: It is no JSON.
    """
    try:
        details = json.loads(json.dumps(dict(told) if isinstance(told, Mapping) else told, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        details = False
    if not isinstance(details, dict | None):
        raise PgContractError("its check returned what is neither nothing nor an object of JSON")
    return details or {}


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
