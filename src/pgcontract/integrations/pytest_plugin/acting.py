"""A session for tests of row-level security: act as somebody, see what they see, and leave nothing behind."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from pgcontract.contract.principals import Principal
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.errors import DatabaseError
from pgcontract.integrations.pytest_plugin.databases import in_words
from pgcontract.run.loaded import execute
from pgcontract.run.probe import refused, request_claims, require_no_end
from pgcontract.run.target import conninfo, unreachable

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

DENIED = "42501"
"""A privilege was missing, or a policy refused the row."""

_SUPABASE = frozenset({"anon", "authenticated", "service_role"})


class PgSession:
    """A connection in a transaction that is rolled back at the end of the test.

    Each statement is in a savepoint of its own, so one that Postgres refuses leaves the session usable.

    Attributes:
        connection: psycopg's, for whatever this has no word for.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._depth = 0

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; values go as parameters (`%s`).

        Raises:
            Refused: Postgres refused it; the message is Postgres's, `sqlstate` its code.
        """
        __tracebackhide__ = True
        cursor = self._run(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    def dicts(self, statement: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The same, each row by the names of its columns."""
        __tracebackhide__ = True
        cursor = self._run(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in (cursor.fetchall() if names else ())]

    def value(self, statement: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None where there is no row."""
        __tracebackhide__ = True
        return next((row[0] for row in self.rows(statement, parameters)), None)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement touched or gave. What it did stays until the block around it ends.

        An update or delete of rows that a policy hides touches none, and is not refused.
        """
        __tracebackhide__ = True
        return self._run(statement, parameters).rowcount

    def as_user(self, id: object, **claims: Any) -> AbstractContextManager[PgSession]:  # noqa: A002 - as people say
        """Inside, statements run as a user of Supabase's who is signed in, with that id and further claims."""
        usual = {"aud": "authenticated", "is_anonymous": False, "app_metadata": {}, "user_metadata": {}}
        return self.as_role("authenticated", {"sub": str(id), **usual, **claims})

    def anon(self) -> AbstractContextManager[PgSession]:
        """Inside, statements run as somebody without an account."""
        return self.as_role("anon", {})

    def service_role(self) -> AbstractContextManager[PgSession]:
        """Inside, statements run as the server, which row-level security does not bind."""
        return self.as_role("service_role", {})

    def as_role(
        self, role: str, claims: Mapping[str, Any] | None = None, settings: Mapping[str, str] | None = None
    ) -> AbstractContextManager[PgSession]:
        """Inside, statements run as the role, with the claims of a request and settings such as `app.tenant_id`."""
        return self.acting(Principal(role, role, claims, settings or {}))

    def acting(self, principal: Principal) -> AbstractContextManager[PgSession]:
        """Inside, statements run as the principal; at the end, all that they did is rolled back. Blocks nest.

        Entering raises:
            CannotProbe: Whoever is connected may not become it, or there is no such role.
        """
        return _Acting(self, principal)

    def raises(self, sqlstate: str | None = None) -> AbstractContextManager[None]:
        """Inside, Postgres is to refuse something, with that code where one is given: `23505` is unique_violation.

        Leaving raises:
            AssertionError: Nothing was refused, or with another code.
        """
        return _Refusal(sqlstate)

    def denied(self) -> AbstractContextManager[None]:
        """Inside, a privilege is to be missing, or a policy to refuse a row (`42501`)."""
        return self.raises(DENIED)

    def enter(self) -> str:
        """Begin a savepoint, and give its name."""
        self._depth += 1
        name = f"pgcontract_{self._depth}"
        execute(self.connection, f"savepoint {name}")
        return name

    def leave(self, name: str) -> None:
        """Roll back to a savepoint, and end it; a connection that is lost needs no end."""
        if not self.connection.closed:
            execute(self.connection, f"rollback to savepoint {name}")
            execute(self.connection, f"release savepoint {name}")
        self._depth -= 1

    def _run(self, statement: str, parameters: Sequence[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        __tracebackhide__ = True
        require_no_end(statement)
        name = self.enter()
        try:
            cursor = execute(self.connection, statement, parameters or None)
        except psycopg.Error as error:
            if self.connection.closed:
                raise
            self.leave(name)
            raise refused(error) from None
        execute(self.connection, f"release savepoint {name}")
        self._depth -= 1
        return cursor


class _Acting:
    """A block in which a session acts as a principal. It is no generator, so that tracebacks show the test alone."""

    def __init__(self, session: PgSession, principal: Principal) -> None:
        self._session = session
        self._principal = principal
        self._savepoint = ""

    def __enter__(self) -> PgSession:
        __tracebackhide__ = True
        who = self._principal
        settings = {**who.settings, "request.jwt.claims": request_claims(who.role, who.claims)}
        if who.login is not None:
            settings["session_authorization"] = who.login
        self._savepoint = self._session.enter()
        try:
            for name, value in {**settings, "role": who.role}.items():
                execute(self._session.connection, "select pg_catalog.set_config(%s, %s, true)", [name, value])
        except psycopg.Error as error:
            self._session.leave(self._savepoint)
            advice = "; Supabase's roles are made by the setup `supabase`" if who.role in _SUPABASE else ""
            raise CannotProbe(f"cannot act as {who.name}: {refused(error)}{advice}") from None
        return self._session

    def __exit__(self, *_: object) -> None:
        self._session.leave(self._savepoint)


class _Refusal:
    """A block in which something is to be refused."""

    def __init__(self, sqlstate: str | None) -> None:
        self._sqlstate = sqlstate

    def __enter__(self) -> None:
        """Nothing has been refused yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        __tracebackhide__ = True
        if error is None:
            raise AssertionError("nothing was refused")
        if not isinstance(error, Refused):
            return False
        if self._sqlstate not in {None, error.sqlstate}:
            raise AssertionError(f"refused with {error.sqlstate}, where {self._sqlstate} was due: {error}") from None
        return True


@contextmanager
def opened(url: str) -> Generator[PgSession]:
    """A session on the database, whose transaction is rolled back.

    Raises:
        pytest.fail.Exception: The database cannot be reached; nothing but the reason is shown.
    """
    connection = _connected(url)
    try:
        yield PgSession(connection)
    finally:
        with suppress(psycopg.Error):
            connection.rollback()
        connection.close()


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        text = conninfo(url)
        try:
            return psycopg.connect(text, application_name="pgcontract")
        except psycopg.OperationalError as error:
            raise unreachable(error, conninfo_to_dict(text)) from None
    except DatabaseError as error:
        raise pytest.fail.Exception(in_words(error), pytrace=False) from None
