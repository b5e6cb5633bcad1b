"""The one call that most need: a private database, set up, for the length of a block."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pgcontract.embedded import setup as setting_up
from pgcontract.embedded.server import Server

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path


@contextmanager
def postgres(setup: Sequence[Path | str] = ()) -> Generator[str]:
    """Start a private Postgres, run SQL on it, and yield its URL; it is gone when the block ends.

    The URL serves psycopg, psql and, once its scheme is replaced by ``postgresql+psycopg``, SQLAlchemy. Its user
    ``postgres`` is a superuser. The server is PostgreSQL 18 with its contrib modules, ``vector``, and a stand-in for
    ``uuid-ossp``; it listens on a Unix socket that nobody else may open::

        with postgres(setup=["supabase", Path("migrations")]) as url:
            report = verify(suite, url)

    Args:
        setup: What to run first, in order: a `Path` to a ``.sql`` file or a folder of them, the name of an installed
            platform such as ``supabase``, or a path as a string.

    Raises:
        SetupError: Something in the setup is not there, or a statement of it failed.
        DatabaseError: The server is not installed (``pgcontract[embedded]``) or cannot run here.
    """
    found = setting_up.scripts(setup)  # before the server starts: a missing file should cost nothing
    with Server() as server:
        setting_up.run(server.url(), found)
        yield server.url()
