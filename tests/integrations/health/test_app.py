"""The endpoint behind a real server: who learns what, how often it is asked, and where it is mounted."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from pgcontract.integrations.health import Access, Health, routes
from pgcontract.integrations.health.once import Latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract import Suite

Served = Any
Got = Any


async def fine() -> None:
    """Nothing is wrong."""


async def slow() -> None:
    await asyncio.sleep(3600)


async def refused() -> None:
    raise ConnectionError("nobody there")


async def leaky() -> None:
    raise RuntimeError("cannot reach redis://:s3cret@cache")


async def cancelled() -> None:
    raise asyncio.CancelledError


def returning(told: Any) -> Any:
    async def check() -> Any:
        return told

    return check


def test_all_is_told_to_whom_may_know(
    url: str, suite: Suite, secret: str, admin: str, served: Served, got: Got
) -> None:
    services = {"mail": fine, "cache": refused, "leaky": leaky}
    health = Health(suite, url, access=Access(secret=secret), services=services, timeout=60)
    with served(health) as address:
        status, told, headers = got(f"{address}/admin/health", admin)
    assert (status, told["status"], headers["cache-control"]) == (503, "unhealthy", "no-store")
    assert told["database"]["status"] == "up"
    assert told["database"]["response_time_ms"] > 0
    assert told["tables"] == {"status": "ok", "required": 1, "passed": 1, "skipped": 0, "problems": []}
    assert (told["functions"]["required"], told["rls"]["required"], told["contract"]["required"]) == (1, 1, 1)
    assert {name: answer["status"] for name, answer in told["services"].items()} == {
        "mail": "up",
        "cache": "down",
        "leaky": "down",
    }
    assert told["services"]["cache"]["error"] == "ConnectionError: nobody there"
    assert "s3cret" not in json.dumps(told)


_NO_JSON = "its check returned what is neither nothing nor an object of JSON"


@pytest.mark.parametrize(
    ("check", "error", "details"),
    [
        (fine, None, {}),
        (returning({"waiting": 3}), None, {"waiting": 3}),
        (returning({"status": "down", "response_time_ms": "?"}), None, {}),
        (returning(False), _NO_JSON, {}),  # what a PING of other libraries gives
        (returning({"at": datetime.now(UTC)}), _NO_JSON, {}),
        (returning({"load": float("nan")}), _NO_JSON, {}),
        (slow, "no answer in 0.1 s", {}),
        (cancelled, "cancelled", {}),
    ],
)
def test_what_a_check_tells(suite: Suite, check: Any, error: str | None, details: Mapping[str, object]) -> None:
    """It stands in the answer, if it can, and cannot be mistaken for what we say ourselves."""

    async def ask() -> dict[str, Any]:
        state, age = await Health(suite, "host=/nowhere", services={"it": check}, timeout=0.1).state()
        return json.loads(json.dumps(state.json(age)))["services"]["it"]  # type: ignore[no-any-return]

    told = asyncio.run(ask())
    assert (told.pop("status"), told.pop("error", None)) == ("up" if error is None else "down", error)
    assert isinstance(told.pop("response_time_ms"), float)
    assert told == details


def test_nobody_else_learns_anything(url: str, suite: Suite, secret: str, served: Served, got: Got) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("drop table users")
    with served(Health(suite, url, access=Access(secret=secret), timeout=60)) as address:
        assert got(f"{address}/healthz")[:2] == (200, {"status": "alive"})
        assert got(f"{address}/readyz")[:2] == (503, {"status": "not ready"})
        status, told, headers = got(f"{address}/admin/health")
        assert (status, told) == (401, {"error": "a bearer token is needed"})
        assert headers["www-authenticate"] == 'Bearer realm="pgcontract"'
        assert got(f"{address}/metrics")[0] == 401
        assert got(f"{address}/elsewhere")[0] == 404
        assert got(f"{address}/readyz", method="POST")[0] == 405
        assert got(f"{address}/healthz", method="HEAD")[:2] == (200, "")


def test_it_is_asked_once_however_many_ask(url: str, suite: Suite) -> None:
    asked = 0

    async def count() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)

    async def ask() -> None:
        health = Health(suite, url, services={"counted": count}, max_age=3600, timeout=60)
        impatient = asyncio.create_task(health.state())
        await asyncio.sleep(0)
        others = [asyncio.create_task(health.state()) for _ in range(200)]
        impatient.cancel()
        states = await asyncio.gather(*others)
        assert len({id(state) for state, _ in states}) == 1
        assert states[0][0].ready
        await health.state()

    asyncio.run(ask())
    assert asked == 1


def test_what_is_too_old_is_found_anew_and_an_error_is_not_kept() -> None:
    async def ask() -> list[object]:
        numbers = iter(range(10))

        async def find() -> int:
            if (number := next(numbers)) == 1:
                raise ZeroDivisionError
            return number

        latest = Latest(find, max_age=-1)
        found: list[object] = [(await latest.get())[0]]
        with pytest.raises(ZeroDivisionError):
            await latest.get()
        return [*found, (await latest.get())[0]]

    assert asyncio.run(ask()) == [0, 2]


def test_metrics(url: str, suite: Suite, secret: str, admin: str, served: Served, got: Got) -> None:
    access, services = Access(secret=secret), {"cache": refused}
    health = Health(suite, url, access=access, services=services, metrics_token="only for metrics", timeout=60)
    with served(health) as address:
        status, text, headers = got(f"{address}/metrics", "only for metrics")
        assert got(f"{address}/metrics", admin)[0] == 200
        assert got(f"{address}/metrics", "only for metricz")[0] == 401
        assert got(f"{address}/admin/health", "only for metrics")[0] == 401
    assert (status, headers["content-type"].split(";")[0]) == (200, "application/openmetrics-text")
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        for sample in family.samples
    }
    assert values["pgcontract_ready",] == 0
    assert values["pgcontract_up", "database"] == 1
    assert values["pgcontract_up", "service cache"] == 0
    assert any(name[0] == "pgcontract_contract_holds" and value == 1 for name, value in values.items())


async def exchange(app: Any, path: str, *headers: tuple[bytes, bytes], **scope: Any) -> list[dict[str, Any]]:
    """What the application sends to one who asks."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app({"type": "http", "method": "GET", "path": path, "headers": headers, **scope}, None, send)
    return sent


