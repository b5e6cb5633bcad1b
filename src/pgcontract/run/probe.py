"""The session that probes act in: roles, claims, savepoints, and a transaction that is always rolled back."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import psycopg

from pgcontract.catalog.effective import may_set_role
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.names import quote
from pgcontract.run.statements import execute, rolled_back

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog

Probes: TypeAlias = Literal["off", "read", "rollback"]
"""What probes may do: nothing, read, or also write inside the transaction that is rolled back."""

_ENDS = re.compile(
    r"(?:^|;)\s*(?:commit|end|rollback|abort|begin|start|savepoint|release|prepare\s+transaction)\b", re.IGNORECASE
)


class RolledBack:
    """A `Session` on a connection. Everything is in savepoints of one transaction, which is rolled back at the end."""

    def __init__(self, connection: psycopg.Connection[Any], catalog: Catalog, *, may_write: bool) -> None:
        self._connection = connection
        self._depth = 0
        self.catalog = catalog
        self.may_write = may_write

    @contextmanager
    def acting_as(
        self, role: str, claims: Mapping[str, Any] | None = None, settings: Mapping[str, str] | None = None
    ) -> Generator[None]:
        """Inside, statements run as the role, with the claims and settings, in a savepoint that is rolled back."""
        if role not in may_set_role(self.catalog, self.catalog.server.user):
            self.catalog.roles[role]  # a role that is not there is missing, not forbidden
            raise CannotProbe(f"{self.catalog.server.user} may not act as {role}: it is not a member of that role")
        with self._savepoint():
            self.rows("select pg_catalog.set_config('request.jwt.claims', %s, true)", [_claims(role, claims)])
            for name, value in (settings or {}).items():
                self.rows("select pg_catalog.set_config(%s, %s, true)", [name, value])
            self.rows("select pg_catalog.set_config('role', %s, true)", [role])
            yield

    @contextmanager
    def trial(self) -> Generator[None]:
        """Inside, whatever is done is done in a savepoint that is rolled back, roles and settings too."""
        with self._savepoint():
            yield

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows; where it is refused, only its own savepoint is rolled back."""
        with self._refusable():
            cursor = self._execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def count(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement, give the number of rows it touched or returned, and roll it back."""
        with self._savepoint(), self._refusable():
            return self._execute(statement, parameters).rowcount

    def _execute(self, statement: str, parameters: Sequence[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        if _ENDS.search(statement):
            raise ValueError(f"a probe may not begin or end a transaction, which is rolled back for it: {statement}")
        return execute(self._connection, statement, parameters or None)

    @contextmanager
    def _refusable(self) -> Generator[None]:
        name = self._enter()
        try:
            yield
        except psycopg.OperationalError as error:
            if self._connection.closed:
                raise
            self._leave(name)
            raise Refused(_first_line(error), error.sqlstate or "") from error
        except psycopg.Error as error:
            self._leave(name)
            raise Refused(_first_line(error), error.sqlstate or "") from error
        else:
            execute(self._connection, f"release savepoint {name}")
            self._depth -= 1

    @contextmanager
    def _savepoint(self) -> Generator[None]:
        name = self._enter()
        try:
            yield
        finally:
            if not self._connection.closed:
                self._leave(name)

    def _enter(self) -> str:
        self._depth += 1
        name = f"pgcontract_{self._depth}"
        execute(self._connection, f"savepoint {name}")
        return name

    def _leave(self, name: str) -> None:
        execute(self._connection, f"rollback to savepoint {name}")
        execute(self._connection, f"release savepoint {name}")
        self._depth -= 1


@contextmanager
def probing(connection: psycopg.Connection[Any], catalog: Catalog, *, may_write: bool) -> Generator[RolledBack]:
    """A session in a transaction that is rolled back; read-only unless it may write.

    In a transaction that is open already, a savepoint is rolled back instead.
    """
    with rolled_back(connection, "pgcontract_probes", read_only=not may_write):
        _prepare(connection, catalog)
        yield RolledBack(connection, catalog, may_write=may_write)


def _prepare(connection: psycopg.Connection[Any], catalog: Catalog) -> None:
    """The search path that applications have: `public` and the extensions' schemas.

    Our own statements qualify every name; the path is for functions that were written without one of their own.
    """
    schemas = dict.fromkeys(["public", *sorted(extension.schema for extension in catalog.extensions.values())])
    execute(connection, "select pg_catalog.set_config('search_path', %s, true)", [", ".join(map(quote, schemas))])


def _claims(role: str, claims: Mapping[str, Any] | None) -> str:
    return json.dumps({"role": role, **(claims or {})}, default=str)


def _first_line(error: psycopg.Error) -> str:
    return error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]
