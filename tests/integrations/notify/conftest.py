"""Runs made by hand, and a real HTTP server on loopback that behaves as its paths say."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pgcontract.verdict import Database, Finding, Outcome, Report, Severity

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
APP = Database("app", "18.6", "db.example")

Made = Callable[..., Report]


def outcome(check: str, letter: str) -> Outcome:
    """P passed, F failed, W warned, E errored, S skipped, M a missing table, N skipped for want of it; t for a tag."""
    severity: Severity = "warning" if letter[0] == "W" else "error"
    said: dict[str, Any] = {
        "kind": "Check",
        "subject": check,
        "severity": severity,
        "expectation": {"name": check},
        "tags": ("t",) if letter.endswith("t") else (),
        "implied": letter[0] == "M",
    }
    found = Finding(f"{check} is wrong", expected="right").identified("Check", check)
    match letter[0]:
        case "F" | "W" | "M":
            return Outcome(**said, status="failed", findings=(found,))
        case "E":
            return Outcome(**said, status="errored", reason="too slow")
        case "S":
            return Outcome(**said, status="skipped", reason="probes are switched off")
        case "N":
            return Outcome(**said, status="skipped", reason="requires table m, which does not exist")
        case _:
            return Outcome(**said, status="passed")


@pytest.fixture(scope="session")
def made() -> Made:
    """`made(2, a="P", b="F")`: the run two hours after the first, in which a passed and b failed."""

    def report(hour: float = 0, *, suite: str = "shop", database: Database = APP, **letters: str) -> Report:
        outcomes = tuple(outcome(check, letter) for check, letter in letters.items())
        return Report(suite, database, START + timedelta(hours=hour), 5.0, outcomes)

    return report


@dataclass
class Got:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """The server: what it got, and where it is."""

    port: int
    got: list[Got] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}/{path}"


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.got.append(Got(self.path, dict(self.headers), body))
        split = urlsplit(self.path)
        word, _, rest = split.path.strip("/").partition("/")
        act = getattr(self, f"do_{word}", None)
        if act is None:
            self.answer(200)
        else:
            act(rest, parse_qs(split.query))

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def do_status(self, rest: str, _query: Any) -> None:
        self.answer(int(rest.partition("/")[0]))

    def do_flaky(self, rest: str, _query: Any) -> None:
        """Fails so many times."""
        before = sum(one.path == self.path for one in self.receiver.got) - 1
        self.answer(503 if before < int(rest) else 200)

    def do_moved(self, rest: str, query: Any) -> None:
        self.answer(int(rest), Location=query["to"][0])

    def do_hang(self, _rest: str, _query: Any) -> None:
        self.receiver.over.wait(60)

    def do_close(self, _rest: str, _query: Any) -> None:
        self.close_connection = True

    def do_garbage(self, _rest: str, _query: Any) -> None:
        self.wfile.write(b"\x1b[31mnonsense /secret\r\n\r\n")
        self.close_connection = True

    def do_drip(self, _rest: str, _query: Any) -> None:
        """A byte now and then, and never the whole of an answer."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.receiver.over.wait(0.02):
            self.wfile.write(b"x")
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone."""


@pytest.fixture
def receiver() -> Generator[Receiver]:
    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    server.RequestHandlerClass = type("Handling", (Handler,), {"receiver": receiver})
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield receiver
    receiver.over.set()
    server.shutdown()
    server.server_close()
