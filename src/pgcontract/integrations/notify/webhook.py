"""A message posted to a webhook, by the standard library alone.

A signed one is signed as https://www.standardwebhooks.com says, for which there are libraries in many languages.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import secrets
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from pgcontract import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPResponse

    from pgcontract.integrations.notify.target import Target

ATTEMPTS = 3
"""How often it is tried at most."""

PAUSES = (0.5, 2.0)
"""Seconds between the attempts."""

REDIRECTS = 3
"""How many redirections are followed at most, all on the same host."""

_MOVED = frozenset({301, 302, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_KEY = "whsec_"
_PORTS = {"http": 80, "https": 443}


class NotSentError(Exception):
    """A notification did not arrive; the message says why in our own words, in which there is no address."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Webhook:
    """One message for one webhook.

    Attributes:
        target: Where to.
        body: JSON.
        pause: Waits for so many seconds.
        id: The same in each attempt, by which a receiver knows what it has already.
    """

    target: Target
    body: bytes = field(repr=False)
    pause: Callable[[float], object] = time.sleep
    id: str = field(default_factory=lambda: f"msg_{secrets.token_hex(12)}")

    def send(self) -> None:
        """Post it, and again where that may help.

        Raises:
            NotSentError: It did not arrive.
        """
        for pause in (*PAUSES, None):
            try:
                self._attempt()
            except NotSentError as error:
                if pause is None or not error.passing:
                    raise
                self.pause(pause)
            else:
                return

    def _attempt(self) -> None:
        url, known = _plain(self.target.address)
        for _ in range(REDIRECTS + 1):
            moved = self._post(url, known)
            if moved is None:
                return
            url = followed(url, moved)
        raise NotSentError(f"it redirects more than {REDIRECTS} times")

    def _post(self, url: str, known: dict[str, str]) -> str | None:
        """Where it is redirected to, or None when it arrived."""
        request = urllib.request.Request(url, self.body, self._headers() | known, method="POST")  # noqa: S310 - http(s)
        try:
            with urllib.request.build_opener(_AsAnswered).open(request, timeout=self.target.timeout) as answer:
                code, moved = answer.status, answer.headers.get("Location")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotSentError(_reason(error), passing=not isinstance(error, ValueError)) from None
        if HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            return None
        if code in _MOVED and moved:
            return str(moved)
        raise NotSentError(f"it answered {_status(code)}", passing=code in _PASSING)

    def _headers(self) -> dict[str, str]:
        now = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"pgcontract/{__version__}",
            "Webhook-Id": self.id,
            "Webhook-Timestamp": now,
        }
        if self.target.secret is not None:
            headers["Webhook-Signature"] = signature(self.target.secret, self.id, now, self.body)
        return headers


def signature(secret: str, id_: str, timestamp: str, body: bytes) -> str:
    """The value of the header `Webhook-Signature`.

    Args:
        secret: `whsec_` and a key in base64; of any other text its bytes in UTF-8 are the key.
        id_: The header `Webhook-Id`.
        timestamp: The header `Webhook-Timestamp`: seconds since 1970.
        body: What is sent.
    """
    digest = hmac.new(_key(secret), f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    if secret.startswith(_KEY):
        try:
            return base64.b64decode(secret.removeprefix(_KEY), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


class _AsAnswered(urllib.request.HTTPErrorProcessor):
    """Gives every answer back as it is: the library would follow a redirection to any host, with a GET."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002
        """The answer."""
        return response

    https_response = http_response


def _plain(url: str) -> tuple[str, dict[str, str]]:
    """The address without user and password, and the header that tells these."""
    split = urlsplit(url)
    user, at, host = split.netloc.rpartition("@")
    plain = urlunsplit(split._replace(netloc=host, fragment=""))
    if not at:
        return plain, {}
    told = base64.b64encode(":".join(map(unquote, user.partition(":")[::2])).encode()).decode()
    return plain, {"Authorization": f"Basic {told}"}


def followed(url: str, moved: str) -> str:
    """The address that a redirection means.

    Raises:
        NotSentError: It is on another host, where nobody knows who gets what is sent, or no longer encrypted.
    """
    try:
        there = urlsplit(urljoin(url, moved))
        allowed = {_origin(urlsplit(url)), ("https", urlsplit(url).hostname, _PORTS["https"])}
        if there.username is None and _origin(there) in allowed:
            return urlunsplit(there._replace(fragment=""))
    except ValueError:  # it is no address
        pass
    raise NotSentError("it redirects elsewhere, which is not followed")


def _origin(split: SplitResult) -> tuple[str, str | None, int | None]:
    return split.scheme, split.hostname, split.port or _PORTS.get(split.scheme)


def _status(code: int) -> str:
    try:
        return f"{code} ({HTTPStatus(code).phrase})"
    except ValueError:
        return str(code)


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "it did not answer in time"),
    (ssl.SSLCertVerificationError, "its certificate is not to be trusted"),
    (ssl.SSLError, "no encrypted connection could be made"),
    (socket.gaierror, "its host is not known"),
    (ConnectionRefusedError, "the connection was refused"),
    (ConnectionError, "the connection was closed"),
    (http.client.HTTPException, "what it answered is no HTTP"),
)


def _reason(error: Exception) -> str:
    """In our own words: what a library says may quote the address, or what a server sent."""
    behind = error.reason if isinstance(error, urllib.error.URLError) else error
    return next((words for type_, words in _WORDS if isinstance(behind, type_)), "it could not be reached")
