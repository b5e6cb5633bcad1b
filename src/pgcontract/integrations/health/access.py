"""Who may ask: the bearer of a token that was signed for this application, with a claim that says so."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pgcontract.errors import PgContractError, install
from pgcontract.integrations.health.keys import BY_KEYS, Keys, Unreadable

if TYPE_CHECKING:
    from jwt import PyJWK

_LONGEST = 16_384
"""Characters of a token; what is longer is none."""


class Denied(Exception):  # noqa: N818 - an answer
    """The request is refused.

    Attributes:
        status: 401 where no valid token came, 403 where a valid one does not say enough, 503 where that cannot be told.
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
        claim: Where the role stands, with dots into what is nested; a name that is an address, as some issuers have
            them (`https://example.com/roles`), is taken as it is.
        roles: One of which it must be, or hold, if it is a list.
        audience: The `aud` that a token must have; None where that does not matter.
        issuer: The `iss` that it must have; None likewise.
        leeway: Seconds by which clocks may differ.
        refresh: Seconds for which a list of keys that was read is not read again, whatever comes.
        timeout: Seconds to wait for the list.
    """

    secret: str | None = field(default=None, repr=False)
    jwks_url: str | None = None
    claim: str = "app_metadata.role"
    roles: Collection[str] = frozenset({"admin"})
    audience: str | None = None
    issuer: str | None = None
    leeway: float = 10
    refresh: float = 60
    timeout: float = 5

    def __post_init__(self) -> None:
        """Look at it while somebody can still change it.

        Raises:
            PgContractError: There is not exactly one of secret and address, it is not one, there is no role, or PyJWT
                is missing.
        """
        if bool(self.secret) == bool(self.jwks_url):
            raise PgContractError("who may ask is told by a secret or by the address of keys: give one of the two")
        if not all(_words(self.roles) or [""]):
            raise PgContractError("no role may ask")
        try:
            import jwt  # noqa: PLC0415 - an extra
        except ImportError:
            raise PgContractError("tokens are read by PyJWT, which is not installed", hint=install("health")) from None
        if self.jwks_url and urlsplit(self.jwks_url).scheme not in {"http", "https"}:
            raise PgContractError("the address of the keys is none of http or https")
        if self.secret and len(self.secret.encode()) < 32:  # noqa: PLR2004 - RFC 7518, section 3.2
            raise PgContractError("the secret of the tokens is too short", hint="HS256 wants 32 bytes at least.")
        try:
            jwt.encode({}, self.secret or "x" * 32, "HS256")
        except jwt.InvalidKeyError:
            raise PgContractError("the secret of the tokens is a key of a pair, which everybody may know") from None

    async def require(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of the token in an `Authorization` header.

        Raises:
            Denied: There is none, or it is not valid, or does not say that its bearer may ask.
        """
        token = bearer(authorization)
        if token is None:
            raise Denied("a bearer token is needed", 401)
        claims = await self._claims(token)
        if not _words(self.roles) & _words(_at(claims, self.claim)):
            raise Denied(f"{self.claim} is not {' or '.join(sorted(_words(self.roles)))}", 403)
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
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            # Why is for whoever made the token, not for whoever tries one.
            raise Denied("the token is not valid", 401) from None
        except Unreadable:
            raise Denied("the keys of tokens cannot be read", 503) from None
        return claims

    async def _key(self, token: str) -> tuple[str | PyJWK, list[str]]:
        import jwt  # noqa: PLC0415 - an extra

        if self.secret is not None:
            return self.secret, ["HS256"]
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in BY_KEYS:
            raise jwt.InvalidAlgorithmError
        return await self._keys.find(header.get("kid"), str(algorithm)), [str(algorithm)]

    @cached_property
    def _keys(self) -> Keys:
        assert self.jwks_url is not None  # noqa: S101 - one of the two is there
        return Keys(self.jwks_url, self.refresh, self.timeout)


def bearer(authorization: str | None) -> str | None:
    """The token in an `Authorization` header (RFC 6750); None where there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and 0 < len(token) <= _LONGEST else None


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same; how long that takes does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for step in [path] if "://" in path else path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(value: object) -> frozenset[str]:
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return frozenset(each for each in several if isinstance(each, str))
