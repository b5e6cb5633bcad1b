"""`pgcontract serve`."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.console import note
from pgcontract.cli.database import meant, opened
from pgcontract.cli.searching import several
from pgcontract.cli.verifying import named, selected
from pgcontract.errors import ContractError, install
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pgcontract.integrations.health import Access, Check, Health

_VARIABLE = "env:"

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)]
JwtSecret = Annotated[
    str | None,
    typer.Option(help="env:NAME, the variable with the secret of tokens (HS256).", show_default=False),
]
JwksUrl = Annotated[str | None, typer.Option(help="Where the public keys of tokens are listed.", show_default=False)]
Claim = Annotated[str, typer.Option(help="The claim that says who may ask.")]
Roles = Annotated[list[str] | None, several("What it must be; admin where none is given.", "--role")]
Audience = Annotated[str | None, typer.Option(help="The aud that a token must have.", show_default=False)]
Issuer = Annotated[str | None, typer.Option(help="The iss that a token must have.", show_default=False)]
MetricsToken = Annotated[
    str | None, typer.Option(help="env:NAME, the variable with a token for /metrics alone.", show_default=False)
]
RedisUrl = Annotated[
    str | None,
    typer.Option("--redis", help="env:NAME, the variable with the URL of a Redis that is needed.", show_default=False),
]
StripeKey = Annotated[
    str | None,
    typer.Option("--stripe", help="env:NAME, the variable with the key of a Stripe account.", show_default=False),
]
MaxAge = Annotated[float, typer.Option(help="Seconds for which what was found will do.", min=0)]
Timeout = Annotated[float, typer.Option(help="Seconds that the database, and each service, may take.", min=0.1)]


def serve(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    tags: options.Tags = None,
    kinds: options.Kinds = None,
    tables: options.Tables = None,
    probes: options.ProbeMode = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    jwt_secret: JwtSecret = None,
    jwks_url: JwksUrl = None,
    claim: Claim = "app_metadata.role",
    roles: Roles = None,
    audience: Audience = None,
    issuer: Issuer = None,
    metrics_token: MetricsToken = None,
    redis_url: RedisUrl = None,
    stripe_key: StripeKey = None,
    max_age: MaxAge = 30,
    timeout: Timeout = 10,
) -> None:
    """Answer over HTTP whether the contract holds: /admin/health, /healthz, /readyz and /metrics."""
    from pgcontract.integrations.health import Health

    configured = settings()
    suite = selected(named(contract or configured.contract, "serve"), tags or None, kinds or None, tables or None)
    make = partial(
        Health,
        suite,
        access=_access(jwt_secret, jwks_url, claim, frozenset(roles or ["admin"]), audience, issuer),
        services=_services(redis_url, stripe_key),
        probes=(probes or options.Probes(configured.probes)).value,
        max_age=max_age,
        timeout=timeout,
        metrics_token=_held("--metrics-token", metrics_token),
    )
    with (
        _listening(host := host.strip("[]"), port) as listening,
        opened(*meant(db, setup, configured)) as url,
    ):
        _run(make(url), listening, host)


def _access(
    secret: str | None, keys: str | None, claim: str, roles: frozenset[str], *others: str | None
) -> Access | None:
    from pgcontract.integrations.health import Access

    if secret is None and keys is None:
        note("/admin/health needs --jwt-secret or --jwks-url, and is not there")
        return None
    audience, issuer = others
    held = _held("--jwt-secret", secret)
    return Access(held, keys, claim=claim, roles=roles, audience=audience, issuer=issuer)


def _services(redis_url: str | None, stripe_key: str | None) -> dict[str, Check]:
    from pgcontract.integrations.health import redis, stripe

    makers: dict[str, tuple[Callable[[str], Check], str | None]] = {
        "redis": (redis, _held("--redis", redis_url)),
        "stripe": (stripe, _held("--stripe", stripe_key)),
    }
    return {name: make(held) for name, (make, held) in makers.items() if held is not None}


def _held(option: str, given: str | None) -> str | None:
    """What the variable holds that an option names: what is secret does not stand on a command line.

    Raises:
        ContractError: It names none, or one that is not set.
    """
    if given is None:
        return None
    name = given.removeprefix(_VARIABLE)
    if name == given or not name:
        raise ContractError(f"{option}: a secret is given by the name of a variable", hint=f"{option} env:NAME")
    if not os.environ.get(name):
        raise ContractError(f"{option}: {name} is not set")
    return os.environ[name]


def _listening(host: str, port: int) -> socket.socket:
    """Where requests come in.

    Raises:
        ContractError: The address cannot be had.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while ")[0]  # which tells the address once more
        raise ContractError(f"{_place(host, port)} cannot be listened on: {why}") from None


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _run(health: Health, listening: socket.socket, host: str) -> None:
    """Answer until somebody ends it; who is being answered gets the answer.

    Raises:
        ContractError: uvicorn is not installed.
    """
    try:
        import uvicorn
    except ImportError:
        raise ContractError("serving needs uvicorn, which is not installed", hint=install("health")) from None

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """What is being found out is not waited for."""
            await health.close()
            await super().shutdown(sockets)

        @contextmanager
        def capture_signals(self) -> Generator[None]:
            """To be asked to end is how this ends, and no error: uvicorn's own would raise the signal again."""
            before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    note(f"listening on http://{_place(host, listening.getsockname()[1])}; Ctrl-C ends it")
    config = uvicorn.Config(health, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    Server(config).run([listening])
