"""Who may ask: the bearer of a token that was signed for this application, with a claim that says so."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pgcontract.errors import PgContractError, install

if TYPE_CHECKING:
    from jwt import PyJWK, PyJWKClient

_BY_KEYS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "EdDSA")
_LONGEST = 16_384
"""Characters of a token; what is longer is none."""


class Denied(Exception):  # noqa: N818 - an answer
    """The request is refused.

    Attributes:
        status: 401 where no valid token came, 403 where a valid one does not say enough.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Access:
    """Which tokens are let in: JSON Web Tokens of one secret (HS256) or of the keys that an address lists (JWKS).

    A token must have an end (`exp`), and no other algorithm than the kind of key asks for is taken.

    Attributes:
        secret: What tokens are signed with; Supabase's `JWT secret`.
        jwks_url: Where the public keys are listed; read when it is needed, and at most once in `refresh` seconds for a
            key that is not known.
        claim: Where the role stands, with dots into what is nested.
        roles: One of which it must be, or hold, if it is a list.
        audience: The `aud` that a token must have; None where that does not matter.
        issuer: The `iss` that it must have; None likewise.
        leeway: Seconds by which clocks may differ.
        refresh: Seconds for which the list of keys is not read again, whatever comes.
        timeout: Seconds to wait for the list.
    """

    secret: str | None = field(default=None, repr=False)
    jwks_url: str | None = None
    claim: str = "app_metadata.role"
    roles: frozenset[str] = frozenset({"admin"})
    audience: str | None = None
    issuer: str | None = None
    leeway: float = 10
    refresh: float = 60
    timeout: float = 5

    def __post_init__(self) -> None:
        """Look at it while somebody can still change it.

        Raises:
            PgContractError: There is not exactly one of secret and address, PyJWT is missing, or the secret is short.
        """
        if bool(self.secret) == bool(self.jwks_url):
            raise PgContractError("who may ask is told by a secret or by the address of keys: give one of the two")
        if self.secret and len(self.secret.encode()) < 32:  # noqa: PLR2004 - RFC 7518, section 3.2
            raise PgContractError("the secret of the tokens is too short", hint="HS256 wants 32 bytes at least.")
        try:
            import jwt  # noqa: F401, PLC0415 - an extra
        except ImportError:
            raise PgContractError("tokens are read by PyJWT, which is not installed", hint=install("health")) from None

    async def require(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of the token in an `Authorization` header.

        Raises:
            Denied: There is none, or it is not valid, or does not say that its bearer may ask.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or len(token) > _LONGEST:
            raise Denied("a bearer token is needed", 401)
        claims = await self._claims(token.strip())
        if not self.roles.intersection(_words(_at(claims, self.claim))):
            raise Denied(f"{self.claim} is not {' or '.join(sorted(self.roles))}", 403)
        return claims

    async def _claims(self, token: str) -> Mapping[str, Any]:
        import jwt  # noqa: PLC0415 - an extra

        try:
            key, algorithms = await self._key(token)
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                audience=self.audience,
                issuer=self.issuer,
                leeway=self.leeway,
                options={"require": ["exp"], "verify_aud": self.audience is not None},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            # Why is for whoever made the token, not for whoever tries one.
            raise Denied("the token is not valid", 401) from None
        return claims

    async def _key(self, token: str) -> tuple[str | PyJWK, list[str]]:
        import jwt  # noqa: PLC0415 - an extra

        if self.secret is not None:
            return self.secret, ["HS256"]
        header = jwt.get_unverified_header(token)
        algorithm, name = header.get("alg"), header.get("kid")
        if algorithm not in _BY_KEYS:
            raise jwt.InvalidAlgorithmError
        key = await self._keys.find(name)
        return key, [str(algorithm)]

    @cached_property
    def _keys(self) -> _Keys:
        assert self.jwks_url is not None  # noqa: S101 - one of the two is there
        return _Keys(self.jwks_url, self.refresh, self.timeout)


class _Keys:
    """The public keys that an address lists."""

    def __init__(self, url: str, refresh: float, timeout: float) -> None:
        from jwt import PyJWKClient  # noqa: PLC0415 - an extra

        self._client: PyJWKClient = PyJWKClient(url, cache_jwk_set=False, cache_keys=False, timeout=timeout)
        self._refresh, self._read = refresh, -float("inf")
        self._known: dict[str | None, PyJWK] = {}
        self._lock = asyncio.Lock()

    async def find(self, name: str | None) -> PyJWK:
        """The key of that name.

        Raises:
            PyJWTError: There is none, or the address cannot be read.
        """
        import jwt  # noqa: PLC0415 - an extra

        async with self._lock:
            age = time.monotonic() - self._read
            # One may have been withdrawn; and whoever tries names of keys must not make us ask for each.
            if age >= (self._refresh * 10 if name in self._known else self._refresh):
                self._read = time.monotonic()
                self._known = {key.key_id: key for key in await asyncio.to_thread(self._client.get_signing_keys)}
        if name not in self._known:
            raise jwt.PyJWKClientError("no such key")
        return self._known[name]


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same; how long that takes does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(value: Any) -> frozenset[str]:
    several = value if isinstance(value, list) else [value]
    return frozenset(each for each in several if isinstance(each, str))
