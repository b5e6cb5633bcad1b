"""The public keys that an address lists (JWKS, RFC 7517)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pgcontract.integrations.health.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jwt import PyJWK

BY_KEYS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA")
"""The algorithms of tokens that are signed with one half of a pair of keys, and read with the other."""

_LOGGER = logging.getLogger("pgcontract.health")
_AGAIN_S = 5.0
_LONGEST_S = 86_400.0


class Unreadable(Exception):  # noqa: N818 - an answer
    """The list of keys cannot be read, and what is known of it does not answer."""


class Keys:
    """The public keys that an address lists, read when they are needed.

    However many ask, the list is read once at a time, and whatever they ask for, not again within `refresh` seconds:
    who tries names of keys does not make us ask for each. A key that is known is looked for again after ten times
    that, since it may have been withdrawn. While the list cannot be read, what is known is used for a day.
    """

    def __init__(self, url: str, refresh: float, timeout: float) -> None:
        """Nothing is read before a key is looked for.

        Args:
            url: Where the keys are listed, by http or https.
            refresh: Seconds for which a list that was read is not read again.
            timeout: Seconds that reading it may take.
        """
        from jwt import PyJWKClient  # noqa: PLC0415 - an extra

        self._client = PyJWKClient(url, cache_jwk_set=False, cache_keys=False, timeout=timeout)
        self._host, self._refresh, self._timeout = urlsplit(url).hostname, refresh, timeout
        self._known: Mapping[Any, Mapping[str, Any]] = {}
        self._read = self._next = -float("inf")
        self._failed = False
        self._once = Once(self._renew)

    async def find(self, name: str | None, algorithm: str) -> PyJWK:
        """The key of that name, for an algorithm.

        Raises:
            PyJWTError: There is none, or it is not one for that algorithm.
            Unreadable: Whether there is one is not known.
        """
        import jwt  # noqa: PLC0415 - an extra

        now = monotonic()
        if now >= self._next and (name not in self._known or now - self._read >= self._refresh * 10):
            await self._once.get()
        data = self._known.get(name)
        if self._failed and (data is None or now - self._read >= _LONGEST_S):
            raise Unreadable
        if data is None:
            raise jwt.PyJWKClientError("no such key")
        return jwt.PyJWK(dict(data), data.get("alg") or algorithm)

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                listed = (await _aside(self._client.fetch_data))["keys"]
            self._known = {key.get("kid"): key for key in listed if isinstance(key, dict) and _signs(key)}
        except Exception as error:  # noqa: BLE001 - what stands at an address can be anything
            self._failed, self._next = True, monotonic() + min(_AGAIN_S, self._refresh)
            extra = {"event": "keys.unreadable", "host": self._host, "error": type(error).__name__}
            _LOGGER.warning("the keys of tokens cannot be read from %s: %s", self._host, extra["error"], extra=extra)
        else:
            self._failed, self._read = False, monotonic()
            self._next = self._read + self._refresh


def _signs(key: Mapping[str, Any]) -> bool:
    return key.get("use", "sig") == "sig" and isinstance(key.get("kid"), str | None)


async def _aside(work: Callable[[], Any]) -> Any:
    """What comes of it in a thread of its own; the executor's are waited for when the program ends, however long."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def tell(how: Callable[[Any], None], what: object) -> None:
        if not done.done():  # nobody has given up meanwhile
            how(what)

    def run() -> None:
        try:
            told: tuple[Callable[[Any], None], object] = done.set_result, work()
        except Exception as error:  # noqa: BLE001 - it is raised where the result is wanted
            told = done.set_exception, error
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, *told)

    threading.Thread(target=run, daemon=True, name="pgcontract-keys").start()
    return await done
