"""A database that a contract holds on, an application behind a real server, and a server of somebody else's."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from pgcontract import ColumnType, FunctionPresent, RlsEnabled, Suite, TableExists

Served = Callable[[Any], AbstractContextManager[str]]
Got = Callable[..., tuple[int, Any, Any]]

SQL = """
create table users (id int);
alter table users enable row level security;
create function calm() returns int language sql as 'select 1';
"""


@pytest.fixture
def sql() -> str:
    """What the contract holds on."""
    return SQL


@pytest.fixture
def suite() -> Suite:
    """Of each part something."""
    return Suite(
        "app",
        [TableExists("users"), ColumnType("users", "id", "int"), RlsEnabled("users"), FunctionPresent("calm()")],
    )


@pytest.fixture
def url(clone: Callable[[str | None], str]) -> str:
    """A database of its own that the contract holds on."""
    url = clone(None)
    with psycopg.connect(url) as connection:
        connection.execute(SQL.encode())
    return url


@pytest.fixture
def secret() -> str:
    """What tokens are signed with."""
    return "a secret of at least thirty-two bytes"


@pytest.fixture
def admin(secret: str) -> str:
    """The token of somebody who may ask."""
    jwt = pytest.importorskip("jwt")
    return str(jwt.encode({"app_metadata": {"role": "admin"}, "exp": time.time() + 3600}, secret, "HS256"))


@pytest.fixture
def served() -> Served:
    """The application behind a real server, on a port of its own."""
    uvicorn = pytest.importorskip("uvicorn")

    @contextmanager
    def serve(app: Any) -> Generator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
            thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
            thread.start()
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()

    return serve


@pytest.fixture
def got() -> Got:
    """The status, the body (what it says, if it is JSON) and the headers of an answer."""

    def get(address: str, bearer: str | None = None, method: str = "GET") -> tuple[int, Any, Any]:
        where = urlsplit(address)
        with closing(http.client.HTTPConnection(where.netloc, timeout=60)) as connection:
            headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
            connection.request(method, where.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        told = json.loads(body) if answer.headers["content-type"] == "application/json" and body else body
        return answer.status, told, answer.headers

    return get


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what its server holds, and counts."""

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Nobody looks."""


@pytest.fixture
def stand_in() -> Iterator[Any]:
    """A server of somebody else's, on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made: Any = server
        made.asked, made.status, made.headers, made.body = [], 200, {}, b"{}"
        made.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()
