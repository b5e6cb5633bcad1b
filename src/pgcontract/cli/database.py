"""The database that a command works on: one that is there, or a private one that lives as long as the command."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pgcontract.cli.console import note

EMBEDDED = "embedded"


@contextmanager
def opened(db: str, setup: Sequence[str]) -> Generator[str]:
    """The URL of the database, after the setup has run on it.

    Raises:
        SetupError: A file of the setup failed, or is not there.
        DatabaseError: The database cannot be started or reached.
    """
    from pgcontract.embedded import apply_setup, postgres

    items = [Path(item) if Path(item).exists() else item for item in setup]
    if db == EMBEDDED:
        note("starting a private PostgreSQL")
        with postgres(setup=items) as url:
            yield url
        return
    if items:
        note(f"running the setup on the database: {', '.join(setup)}")
        apply_setup(db, items)
    yield db
