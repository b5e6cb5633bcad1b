"""The session that probes act in: roles, claims, savepoints, and a transaction that is always rolled back."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import psycopg

from pgcontract.catalog.effective import may_set_role
from pgcontract.contract.principals import Principal
from pgcontract.contract.session import CannotProbe, OutOfReach, Refused
from pgcontract.errors import unless_interrupted
from pgcontract.names import quote
from pgcontract.run.guard import Guard
from pgcontract.run.refusal import refusal
from pgcontract.run.statements import execute, rolled_back

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from pgcontract.catalog.catalog import Catalog

Probes: TypeAlias = Literal["off", "read", "rollback", "shadow"]
"""What probes may do: nothing, read, also write inside the transaction that is rolled back, or that on a copy."""

LONGEST_WAIT_MS = 2000
"""How long a probe waits for a lock, at most."""

_ENDS = re.compile(
    r"(?:^|;)\s*(?:commit|end|rollback|abort|begin|start|savepoint|release|prepare\s+transaction)\b", re.IGNORECASE
)


class RolledBack:
    """A `Session` on a connection. Everything is in savepoints of one transaction, which is rolled back at the end.

    Attributes:
        values: Whether what stands in rows may be shown, such as in messages of the server's.
        absent: What the database has and this session has not, or not whole, by name, and why: in a shadow alone.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        catalog: Catalog,
        *,
        may_write: bool,
        principals: Iterable[Principal] = (),
        guard: Guard | None = None,
    ) -> None:
        self._connection = connection
        self._depth = 0
        self.values: bool = True
        self.absent: Mapping[str, str] = {}
        self._guard = guard or Guard(connection, catalog, holds=may_write)
        self.catalog = catalog
        self.may_write = may_write
        self.principals: Mapping[str, Principal] = {principal.name: principal for principal in principals}

    def principal(self, name: str) -> Principal:
        """The principal of that name, or else whoever acts as the role of that name, with nothing but its role."""
        if name in self.principals:
            return self.principals[name]
        return Principal(name, self.catalog.roles[name].name, {})

    @contextmanager
    def acting(self, principal: Principal) -> Generator[None]:
        """Inside, statements run as the principal, in a savepoint that is rolled back."""
        require(self.catalog, principal)
        settings = {**principal.settings, "request.jwt.claims": request_claims(principal.role, principal.claims)}
        if principal.login is not None:
            settings["session_authorization"] = principal.login
        with self._savepoint():
            for name, value in {**settings, "role": principal.role}.items():
                self.rows("select pg_catalog.set_config(%s, %s, true)", [name, value])
            yield

    def acting_as(
        self, role: str, claims: Mapping[str, Any] | None = None, settings: Mapping[str, str] | None = None
    ) -> AbstractContextManager[None]:
        """Inside, statements run as the role, with the claims and settings, in a savepoint that is rolled back."""
        made = Principal.model_construct(name=role, role=role, claims=claims or {}, settings=settings or {}, login=None)
        return self.acting(made)

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
        require_no_end(statement)
        with self._guard.admitted(statement.replace("%%", "%") if parameters else statement, self._depth):
            return execute(self._connection, statement, parameters or None)

    @contextmanager
    def _refusable(self) -> Generator[None]:
        name = self._enter()
        try:
            yield
        except psycopg.OperationalError as error:
            unless_interrupted(error)
            if self._connection.closed:
                raise
            self._leave(name)
            raise self._refused(error) from (error if self.values else None)
        except psycopg.Error as error:
            unless_interrupted(error)
            self._leave(name)
            if (reason := self._guard.excused(error)) is not None:
                raise OutOfReach(reason) from error
            raise self._refused(error) from (error if self.values else None)
        except OutOfReach:
            self._leave(name)
            raise
        else:
            execute(self._connection, f"release savepoint {name}")
            self._guard.kept(self._depth)
            self._depth -= 1

    def _refused(self, error: psycopg.Error) -> Refused:
        return refused(error) if self.values else refused(error, refusal(error).said((), masked=True))

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
        self._guard.undone(self._depth)
        self._depth -= 1


def require(catalog: Catalog, principal: Principal) -> None:
    """Do nothing if whoever is connected may become the principal.

    Raises:
        CannotProbe: It may not; the reason says what it needs.
        MissingObjectError: There is no such role.
    """
    user, login = catalog.roles[catalog.server.user], principal.login
    if login is not None:
        catalog.roles[login]  # a role that is not there is missing, not forbidden
        if not user.superuser and login != user.name:
            raise CannotProbe(f"{user.name} may not log in as {login} for {principal.name}: only a superuser may")
    as_whom = login or user.name
    if principal.role not in may_set_role(catalog, as_whom):
        catalog.roles[principal.role]
        raise CannotProbe(f"{as_whom} may not act as {principal.role}: it is not a member of that role")


def require_no_end(statement: str) -> None:
    """Do nothing if the statement leaves the transaction alone.

    Raises:
        ValueError: It begins or ends one.
    """
    if _ENDS.search(statement):
        raise ValueError(f"a probe may not begin or end a transaction, which is rolled back for it: {statement}")


def refused(error: psycopg.Error, shown: str | None = None) -> Refused:
    """What Postgres said, as a result; shown as its message unless other words are given."""
    return Refused(_first_line(error), error.sqlstate or "", error.diag.constraint_name or "", shown=shown)


@contextmanager
def probing(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    *,
    may_write: bool,
    principals: Iterable[Principal] = (),
    guard: Guard | None = None,
) -> Generator[RolledBack]:
    """A session in a transaction that is rolled back; read-only unless it may write.

    In a transaction that is open already, a savepoint is rolled back instead. On a standby, and wherever else
    transactions are read-only, the session may not write either.
    """
    with rolled_back(connection, "pgcontract_probes", read_only=not may_write):
        _prepare(connection, catalog)
        may_write = may_write and not _is_read_only(connection)
        yield RolledBack(connection, catalog, may_write=may_write, principals=principals, guard=guard)


def _prepare(connection: psycopg.Connection[Any], catalog: Catalog) -> None:
    """The search path that applications have: `public` and the extensions' schemas.

    Our own statements qualify every name; the path is for functions that were written without one of their own. What
    waits for a lock makes others wait behind it, so that is short, whatever the connection was told.
    """
    asked = "select setting::pg_catalog.int4 from pg_catalog.pg_settings where name = 'lock_timeout'"
    if not 0 < execute(connection, asked).fetchall()[0][0] <= LONGEST_WAIT_MS:
        execute(connection, "select pg_catalog.set_config('lock_timeout', %s, true)", [str(LONGEST_WAIT_MS)])
    schemas = dict.fromkeys(["public", *sorted(extension.schema for extension in catalog.extensions.values())])
    execute(connection, "select pg_catalog.set_config('search_path', %s, true)", [", ".join(map(quote, schemas))])


def _is_read_only(connection: psycopg.Connection[Any]) -> bool:
    asked = "select setting = 'on' from pg_catalog.pg_settings where name = 'transaction_read_only'"
    return bool(execute(connection, asked).fetchall()[0][0])


def request_claims(role: str, claims: Mapping[str, Any] | None) -> str:
    """The setting `request.jwt.claims` of whoever acts as the role; empty where there is no request."""
    return "" if claims is None else json.dumps({"role": role, **claims}, default=str)


def _first_line(error: psycopg.Error) -> str:
    return error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]
