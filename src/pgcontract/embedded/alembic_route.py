"""Every connection that SQLAlchemy opens leads to one database, whatever URL an engine was made of.

`env.py` often takes the URL from the application's settings, which may be a real database: nothing may reach that.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from pgcontract.embedded.alembic_errors import ElsewhereError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sqlalchemy import Dialect

# What says where a driver connects to, as whom, and how that is secured; all else (options, settings) is kept.
_WHERE = frozenset(
    {
        *("host", "hostaddr", "port", "user", "password", "dbname", "database", "dsn", "service", "servicefile"),
        *("passfile", "passwd", "unix_sock", "target_session_attrs", "load_balance_hosts", "channel_binding"),
        *("ssl", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "ssl_context", "direct_tls"),
        *("gssencmode", "krbsrvname", "require_auth", "sslnegotiation", "requiressl"),
    }
)


class Route:
    """The way to the database.

    Attributes:
        taken: How many connections were led there.
    """

    def __init__(self, database: Mapping[str, str]) -> None:
        """Remember the database, by libpq's parameters."""
        self._database = dict(database)
        self._opening = 0
        self.taken = 0

    def connect(self, dialect: Dialect, _record: object, arguments: list[Any], keywords: dict[str, Any]) -> None:
        """Lead a connection that a dialect is about to open.

        Raises:
            ElsewhereError: It would go to another kind of database, or by a driver that is not known.
        """
        if dialect.name != "postgresql":
            raise ElsewhereError(f"the migrations connect to {dialect.name}, not to PostgreSQL")
        if dialect.driver not in _DRIVERS:
            known = ", ".join(_DRIVERS)
            raise ElsewhereError(
                f"the migrations connect by {dialect.driver}, which cannot be led to another database",
                hint=f"Known drivers are {known}.",
            )
        arguments.clear()
        for name in _WHERE & keywords.keys():
            del keywords[name]
        keywords.update(_DRIVERS[dialect.driver](self._database))
        self._opening += 1
        self.taken += 1

    def connected(self, connection: Any, _record: object) -> None:
        """Refuse a connection that was not led.

        Raises:
            ElsewhereError: The engine's maker opened it himself (`creator=`).
        """
        if not self._opening:
            connection.close()
            raise ElsewhereError("an engine opens its connections itself (creator=), so they cannot be led elsewhere")
        self._opening -= 1


@contextmanager
def led(database: Mapping[str, str]) -> Generator[Route]:
    """Lead all connections that this process opens within the block to the database.

    Args:
        database: It, by libpq's parameters.
    """
    route = Route(database)
    listening = ((Engine, "do_connect", route.connect), (Pool, "connect", route.connected))
    for each in listening:
        event.listen(*each)
    try:
        yield route
    finally:
        for each in listening:
            event.remove(*each)


def _libpq(database: Mapping[str, str]) -> dict[str, Any]:
    return dict(database)


def _asyncpg(database: Mapping[str, str]) -> dict[str, Any]:
    said = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "database"}
    found: dict[str, Any] = {ours: database[theirs] for theirs, ours in said.items() if theirs in database}
    if "port" in found:
        found["port"] = int(found["port"])
    if "sslmode" in database:
        found["ssl"] = database["sslmode"]
    return found


def _pg8000(database: Mapping[str, str]) -> dict[str, Any]:
    found = _asyncpg(database)
    host, mode = found.pop("host", "localhost"), found.pop("ssl", "disable")
    if host.startswith("/"):
        return {"unix_sock": f"{host}/.s.PGSQL.{found.pop('port', 5432)}", **found}
    return {**found, "host": host, "ssl_context": mode != "disable"}


_DRIVERS: dict[str, Callable[[Mapping[str, str]], dict[str, Any]]] = {
    "psycopg": _libpq,
    "psycopg_async": _libpq,
    "psycopg2": _libpq,
    "asyncpg": _asyncpg,
    "pg8000": _pg8000,
}
