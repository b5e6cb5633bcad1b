"""A connection through a pooler that takes no settings at start-up: each transaction sets them for itself.

A pooler that hands out transactions gives a session's settings to whoever comes next, whose tables are then not found.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping


class Pooled(psycopg.Connection[Any]):
    """A connection of which nothing is known to outlast a transaction.

    Attributes:
        local: What holds in each transaction: settings by name, which are ours and need no escaping.
    """

    local: Mapping[str, str] = {}

    @contextmanager
    def transaction(
        self,
        savepoint_name: str | None = None,
        force_rollback: bool = False,  # noqa: FBT001, FBT002 - psycopg's
    ) -> Generator[psycopg.Transaction]:
        """As psycopg's; one that is not inside of another begins with our settings."""
        outermost = self.info.transaction_status == TransactionStatus.IDLE
        with super().transaction(savepoint_name, force_rollback) as begun:
            for statement in locally(self) if outermost else ():
                self.execute(statement.encode(), prepare=False)
            yield begun


def locally(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """What a transaction of ours begins with on this connection: nothing where its session has all settings."""
    local = getattr(connection, "local", None)
    if not local:
        return ()
    calls = ", ".join(f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in local.items())
    return (f"select {calls}",)
