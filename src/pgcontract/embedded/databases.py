"""The databases of one server: make one, clone one, drop one."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import psycopg

from pgcontract import names
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from types import TracebackType

    from psycopg.abc import Query

_STRATEGY_SINCE = 150000
_URL = re.compile(r"(?P<server>[a-z][a-z0-9+]*://[^/?#]*)(?P<database>/[^?#]*)?(?P<rest>\?.*)?", re.IGNORECASE)


class Databases:
    """Makes and drops databases on a server, as a superuser or a role with CREATEDB.

    A test suite prepares a template once and clones it for each test, which takes some 20 ms however much the template
    holds in the way of tables::

        with Server() as server:
            apply_setup(server.create_database("app_template"), [Path("migrations")])
            server.make_template("app_template")
            url = server.create_database("test_1", template="app_template")
            ...
            server.drop_database("test_1")

    Safe to use from several threads.
    """

    def __init__(self, url: str) -> None:
        """Remember the server; nothing is connected yet.

        Args:
            url: A ``postgresql://`` URL; its database is the one connected to for the administration.

        Raises:
            DatabaseError: It is not a URL.
        """
        if _URL.fullmatch(url) is None:
            raise DatabaseError("the database is not given as a URL", hint="Write postgresql://user@host/database.")
        self._url = url
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def url(self, database: str | None = None) -> str:
        """The URL of a database of this server; without a name, the one that was given."""
        parts = _URL.fullmatch(self._url)
        if database is None or parts is None:
            return self._url
        return f"{parts['server']}/{quote(database, safe='')}{parts['rest'] or ''}"

    @property
    def version(self) -> int:
        """The server's version as libpq states it: 150004 is 15.4."""
        with self._lock:
            return self._connected().info.server_version

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database and return its URL.

        Args:
            name: Its name, as it stands in the catalog (unquoted).
            template: The database to clone, to which nobody may be connected; None for an empty one.

        Raises:
            DatabaseError: The server refuses.
        """
        sql = f"CREATE DATABASE {names.quote(name)}"
        if template is not None:
            sql += f" TEMPLATE {names.quote(template)}"
        # Copying files beats writing every block to WAL, and is safe where nothing need survive a crash.
        if self.version >= _STRATEGY_SINCE:
            sql += " STRATEGY file_copy"
        self._execute(sql)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, a template too, whoever is connected to it; if there is none of that name, do nothing."""
        sealed = "SELECT FROM pg_catalog.pg_database WHERE datistemplate AND datname = "
        if self._execute(sealed + names.literal(name)):
            self._execute(f"ALTER DATABASE {names.quote(name)} IS_TEMPLATE false")
        self._execute(f"DROP DATABASE IF EXISTS {names.quote(name)} WITH (FORCE)")

    def make_template(self, name: str) -> None:
        """Seal a database: it can be cloned, and nobody can connect to it, which would hinder the cloning."""
        self._execute(f"ALTER DATABASE {names.quote(name)} IS_TEMPLATE true ALLOW_CONNECTIONS false")

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        """The one connection for administration: opening it anew would cost a third of a clone."""
        if self._connection is None or self._connection.closed:
            try:
                self._connection = psycopg.connect(self._url, autocommit=True, application_name="pgcontract")
            except psycopg.Error as error:
                raise DatabaseError(_first_line(error)) from error
        return self._connection

    def _execute(self, sql: str) -> int:
        """Run a statement that was built from quoted names; return the number of rows."""
        statement: Query = sql.encode()
        with self._lock:
            try:
                return self._connected().execute(statement).rowcount
            except psycopg.Error as error:
                raise DatabaseError(_first_line(error)) from error


def _first_line(error: psycopg.Error) -> str:
    """Postgres's message without the excerpt of the statement."""
    return str(error.diag.message_primary or error).partition("\n")[0]
