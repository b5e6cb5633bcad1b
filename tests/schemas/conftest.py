"""The schemas of real size, the odd one and the Supabase example: made once, and cloned where a test changes one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.embedded import apply_setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ODD = ROOT / "tests" / "catalog" / "odd.sql"
EXAMPLE = ROOT / "examples" / "supabase" / "reconcile.sql"
# What the odd schema's names are too long to be written out as.
WORDS = {"@L@": "63456789_" + "123456789_" * 5 + "123", "@E@": "é" * 31 + "x"}


def load(url: str, path: Path) -> None:
    """Run a script's part for every server, and those for servers of a version that ours has reached.

    What stands after `--- after copying` is left out: a subscription, which keeps a database from being dropped.
    """
    text = path.read_text("utf-8").partition("\n--- after copying\n")[0]
    for short, long in WORDS.items():
        text = text.replace(short, long)
    first, *parts = re.split(r"^--- since (\d+)$", text, flags=re.MULTILINE)
    # Several processes may use one server, and roles are made by one at a time.
    with psycopg.connect(url, dbname="postgres") as turn, psycopg.connect(url, autocommit=True) as connection:
        turn.execute("select pg_advisory_xact_lock(4711)")
        connection.execute(first.encode())
        for since, part in zip(parts[::2], parts[1::2], strict=True):
            if connection.info.server_version >= int(since):
                connection.execute(part.encode())


def make_tracker(url: str) -> None:
    """A project on Supabase: the platform first."""
    apply_setup(url, ["supabase"])
    load(url, HERE / "tracker.sql")


def make_example(url: str) -> None:
    """The Supabase example, as its README makes it."""
    apply_setup(url, ["supabase", EXAMPLE])


MAKERS: dict[str, Callable[[str], None]] = {
    "odd": lambda url: load(url, ODD),
    "example": make_example,
    "tracker": make_tracker,
    "shop": lambda url: load(url, HERE / "shop.sql"),
    "plant": lambda url: load(url, HERE / "plant.sql"),
}


class Fresh(Protocol):
    """Makes a database of its own with the schema of that name, and gives its URL."""

    def __call__(self, name: str) -> str: ...


@pytest.fixture(scope="session")
def template(make_template: Callable[[Callable[[str], None]], str]) -> Callable[[str], str]:
    """The name of the template that has a schema."""
    return cache(lambda name: make_template(MAKERS[name]))


@pytest.fixture
def fresh(clone: Callable[[str | None], str], template: Callable[[str], str]) -> Fresh:
    """A clone of a schema that the test may change."""
    return lambda name: clone(template(name))


def catalog_of(url: str) -> Catalog:
    """What a database is."""
    with psycopg.connect(url, autocommit=True) as connection:
        return read(connection)