@pytest.mark.parametrize(
    ("path", "bearer", "status"),
    [
        ("/metrics", b"bearer it", 200),
        ("/metrics", b"Bearer no", 401),
        ("/metrics", b"it", 401),
        ("/admin/health", b"Bearer it", 404),
    ],
)
def test_metrics_alone(suite: Suite, path: str, bearer: bytes, status: int) -> None:
    """Whoever collects them without the token is told so, and not that there are none."""
    health = Health(suite, "host=/nowhere", metrics_token="it")
    sent = asyncio.run(exchange(health, path, (b"authorization", bearer)))
    assert sent[0]["status"] == status


def test_two_tokens_are_none(suite: Suite, secret: str, admin: str) -> None:
    """Which of them a proxy before us has looked at is not known."""
    header = (b"authorization", f"Bearer {admin}".encode())
    health = Health(suite, "host=/nowhere", access=Access(secret=secret))
    for headers, status in (([header], 503), ([header] * 2, 401)):
        assert asyncio.run(exchange(health, "/admin/health", *headers))[0]["status"] == status


@pytest.mark.parametrize("root", ["", "/internal", "/internal/", "/health"])
def test_below_a_path(suite: Suite, root: str) -> None:
    health = Health(suite, "host=/nowhere")
    for path in (f"{root.rstrip('/')}/healthz", "/healthz"):  # behind a proxy that takes the root away
        assert asyncio.run(exchange(health, path, root_path=root))[0]["status"] == 200


def test_a_websocket_is_refused(suite: Suite) -> None:
    sent = asyncio.run(exchange(Health(suite, "host=/nowhere"), "/healthz", type="websocket"))
    assert sent == [{"type": "websocket.close"}]


@pytest.mark.parametrize("path", ["/internal/healthz", "/api/internal/healthz", "/prefix/healthz", "/healthz"])
def test_mounted_in_another_application(suite: Suite, path: str) -> None:
    """By its routes, below a prefix too, or whole; behind a proxy that takes the root away, or leaves it."""
    routing = pytest.importorskip("starlette.routing")
    health = Health(suite, "host=/nowhere")
    single = routing.Route("/prefix/healthz", routes(health)[1].endpoint)  # type: ignore[attr-defined]
    app = routing.Router([single, routing.Mount("/internal", health), *routes(health)])
    assert asyncio.run(exchange(app, path, root_path="/api"))[0]["status"] == 200
