"""The endpoint itself, an ASGI application."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.errors import PgContractError
from pgcontract.integrations.health.access import Denied, bearer, same
from pgcontract.integrations.health.assessment import Assessment
from pgcontract.integrations.health.metrics import metrics
from pgcontract.integrations.health.once import Ended, Latest
from pgcontract.run.target import conninfo

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from pgcontract.contract.suite import Suite
    from pgcontract.integrations.health.access import Access
    from pgcontract.integrations.health.services import Check
    from pgcontract.integrations.health.state import State
    from pgcontract.run.probe import Probes

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

PATHS = ("/admin/health", "/healthz", "/readyz", "/metrics")

_JSON = "application/json"
_OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Health:
    """Answers whether a backend is healthy, by its contract; mount it, or serve it alone.

    What is found is kept for `max_age` seconds, and found once however many ask. Nobody learns anything in detail but
    who may ask: `/admin/health` and `/metrics` want a token, `/healthz` and `/readyz` say yes or no.
    """

    def __init__(  # noqa: PLR0913 - most have a default, and are given by keyword
        self,
        suite: Suite,
        db: str,
        *,
        access: Access | None = None,
        services: Mapping[str, Check] | None = None,
        probes: Probes = "read",
        max_age: float = 30,
        timeout: float = 10,
        metrics_token: str | None = None,
    ) -> None:
        """Nothing is asked before somebody asks.

        Args:
            suite: What the database should be; `suite.select(…)` for a part of it.
            db: The database's URL.
            access: Who may know; without it, `/admin/health` is not there.
            services: What else the backend needs, by name: `redis(…)`, `stripe(…)`, or any coroutine function, which
                returns what is to be told of it besides, or nothing, and raises where it is down.
            probes: What probes may do; see `verify`.
            max_age: Seconds for which what was found will do.
            timeout: Seconds that the database, and each service, may take.
            metrics_token: A token that opens `/metrics` only, for what collects them.

        Raises:
            DatabaseError: The URL is none.
            PgContractError: A service has no name.
        """
        conninfo(db)
        services = dict(services or {})
        if "" in services:
            raise PgContractError("a service has no name")
        self._access, self._metrics_token = access, metrics_token
        # A copy does not know which file says what: to find that takes seconds where much is broken, and is not told.
        self._latest = Latest(Assessment(copy(suite), db, services, probes, timeout).make, max_age)

    async def state(self) -> tuple[State, float]:
        """How everything is, and how many seconds old that is."""
        return await self._latest.get()

    async def close(self) -> None:
        """End the run that goes on, on the server too; whoever waits for it is told 503.

        A server that speaks ASGI's lifespan with it needs nobody else to; where it is mounted, it may not.
        """
        await self._latest.close()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self.answer(_path(scope), scope, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def answer(self, path: str, scope: Mapping[str, Any], send: Send) -> None:
        """Answer a request as one for this path of ours, whatever path it came by."""
        headers: dict[str, str] = {"cache-control": "no-store", "content-type": _JSON}
        body: str | Mapping[str, object]
        if path not in PATHS:
            status, body = 404, {"error": "not found"}
        elif scope["method"] not in {"GET", "HEAD"}:
            status, body, headers["allow"] = 405, {"error": "GET or HEAD"}, "GET, HEAD"
        else:
            try:
                status, body = await self._found(path, _authorization(scope))
            except Denied as denied:
                status, body = denied.status, {"error": str(denied)}
                if status == 401:  # noqa: PLR2004 - RFC 9110, section 11.6.1
                    headers["www-authenticate"] = 'Bearer realm="pgcontract"'
            except Ended:
                status, body = 503, {"error": "ending"}
        if isinstance(body, str):
            headers["content-type"] = _OPENMETRICS
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        headers["content-length"] = str(len(content))
        told = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _found(self, path: str, authorization: str | None) -> tuple[int, str | Mapping[str, object]]:
        if path == "/healthz":
            return 200, {"status": "alive"}
        if path != "/readyz":
            await self._require(path, authorization)
        state, age = await self._latest.get()
        if path == "/metrics":
            return 200, metrics(state)
        status = 200 if state.ready else 503
        if path == "/readyz":
            return status, {"status": "ready" if state.ready else "not ready"}
        return status, state.json(age)

    async def _require(self, path: str, authorization: str | None) -> None:
        if path == "/metrics" and self._metrics_token:
            if same(bearer(authorization) or "", self._metrics_token):
                return
            if self._access is None:
                raise Denied("a bearer token is needed", 401)
        if self._access is None:
            raise Denied("not found", 404)
        await self._access.require(authorization)


def routes(health: Health) -> list[BaseRoute]:
    """Its paths as Starlette's routes, for `app.router.routes.extend(routes(health))` of a FastAPI or Starlette app.

    They may be put below a prefix: `app.include_router(APIRouter(routes=routes(health)), prefix="/api")`.

    Raises:
        ImportError: Starlette is not installed.
    """
    from starlette.routing import Route  # noqa: PLC0415 - whoever asks has it

    return [Route(path, _One(health, path), name=path.strip("/"), include_in_schema=False) for path in PATHS]


@dataclass(frozen=True)
class _One:
    """One of its paths, an ASGI application."""

    health: Health
    path: str

    async def __call__(self, scope: Mapping[str, Any], _: Receive, send: Send) -> None:
        await self.health.answer(self.path, scope, send)


def _path(scope: Mapping[str, Any]) -> str:
    """The path below the one that it is mounted at."""
    path, root = str(scope["path"]), str(scope.get("root_path", "")).rstrip("/")
    # A proxy may have taken away where the whole application is mounted, of which Starlette's mounts keep account.
    for prefix in (root, root.removeprefix(scope.get("app_root_path", ""))):
        if path.startswith(f"{prefix}/"):
            return path.removeprefix(prefix)
    return path


def _authorization(scope: Mapping[str, Any]) -> str | None:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    return given[0].decode("latin-1") if len(given) == 1 else None
