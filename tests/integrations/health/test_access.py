"""Who is let in: by a secret, and by the keys of an address that may be down, slow, or full of nonsense."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from functools import lru_cache
from typing import Any

import pytest

jwt = pytest.importorskip("jwt")

from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: E402 - it comes with PyJWT

from pgcontract import PgContractError  # noqa: E402
from pgcontract.integrations.health import Access  # noqa: E402
from pgcontract.integrations.health import keys as reading  # noqa: E402
from pgcontract.integrations.health.access import Denied  # noqa: E402

SECRET = "a secret of at least thirty-two bytes"
ADMIN = {"app_metadata": {"role": "admin"}, "exp": time.time() + 86_400}


def token(claims: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    return str(jwt.encode(claims or ADMIN, secret, "HS256"))


def unsigned(claims: dict[str, Any]) -> str:
    return str(jwt.encode(claims, None, "none"))


async def answer(access: Access, authorization: str | None) -> int:
    try:
        await access.require(authorization)
    except Denied as denied:
        return denied.status
    return 200


@pytest.mark.parametrize(
    ("bearer", "status"),
    [
        (token(), 200),
        (token({**ADMIN, "app_metadata": {"role": ["user", "admin"]}}), 200),
        (token({**ADMIN, "aud": ["authenticated"], "iss": "https://x/auth/v1"}), 200),
        (token({**ADMIN, "app_metadata": {"role": "user"}}), 403),
        (token({**ADMIN, "app_metadata": "admin"}), 403),
        (token({"role": "admin", "exp": ADMIN["exp"]}), 403),
        (token({**ADMIN, "app_metadata": {"role": {"admin": True}}}), 403),
        (token({**ADMIN, "app_metadata": {"role": 1}}), 403),
        (token({"app_metadata.role": "admin", "exp": ADMIN["exp"]}), 403),
        (token({"user_metadata": {"role": "admin"}, "exp": ADMIN["exp"]}), 403),
        (token(secret=SECRET[::-1]), 401),
        (token({**ADMIN, "exp": time.time() - 60}), 401),
        (token({**ADMIN, "nbf": time.time() + 172_800}), 401),
        (token({**ADMIN, "exp": float("inf")}), 401),
        (token({"app_metadata": {"role": "admin"}}), 401),
        (unsigned(ADMIN), 401),
        (str(jwt.encode(ADMIN, SECRET * 2, "HS512")), 401),
        (token()[:-3], 401),
        ("", 401),
        ("x" * 20_000, 401),
        ("é.é.é", 401),
    ],
)
def test_tokens(bearer: str, status: int) -> None:
    assert asyncio.run(answer(Access(secret=SECRET), f"Bearer {bearer}")) == status


@pytest.mark.parametrize(
    ("header", "status"),
    [("bearer", 200), ("BEARER  ", 200), ("Basic", 401), ("", 401), ("Bearer Bearer", 401)],
)
def test_schemes(header: str, status: int) -> None:
    assert asyncio.run(answer(Access(secret=SECRET), f"{header} {token()}")) == status


@pytest.mark.parametrize(
    ("claim", "roles", "claims"),
    [
        ("https://example.com/roles", ["admin"], {"https://example.com/roles": ["admin"]}),
        ("realm_access.roles", ("ops", "admin"), {"realm_access": {"roles": ["ops"]}}),
        ("role", "service_role", {"role": "service_role"}),
    ],
)
def test_where_a_role_stands(claim: str, roles: Any, claims: dict[str, Any]) -> None:
    access = Access(secret=SECRET, claim=claim, roles=roles)
    assert asyncio.run(answer(access, f"Bearer {token({**claims, 'exp': ADMIN['exp']})}")) == 200
    assert asyncio.run(answer(access, f"Bearer {token()}")) == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "one of the two"),
        ({"secret": SECRET, "jwks_url": "https://example.org"}, "one of the two"),
        ({"secret": "short"}, "too short"),
        ({"secret": "-----BEGIN PUBLIC KEY-----\n" + "x" * 40 + "\n-----END PUBLIC KEY-----"}, "a key of a pair"),
        ({"jwks_url": "file:///etc/keys.json"}, "none of http or https"),
        ({"secret": SECRET, "roles": []}, "no role"),
        ({"secret": SECRET, "roles": [""]}, "no role"),  # of a variable that is not set
    ],
)
def test_what_lets_nobody_in_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(PgContractError, match=words):
        Access(**wrong)
    assert SECRET not in repr(Access(secret=SECRET))


@lru_cache
def key(name: str) -> Any:
    """A private key; those of RSA take their time."""
    return ec.generate_private_key(ec.SECP256R1()) if name.startswith("ec") else rsa.generate_private_key(65537, 2048)


def listed(name: str, **said: Any) -> dict[str, Any]:
    """A key as a list has it."""
    kind = jwt.algorithms.ECAlgorithm if name.startswith("ec") else jwt.algorithms.RSAAlgorithm
    return {**json.loads(kind.to_jwk(key(name).public_key())), "kid": name, "use": "sig", **said}


def signed(name: str, algorithm: str, kid: str | None = None, claims: dict[str, Any] = ADMIN, **header: Any) -> str:
    """The header of a request with a token of that key's."""
    return f"Bearer {jwt.encode(claims, key(name), algorithm, headers={'kid': kid or name, **header})}"


