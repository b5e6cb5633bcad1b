"""`pgcontract serve` as a process: it listens, answers, and ends when it is asked to; what is wrong is said before."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

pytest.importorskip("uvicorn")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any

CONTRACT = "suite: s\nexpectations: [TableExists: t]"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_it_is_to_end(here: Path, clone: Callable[[str | None], str], ending: signal.Signals) -> None:
    (here / "c.yaml").write_text(CONTRACT)
    command = [sys.executable, "-m", "pgcontract", "serve", "c.yaml", "--db", clone(None), "--port", "0"]
    with subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "/admin/health needs --jwt-secret or --jwks-url, and is not there\n"
        told = process.stderr.readline()
        found = re.fullmatch(r"listening on http://(127\.0\.0\.1:\d+); Ctrl-C ends it\n", told)
        assert found is not None, told
        statuses = {}
        for path in ("/healthz", "/readyz", "/admin/health"):
            with closing(http.client.HTTPConnection(found[1], timeout=60)) as connection:
                connection.request("GET", path)
                with connection.getresponse() as answer:
                    statuses[path] = answer.status
        assert statuses == {"/healthz": 200, "/readyz": 503, "/admin/health": 404}
        process.send_signal(ending)
        assert (process.wait(60), process.stderr.read()) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--jwt-secret", "as it is"], "--jwt-secret: a secret is given by the name of a variable"),
        (["--jwt-secret", "env:NOT_SET"], "--jwt-secret: NOT_SET is not set"),
        (["--jwt-secret", "env:SHORT"], "the secret of the tokens is too short"),
        (["--redis", "env:SHORT"], "this is no address of Redis"),
        (["--jwt-secret", "env:LONG", "--jwks-url", "https://example.org"], "give one of the two"),
        (["--kind", "Nothing"], "nothing would be checked"),
    ],
)
def test_what_is_wrong_is_said_before(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setenv("SHORT", "s3cret")
    monkeypatch.setenv("LONG", "x" * 40)
    (here / "c.yaml").write_text(CONTRACT)
    ended = run("serve", "c.yaml", "--db", "postgresql://127.0.0.1:1/none", "--port", "0", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert words in ended.err
    assert "s3cret" not in ended.err


@pytest.mark.parametrize(
    ("host", "told"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("[::1]", "[::1]"), ("localhost", "localhost")]
)
def test_a_port_that_is_taken(run: Run, here: Path, host: str, told: str) -> None:
    (here / "c.yaml").write_text(CONTRACT)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host.strip("[]"), 0), family=family)
    except OSError:
        pytest.skip("there is no IPv6 here")
    with listening as taken:
        port = str(taken.getsockname()[1])
        ended = run("serve", "c.yaml", "--db", "postgresql://127.0.0.1:1/none", "--host", host, "--port", port)
    assert ended.status == 2
    assert f"{told}:{port} cannot be listened on: {os.strerror(98)}\n" in ended.err


def test_it_ends_in_the_middle_of_a_run(here: Path, clone: Callable[[str | None], str]) -> None:
    """Whoever waits is told so, and the server goes on with nothing."""
    url = clone(None)
    (here / "c.yaml").write_text("suite: s\nexpectations: [RowsSatisfy: {table: t, predicate: pg_sleep(120) is null}]")
    command = [sys.executable, "-m", "pgcontract", "serve", "c.yaml", "--db", url, "--port", "0", "--timeout", "600"]
    with psycopg.connect(url, autocommit=True) as watching:
        watching.execute("create table t as select 1")

        def sleeping() -> bool:
            asked = "select from pg_stat_activity where query like '%pg_sleep(120)%' and pid <> pg_backend_pid()"
            return bool(watching.execute(asked).fetchall())

        with subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            process.stderr.readline()
            place = re.search(r"http://(\S+);", process.stderr.readline())
            assert place is not None
            with closing(http.client.HTTPConnection(place[1], timeout=60)) as connection:
                connection.request("GET", "/readyz")
                until = time.monotonic() + 60
                while not sleeping():
                    assert time.monotonic() < until
                process.send_signal(signal.SIGTERM)
                with connection.getresponse() as answer:
                    assert (answer.status, answer.read()) == (503, b'{"error": "ending"}')
            assert (process.wait(60), process.stderr.read()) == (0, "")
        assert not sleeping()
