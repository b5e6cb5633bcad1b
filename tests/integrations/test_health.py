"""The health endpoint, by a real server, a Postgres that is stopped and started, a Redis, and a stand-in of Stripe."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import shutil
import socket
import subprocess
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest

jwt = pytest.importorskip("jwt")
uvicorn = pytest.importorskip("uvicorn")

from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402 - it comes with PyJWT
from prometheus_client.openmetrics.parser import text_string_to_metric_families  # noqa: E402

from pgcontract import (  # noqa: E402
    ColumnType,
    DatabaseError,
    FunctionPresent,
    PgContractError,
    RlsEnabled,
    RowsSatisfy,
    Suite,
    TableExists,
)
from pgcontract.embedded import Server  # noqa: E402
from pgcontract.integrations.health import Access, Health, redis, routes, stripe  # noqa: E402
from pgcontract.integrations.health.latest import Latest  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

SECRET = "a secret of at least thirty-two bytes"
ADMIN = {"app_metadata": {"role": "admin"}, "exp": time.time() + 3600}
SUITE = Suite(
    "app",
    [TableExists("users"), ColumnType("users", "id", "int"), RlsEnabled("users"), FunctionPresent("calm()")],
)
SQL = """
create table users (id int);
alter table users enable row level security;
create function calm() returns int language sql as 'select 1';
"""


def token(claims: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    return str(jwt.encode(claims or ADMIN, secret, "HS256"))


@pytest.fixture
def url(clone: Callable[[str | None], str]) -> str:
    url = clone(None)
    with psycopg.connect(url) as connection:
        connection.execute(SQL.encode())
    return url


@contextmanager
def served(app: Any) -> Generator[str]:
    """The application behind a real server, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def got(address: str, bearer: str | None = None, method: str = "GET") -> tuple[int, Any, Any]:
    """The status, the body (what it says, if it is JSON) and the headers of an answer."""
    where = urlsplit(address)
    with closing(http.client.HTTPConnection(where.netloc, timeout=60)) as connection:
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        connection.request(method, where.path, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
    return (
        answer.status,
        json.loads(body) if answer.headers["content-type"] == "application/json" and body else body,
        answer.headers,
    )


async def fine() -> None:
    """Nothing is wrong."""


async def slow() -> None:
    await asyncio.sleep(3600)


async def refused() -> None:
    raise ConnectionError("nobody there")


async def leaky() -> None:
    raise RuntimeError("cannot reach redis://:s3cret@cache")


def test_all_is_told_to_whom_may_know(url: str) -> None:
    services = {"mail": fine, "cache": refused, "leaky": leaky}
    health = Health(SUITE, url, access=Access(secret=SECRET), services=services, timeout=60)
    with served(health) as address:
        status, told, headers = got(f"{address}/admin/health", token())
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


def test_who_does_not_answer_is_down(url: str) -> None:
    state, _ = asyncio.run(Health(SUITE, url, services={"queue": slow}, timeout=0.2).state())
    assert (state.ready, state.services["queue"].error) == (False, "no answer in 0.2 s")


@pytest.mark.parametrize(
    ("change", "part", "problem"),
    [
        ("drop table users", "tables", "table public.users does not exist"),
        ("drop function calm()", "functions", "function public.calm() does not exist"),
        ("alter table users disable row level security", "rls", "row-level security is disabled on public.users"),
        ("alter table users alter id type bigint", "contract", "type of public.users.id is bigint, not integer"),
    ],
)
def test_what_is_not_as_it_should_be_is_told_where_it_belongs(url: str, change: str, part: str, problem: str) -> None:
    async def ask() -> tuple[bool, dict[str, Any]]:
        state, age = await Health(SUITE, url).state()
        return state.ready, state.json(age)

    with psycopg.connect(url) as connection:
        connection.execute(change.encode())
    ready, told = asyncio.run(ask())
    assert not ready
    assert told[part]["status"] == "failed"
    assert problem in [each["problem"] for each in told[part]["problems"]]


def test_nobody_else_learns_anything(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("drop table users")
    with served(Health(SUITE, url, access=Access(secret=SECRET))) as address:
        assert got(f"{address}/healthz")[:2] == (200, {"status": "alive"})
        assert got(f"{address}/readyz")[:2] == (503, {"status": "not ready"})
        status, told, headers = got(f"{address}/admin/health")
        assert (status, told) == (401, {"error": "a bearer token is needed"})
        assert headers["www-authenticate"] == 'Bearer realm="pgcontract"'
        assert got(f"{address}/metrics")[0] == 401
        assert got(f"{address}/elsewhere")[0] == 404
        assert got(f"{address}/readyz", method="POST")[0] == 405
        assert got(f"{address}/healthz", method="HEAD")[:2] == (200, "")


def unsigned(claims: dict[str, Any]) -> str:
    return str(jwt.encode(claims, None, "none"))


@pytest.mark.parametrize(
    ("bearer", "status"),
    [
        (token(), 200),
        (token({**ADMIN, "app_metadata": {"role": ["user", "admin"]}}), 200),
        (token({**ADMIN, "app_metadata": {"role": "user"}}), 403),
        (token({**ADMIN, "app_metadata": "admin"}), 403),
        (token({"role": "admin", "exp": ADMIN["exp"]}), 403),
        (token({**ADMIN, "app_metadata": {"role": {"admin": True}}}), 403),
        (token(secret=SECRET[::-1]), 401),
        (token({**ADMIN, "exp": time.time() - 60}), 401),
        (token({**ADMIN, "nbf": time.time() + 86_400}), 401),
        (token({"app_metadata": {"role": "admin"}}), 401),
        (unsigned(ADMIN), 401),
        (token()[:-3], 401),
        ("", 401),
        ("x" * 20_000, 401),
        ("é.é.é", 401),
    ],
)
def test_tokens(bearer: str, status: int) -> None:
    async def ask() -> int:
        from pgcontract.integrations.health.access import Denied  # noqa: PLC0415 - beside its use

        try:
            await Access(secret=SECRET).require(f"Bearer {bearer}")
        except Denied as denied:
            return denied.status
        return 200

    assert asyncio.run(ask()) == status


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what its server holds, and counts."""

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Nobody looks."""


@pytest.fixture
def stand_in() -> Iterator[Any]:
    """A server of somebody else's, on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made: Any = server
        made.asked, made.status, made.body = [], 200, b"{}"
        made.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_keys_of_an_address(stand_in: Any) -> None:
    """Keys are read when one is not known, and not for each name that somebody tries."""
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    stand_in.body = json.dumps({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}).encode()

    async def ask() -> list[int]:
        from pgcontract.integrations.health.access import Denied  # noqa: PLC0415 - beside its use

        access, found = Access(jwks_url=f"{stand_in.address}/keys", audience="app", issuer="me"), []
        right = {**ADMIN, "aud": "app", "iss": "me"}
        for claims, signer, algorithm, name in (
            (right, key, "RS256", "one"),
            (right, other, "RS256", "one"),
            (right, key, "RS256", "two"),
            (right, key, "RS256", "three"),
            (ADMIN, key, "RS256", "one"),
            ({**right, "iss": "you"}, key, "RS256", "one"),
            (right, str(public["n"]), "HS256", "one"),  # a public key is no secret
        ):
            try:
                await access.require("Bearer " + jwt.encode(claims, signer, algorithm, headers={"kid": name}))
                found.append(200)
            except Denied as denied:
                found.append(denied.status)
        return found

    assert asyncio.run(ask()) == [200, 401, 401, 401, 401, 401, 401]
    assert [path for path, _ in stand_in.asked] == ["/keys"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "one of the two"),
        ({"secret": SECRET, "jwks_url": "https://example.org"}, "one of the two"),
        ({"secret": "short"}, "too short"),
    ],
)
def test_what_lets_nobody_in_is_refused(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(PgContractError, match=words):
        Access(**wrong)  # type: ignore[arg-type]
    assert SECRET not in repr(Access(secret=SECRET))


def test_a_url_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(DatabaseError):
        Health(SUITE, "mysql://localhost/app")


def test_it_is_asked_once_however_many_ask(url: str) -> None:
    asked = 0

    async def count() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)

    async def ask() -> None:
        health = Health(SUITE, url, services={"counted": count}, max_age=3600)
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


def test_a_run_that_takes_too_long_is_ended_on_the_server(url: str) -> None:
    suite = SUITE + Suite("slow", [RowsSatisfy("users", "pg_sleep(120) is not null")])
    with psycopg.connect(url, autocommit=True) as watching:
        watching.execute("insert into users values (1)")
        state, _ = asyncio.run(Health(suite, url, timeout=2).state())
        assert (state.ready, state.error or state.database.error) == (False, "no answer in 2 s")
        asked = b"select count(*) from pg_stat_activity where query like '%pg_sleep(120)%' and pid <> pg_backend_pid()"
        until = time.monotonic() + 60
        while watching.execute(asked).fetchone() != (0,):
            assert time.monotonic() < until


def test_a_postgres_that_is_stopped_and_started(tmp_path: Path) -> None:
    place = tmp_path / "postgres"

    def start() -> Server:
        """One at the same address as the one before."""
        server = Server()
        with psycopg.connect(server.url()) as connection:
            connection.execute(SQL.encode())
        place.unlink(missing_ok=True)
        place.symlink_to(server.directory / "socket")
        return server

    health = Health(
        SUITE, f"postgresql://postgres@/postgres?host={quote(str(place))}", access=Access(secret=SECRET), max_age=0
    )
    with served(health) as address:
        for _ in range(2):
            with start():
                assert got(f"{address}/readyz")[0] == 200
            status, told, _ = got(f"{address}/admin/health", token())
            assert (status, told["database"]["status"], told["contract"]["status"]) == (503, "down", "unknown")
            assert "cannot reach the database" in told["database"]["error"]


def test_metrics(url: str) -> None:
    health = Health(
        SUITE, url, access=Access(secret=SECRET), services={"cache": refused}, metrics_token="only for metrics"
    )
    with served(health) as address:
        status, text, headers = got(f"{address}/metrics", "only for metrics")
        assert got(f"{address}/metrics", token())[0] == 200
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


def test_stripe(stand_in: Any) -> None:
    check = stripe("sk_test", url=f"{stand_in.address}/v1/balance")
    asyncio.run(check())  # type: ignore[arg-type]
    assert stand_in.asked == [("/v1/balance", "Basic c2tfdGVzdDo=")]
    stand_in.status = 401
    with pytest.raises(ConnectionError, match="it answers 401"):
        asyncio.run(check())  # type: ignore[arg-type]


def test_redis(tmp_path: Path) -> None:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server")
    place = tmp_path / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--requirepass", "s3cret"]
    check = redis(f"unix://:s3cret@{place}")
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while not place.exists():
                assert time.monotonic() < until
                time.sleep(0.01)
            asyncio.run(check())  # type: ignore[arg-type]
            with pytest.raises(Exception, match="invalid"):
                asyncio.run(redis(f"unix://:wrong@{place}")())  # type: ignore[arg-type]
        finally:
            process.terminate()
    with pytest.raises(Exception, match="connecting"):
        asyncio.run(check())  # type: ignore[arg-type]


def test_mounted_in_another_application(url: str) -> None:
    applications = pytest.importorskip("starlette.applications")
    app = applications.Starlette(routes=routes(Health(SUITE, url)))
    mounted = applications.Starlette()
    mounted.mount("/internal", Health(SUITE, url))
    for other, path in ((app, "/readyz"), (mounted, "/internal/readyz")):
        with served(other) as address:
            assert got(f"{address}{path}")[:2] == (200, {"status": "ready"})
