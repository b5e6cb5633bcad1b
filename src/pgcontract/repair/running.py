"""The transaction that a plan runs in: its settings, and what the server says when it refuses."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    Connection = psycopg.Connection[Any]

_SETTINGS = ("set local client_min_messages = warning", "set local check_function_bodies = off")
# Who is killed lets go of no lock while a statement runs or waits, unless the server looks whether anybody is there.
_LOOKS = "set local client_connection_check_interval = '1s'"
_LOOKS_SINCE = 140000


def prepare(connection: Connection) -> None:
    """Set what holds for the transaction that is open."""
    for setting in _SETTINGS:
        connection.execute(setting)
    if connection.info.server_version >= _LOOKS_SINCE:
        with suppress(psycopg.Error), connection.transaction():  # not every system can
            connection.execute(_LOOKS)


def said(error: psycopg.Error) -> str:
    """The server's message, in one line."""
    primary = error.diag.message_primary
    return primary or str(error).strip().split("\n", 1)[0]
