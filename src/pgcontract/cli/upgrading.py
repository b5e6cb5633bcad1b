"""`--alembic`: a private database that an Alembic project was upgraded on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.cli.database import EMBEDDED, meant
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.integrations.settings import Settings


def upgraded(
    project: str | None, db: str | None, setup: Sequence[str] | None, configured: Settings
) -> tuple[str, tuple[str, ...]]:
    """The database, and what is run on it first; the project's migrations last, if one was named.

    Args:
        project: The Alembic project.
        db: The database, if one was named.
        setup: What is run on it first, if something was named.
        configured: What the configuration says of what was not named.

    Raises:
        ContractError: A project and a database that is not private are named.
    """
    if project is None:
        return meant(db, setup, configured)
    if db not in {None, EMBEDDED}:
        hint = f"To upgrade that one first: --setup alembic:{project}"
        raise ContractError("--alembic upgrades a private database, and --db names another", hint=hint)
    return EMBEDDED, (*(setup or configured.setup), f"alembic:{project}")