def test_keys_of_an_address(stand_in: Any) -> None:
    """Keys are read when one is not known, and not for each name that somebody tries."""
    stand_in.body = json.dumps({"keys": [listed("one", alg="RS256"), listed("ec"), "nonsense", {"kid": []}]}).encode()
    right = {**ADMIN, "aud": "app", "iss": "me"}
    public = listed("one")["n"]

    async def ask() -> list[int]:
        access = Access(jwks_url=f"{stand_in.address}/keys", audience="app", issuer="me", timeout=60)
        tokens = [
            signed("one", "RS256", claims=right),
            signed("ec", "ES256", claims=right),
            signed("other", "RS256", "one", claims=right),
            signed("one", "RS256", "two", claims=right),
            signed("one", "RS256", "../../etc/passwd", claims=right),
            signed("other", "RS256", "new", claims=right, jku=f"{stand_in.address}/jku", jwk=listed("other")),
            signed("one", "PS256", claims=right),
            signed("one", "RS256"),
            signed("one", "RS256", claims={**right, "iss": "you"}),
            "Bearer " + jwt.encode(right, public, "HS256", headers={"kid": "one"}),  # a public key is no secret
        ]
        return [await answer(access, each) for each in tokens]

    assert asyncio.run(ask()) == [200, 200, *[401] * 8]
    assert [path for path, _ in stand_in.asked] == ["/keys"]


def test_a_list_that_does_not_say_which_algorithm(stand_in: Any) -> None:
    """Then a key is for every algorithm of its kind, and for none of another."""
    stand_in.body = json.dumps({"keys": [listed("one"), listed("one", kid="hidden", use="enc")]}).encode()

    async def ask() -> list[int]:
        access = Access(jwks_url=stand_in.address, timeout=60)
        tokens = [signed("one", "RS256"), signed("one", "PS512"), signed("ec", "ES256", "one"), signed("one", "RS256")]
        return [await answer(access, each) for each in [*tokens, signed("one", "RS256", "hidden")]]

    assert asyncio.run(ask()) == [200, 200, 401, 200, 401]


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b'{"keys": 1}'), (200, b""), (302, b"")],
)
def test_a_list_that_cannot_be_read(stand_in: Any, status: int, body: bytes) -> None:
    """Nobody is told that a token is not valid, which may well be."""
    stand_in.status, stand_in.body, stand_in.headers = status, body, {"Location": f"{stand_in.address}/elsewhere"}
    access = Access(jwks_url=f"{stand_in.address}/keys", timeout=60)

    async def ask() -> list[int]:
        return await asyncio.gather(*[answer(access, signed("ec", "ES256")) for _ in range(50)])

    assert asyncio.run(ask()) == [503] * 50
    assert [path for path, _ in stand_in.asked] == ["/keys"]


def test_a_list_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even when the program ends, as a thread of the loop's executor would be."""
    release, came = threading.Event(), threading.Event()

    def fetch(_: object) -> None:
        release.wait(20)
        came.set()

    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", fetch)
    access = Access(jwks_url="http://127.0.0.1:1", timeout=0.05)
    assert asyncio.run(answer(access, signed("ec", "ES256"))) == 503
    assert not came.is_set()
    release.set()


def test_keys_that_change_while_the_list_is_now_and_then_down(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is used meanwhile; a new key is found, and one that was withdrawn is forgotten."""
    now = 1000.0
    monkeypatch.setattr(reading, "monotonic", lambda: now)
    old, new = signed("ec1", "ES256"), signed("ec2", "ES256")
    first, second = (json.dumps({"keys": [listed(name)]}).encode() for name in ("ec1", "ec2"))
    access = Access(jwks_url=stand_in.address, timeout=60)
    found = []
    for later, status, body in [
        (0, 200, first),  # both are looked for, one is there
        (700, 500, first),  # it is time to look whether it still is, and that fails
        (6, 200, second),  # tried again soon
        (30, 500, second),  # and then not for a while
    ]:
        now += later
        stand_in.status, stand_in.body = status, body
        found.append([asyncio.run(answer(access, each)) for each in (old, new)])
    assert found == [[200, 401], [200, 503], [401, 200], [401, 200]]
    assert len(stand_in.asked) == 3
