"""What a backend needs besides its database, and whether it answers."""

from __future__ import annotations

import asyncio
import base64
import http.client
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

from pgcontract.errors import PgContractError, install

Check: TypeAlias = Callable[[], Awaitable[Mapping[str, object] | None]]
"""Asks a service: it returns what is to be told of it besides, or nothing; where it raises, the service is down."""


def redis(url: str) -> Check:
    """Whether Redis answers a PING.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with its password.

    Raises:
        PgContractError: The library is not installed, or the address is none.
    """
    try:
        from redis.asyncio import Redis  # noqa: PLC0415 - an extra
    except ImportError:
        raise PgContractError("Redis is asked by redis-py, which is not installed", hint=install("health")) from None
    try:
        Redis.from_url(url)
    except ValueError as error:
        raise PgContractError(f"this is no address of Redis: {error}") from None

    async def check() -> None:
        async with Redis.from_url(url) as client:
            await client.ping()

    return check


def stripe(key: str, *, url: str = "https://api.stripe.com/v1/balance") -> Check:
    """Whether Stripe answers, and takes the key: nothing is changed by asking for the balance, and it is not told.

    Args:
        key: The secret or restricted key.
        url: What is asked instead of the balance, or a stand-in of Stripe's.

    Raises:
        PgContractError: The address is none of HTTP's.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise PgContractError("Stripe is asked by http or https")
    host, port, path = parts.hostname, parts.port, parts.path or "/"
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(), "User-Agent": "pgcontract"}

    def ask() -> None:
        connection = kind(host, port, timeout=30)  # the loop's own limit is shorter, and leaves this thread behind
        try:
            connection.request("GET", path, headers=headers)
            with connection.getresponse() as answer:
                if answer.status != http.client.OK:
                    raise ConnectionError(f"it answers {answer.status} {answer.reason}")
        finally:
            connection.close()

    async def check() -> None:
        await asyncio.to_thread(ask)

    return check
