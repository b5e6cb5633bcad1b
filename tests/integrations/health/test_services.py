"""Redis and Stripe, as they are and as they must not be: a real redis-server, and a stand-in of Stripe's."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import PgContractError
from pgcontract.integrations.health import redis, stripe

if TYPE_CHECKING:
    from pathlib import Path

    from pgcontract.integrations.health import Check


async def asked(check: Check, seconds: float = 60) -> None:
    await asyncio.wait_for(check(), seconds)


def test_stripe(stand_in: Any) -> None:
    check = stripe("sk_test", url=f"{stand_in.address}/v1/balance?expand=x")
    asyncio.run(asked(check))
    assert stand_in.asked == [("/v1/balance?expand=x", "Basic c2tfdGVzdDo=")]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "it answers 401 Unauthorized"), (302, "it answers 302 Found"), (299, "it answers 299$")],
)
def test_a_stripe_that_does_not_take_the_key(stand_in: Any, status: int, words: str) -> None:
    """Nobody else gets it."""
    stand_in.status, stand_in.headers = status, {"Location": f"{stand_in.address}/elsewhere"}
    with pytest.raises(ConnectionError, match=words):
        asyncio.run(asked(stripe("sk_test", url=f"{stand_in.address}/v1/balance")))
    assert [path for path, _ in stand_in.asked] == ["/v1/balance"]


@pytest.mark.parametrize("said", [b"", b"220 mail.example.com\r\n", b"x" * 200_000, b"HTTP/1.1 2000 OK\r\n"])
def test_what_does_not_speak_http_is_no_stripe(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            with listening.accept()[0] as connection:
                connection.recv(1000)
                try:
                    connection.sendall(said)
                except OSError:
                    return  # it has heard enough

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(ConnectionError):
            asyncio.run(asked(stripe("sk_test", url=f"http://127.0.0.1:{listening.getsockname()[1]}")))
        thread.join()


def test_a_stripe_that_does_not_answer_leaves_nothing_behind() -> None:
    """No thread, as those of the loop's executor are few, and waited for when the program ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        check = stripe("sk_test", url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        before = threading.active_count()
        with pytest.raises(TimeoutError):
            asyncio.run(asked(check, 0.05))
        assert threading.active_count() <= before


@pytest.mark.parametrize("url", ["ftp://example.org", "https://", "http://host:port/", "http://b\u00fccher.example"])
def test_what_is_no_address_of_stripe(url: str) -> None:
    with pytest.raises(PgContractError, match="http"):
        stripe("sk_test", url=url)


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
            asyncio.run(asked(check))
            with pytest.raises(Exception, match="invalid"):
                asyncio.run(asked(redis(f"unix://:wrong@{place}")))
            process.send_signal(signal.SIGSTOP)
            with pytest.raises(TimeoutError):
                asyncio.run(asked(check, 0.05))
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
    with pytest.raises(Exception, match="connecting"):
        asyncio.run(asked(check))
