"""A private Postgres for the tests, or the server that DATABASE_URL names; nothing stays in it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.embedded import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    with nullcontext(given) if given else postgres() as url:
        yield url


@pytest.fixture
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url) as connection:
        yield connection
