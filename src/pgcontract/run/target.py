"""From what a user calls the database (a URL, an engine, a connection) to a connection that is safe to read with."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from pgcontract.catalog.pooled import Pooled
from pgcontract.errors import DatabaseError
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import sqlalchemy

Connection: TypeAlias = psycopg.Connection[Any]
Target: TypeAlias = "str | psycopg.Connection[Any] | sqlalchemy.Engine | sqlalchemy.Connection"
"""A URL or libpq connection string, a psycopg connection, or SQLAlchemy's engine or connection."""

APPLICATION = "pgcontract"
_URL = re.compile(r"(?P<dialect>[A-Za-z][A-Za-z0-9.-]*)(?:\+\w+)?://")
_ESCAPED = "In a URL, write what is special in the user or the password as %XX: @ is %40, / is %2F, % is %25."
_FORM = "Write a URL, postgresql://user@host:5432/database, or host=… dbname=… as libpq takes them."


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds; 0 for ever.

    Attributes:
        connect: For a connection.
        statement: For any one statement.
        lock: For any one lock.
    """

    connect: int = 10
    statement: float = 60
    lock: float = 5


@contextmanager
def connected(target: Target, timeouts: Timeouts = Timeouts()) -> Generator[Connection]:  # noqa: B008 - frozen
    """A connection to the target; one that we opened is closed, one that was given is left as it was.

    Raises:
        DatabaseError: It cannot be reached, or is not PostgreSQL by psycopg 3.
    """
    given = _given(target)
    if given is not None:
        _require_usable(given)
        yield given
        return
    connection = _open(conninfo(target), timeouts)
    try:
        yield connection
    finally:
        connection.close()


def _require_usable(connection: Connection) -> None:
    if connection.closed:
        raise DatabaseError("the connection that was given is closed")
    if connection.info.transaction_status == TransactionStatus.INERROR:
        raise DatabaseError(
            "the transaction of the connection that was given has failed", hint="Roll it back before verifying."
        )


def _given(target: Target) -> Connection | None:
    if isinstance(target, psycopg.Connection):
        return target
    raw = getattr(getattr(target, "connection", None), "driver_connection", None)
    if raw is None or isinstance(raw, psycopg.Connection):
        return raw
    raise DatabaseError(
        f"this SQLAlchemy connection speaks through {type(raw).__module__.split('.')[0]}; pgcontract needs psycopg 3",
        hint="Make its engine with postgresql+psycopg://, or give the URL instead of the connection.",
    )


def conninfo(target: object) -> str:
    """The libpq connection string of a URL (SQLAlchemy's `postgresql+driver://` too) or of an engine.

    Raises:
        DatabaseError: It is neither.
    """
    url = getattr(target, "url", None) if hasattr(target, "dialect") else None
    if url is not None:
        target = url.render_as_string(hide_password=False)
    if not isinstance(target, str):
        raise DatabaseError(f"a database is a URL, an engine or a connection, not {type(target).__name__}")
    found = _URL.match(target)
    if found is not None and found["dialect"] not in {"postgres", "postgresql"}:
        dialect = found["dialect"]
        raise DatabaseError(f"{dialect}:// is not PostgreSQL", hint="Give a URL that begins with postgresql://.")
    if found is not None:
        target = f"postgresql://{target[found.end() :]}"
        _require_plain(target[len("postgresql://") :])
    try:
        given = {key: str(value) for key, value in conninfo_to_dict(target).items() if value is not None}
        return make_conninfo(**given)
    except (psycopg.ProgrammingError, UnicodeError) as error:
        # What libpq quotes may be a piece of the password.
        message = str(error).strip().replace('missing "=" after', "an = is missing").split('"', 1)[0].strip(" :")
        hint = _FORM if found is None else _ESCAPED
        raise DatabaseError(f"the connection string cannot be read: {message}", hint=hint) from None


def _require_plain(rest: str) -> None:
    """Refuse a URL whose password libpq would take for a host, port or database, and then print.

    Raises:
        DatabaseError: The password holds an `@` or a `/` as it is.
    """
    authority, _, tail = rest.partition("/")
    hosts = authority.rpartition("@")[2].split(",")
    ports = [host.rpartition("]")[2].rpartition(":")[2] for host in hosts if ":" in host.rpartition("]")[2]]
    if authority.count("@") > 1 or "@" in tail.partition("?")[0] or any(not port.isdigit() for port in ports if port):
        raise DatabaseError(
            "the connection string cannot be read: its host, port or password is not one", hint=_ESCAPED
        )


def _open(text: str, timeouts: Timeouts) -> Connection:
    parameters: dict[str, Any] = {"connect_timeout": timeouts.connect, "application_name": APPLICATION}
    parameters |= {key: value for key, value in conninfo_to_dict(text).items() if value is not None}
    parameters["client_encoding"] = "UTF8"
    settings = _settings(timeouts)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given = parameters.get("options") or os.environ.get("PGOPTIONS", "")
    try:
        return psycopg.connect(**{**parameters, "options": f"{given} {options}".strip()}, autocommit=True)
    except psycopg.OperationalError as error:
        if "unsupported startup parameter" not in str(error):
            raise unreachable(error, parameters) from None
    return _open_through_pooler(parameters, settings)


def _open_through_pooler(parameters: dict[str, Any], settings: Mapping[str, str]) -> Connection:
    """Some poolers refuse start-up options: then each transaction sets them for itself, before anything else runs."""
    parameters.pop("options", None)
    try:
        connection = Pooled.connect(**parameters, autocommit=True)
    except psycopg.OperationalError as error:
        raise unreachable(error, parameters) from None
    connection.local = settings
    return connection


def _settings(timeouts: Timeouts) -> dict[str, str]:
    return {
        "search_path": "",
        "statement_timeout": str(round(timeouts.statement * 1000)),
        "lock_timeout": str(round(timeouts.lock * 1000)),
        "idle_in_transaction_session_timeout": "600000",
    }


_ADVICE = (
    ("password authentication failed", "Check the user and the password."),
    ("no password supplied", "Put the password into the URL, PGPASSWORD or a .pgpass file."),
    ("does not exist", "Check the name of the database and of the role."),
    ("could not translate host name", "Check the host's name, and that you are on its network."),
    ("failed to resolve host", "Check the host's name, and that you are on its network."),
    ("Connection refused", "Check host and port, and that the server is running."),
    ("timeout", "Check host and port, and that no firewall stands between."),
    (
        "No such file or directory",
        "Is the server running, and is this its socket directory? Else give a URL with a host.",
    ),
    ("no pg_hba.conf entry", "The server refuses this user from this host; ask whoever administers it."),
    ("SSL", "Try sslmode=require or sslmode=disable in the URL."),
    ("too many", "The server has no connection left; try again later or through a pooler."),
)


def unreachable(error: psycopg.Error, parameters: Mapping[str, Any]) -> DatabaseError:
    """One clear line about a connection that failed, without the password whatever the driver says."""
    lines = [line.strip() for line in str(error).split("\n") if line.strip() and not line.strip().endswith("?")]
    message = lines[-1] if lines else type(error).__name__
    message = message.removeprefix("connection failed: ")
    secret = parameters.get("password")
    if secret:
        message = message.replace(str(secret), "***")
    where = parameters.get("host") or parameters.get("service") or os.environ.get("PGHOST") or "the local socket"
    hint = next((advice for words, advice in _ADVICE if words in str(error)), None)
    return DatabaseError(f"cannot reach the database on {where}: {message}", hint=hint)
