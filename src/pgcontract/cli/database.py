"""The database that a command works on: one that is there, or a private one that lives as long as the command."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.cli.console import note
from pgcontract.integrations.settings import database

if TYPE_CHECKING:
    from pgcontract.integrations.settings import Settings

EMBEDDED = "embedded"


def meant(db: str | None, setup: Sequence[str] | None, configured: Settings) -> tuple[str, tuple[str, ...]]:
    """The database, and what is run on it first.

    A configured setup belongs to the configured database, and to those that are made here: whoever names production on
    the command line does not mean to migrate it.
    """
    url = database(db, configured.db)
    if setup or not configured.setup:
        return url, tuple(setup or ())
    if (
        url in {EMBEDDED, configured.db}
        or url.startswith(("migrations:", "alembic:"))
        or Path(url).suffix.lower() == ".sql"
    ):
        return url, configured.setup
    note("the configured setup is not run on a database that is not the configured one; say --setup if you mean it")
    return url, ()


@contextmanager
def opened(db: str, setup: Sequence[str], say: Callable[[str], None] = note) -> Generator[str]:
    """The URL of the database, after the setup has run on it.

    Args:
        db: A URL, a connection string, or `embedded`.
        setup: What is run first.
        say: Told what is being done, which may take long.

    Raises:
        SetupError: A file of the setup failed, or is not there.
        DatabaseError: The URL is none, or the database cannot be started or reached.
    """
    if db == EMBEDDED:
        from pgcontract.embedded import postgres

        say("starting a private PostgreSQL")
        with postgres(setup=setup) as url:
            yield url
        return
    if setup:
        from pgcontract.embedded import apply_setup
        from pgcontract.run.target import connected

        with connected(db):  # which says best why it cannot be reached
            pass
        say(f"running the setup on the database: {', '.join(setup)}")
        apply_setup(db, setup)
    yield db
