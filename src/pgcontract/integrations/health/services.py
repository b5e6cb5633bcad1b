"""What a backend needs besides its database, and whether it answers."""

from __future__ import annotations

import asyncio
import base64
import http
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from pgcontract.errors import PgContractError, install

if TYPE_CHECKING:
    from ssl import SSLContext

Check: TypeAlias = Callable[[], Awaitable[Mapping[str, object] | None]]
"""Asks a service: it returns what is to be told of it besides, or nothing; where it raises, the service is down."""

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n)")


def redis(url: str) -> Check:
    """Whether Redis answers a PING; it is asked once, as who asks us will ask again.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with its password.

    Raises:
        PgContractError: The library is not installed, or the address is none.
    """
    try:
        from redis.asyncio import Redis  # noqa: PLC0415 - an extra
        from redis.asyncio.retry import Retry  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415
    except ImportError:
        raise PgContractError("Redis is asked by redis-py, which is not installed", hint=install("health")) from None
    try:
        Redis.from_url(url)
    except ValueError as error:
        raise PgContractError(f"this is no address of Redis: {error}") from None

    async def check() -> None:
        try:
            async with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
                await client.ping()
        except RedisError as error:  # says where it was asked, and never by which password
            raise PgContractError(str(error) or type(error).__name__) from None

    return check


def stripe(key: str, *, url: str = "https://api.stripe.com/v1/balance") -> Check:
    """Whether Stripe answers, and takes the key: nothing is changed by asking for the balance, and it is not told.

    Nobody but the host of the address gets the key: no redirection is followed, and no proxy is asked.

    Args:
        key: The secret or restricted key.
        url: What is asked instead of the balance, or a stand-in of Stripe's.

    Raises:
        PgContractError: The address is none of HTTP's.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in {"http", "https"} or not host or not url.isascii():
        raise PgContractError("Stripe is asked by http or https")
    place = parts.netloc.rpartition("@")[2]
    path = f"{parts.path or '/'}?{parts.query}".removesuffix("?")
    user = base64.b64encode(f"{key}:".encode()).decode()
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {place}\r\nAuthorization: Basic {user}\r\nUser-Agent: pgcontract\r\n"
        "Accept: application/json\r\nConnection: close\r\n\r\n"
    )
    tls = _tls() if parts.scheme == "https" else None

    async def check() -> None:
        status = await _status(host, port or (443 if tls else 80), tls, request.encode())
        if status != http.HTTPStatus.OK:
            raise ConnectionError(f"it answers {status} {_PHRASES.get(status, '')}".strip())

    return check


_PHRASES = {status.value: status.phrase for status in http.HTTPStatus}


def _tls() -> SSLContext:
    import ssl  # noqa: PLC0415 - takes its time

    return ssl.create_default_context()


async def _status(host: str, port: int, tls: SSLContext | None, request: bytes) -> int:
    """The status of the answer to a request. Whoever is cancelled leaves no thread and no connection behind.

    Raises:
        ConnectionError: What answers does not speak HTTP.
    """
    reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    try:
        writer.write(request)
        try:
            line = await reader.readline()
        except ValueError:  # longer than any such line
            line = b""
        found = _STATUS.match(line)
    finally:
        writer.transport.abort()
    if found is None:
        raise ConnectionError("it does not answer as HTTP does")
    return int(found[1])
