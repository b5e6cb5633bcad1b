"""The peers that our benchmarks measure beside us."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy

from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract import Suite

NOBODY = 65534

RAW = (Path(__file__).parent / "raw.sql").read_text(encoding="utf-8").strip().rstrip(";").split(";")


def as_ordinary_user(folder: Path) -> Callable[[Sequence[object]], None]:
    """A way to run commands that root may not run: as nobody, who gets the folder."""
    identity: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    if identity:
        os.chown(folder, NOBODY, NOBODY)

    def run(command: Sequence[object]) -> None:
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, cwd=folder, **identity)

    return run


def raw(url: str) -> None:
    """The naive queries, into tuples."""
    with psycopg.connect(url, options="-c search_path=") as connection:
        for query in RAW:
            connection.execute(query.encode()).fetchall()


def pg_dump(url: str, binaries: Path) -> None:
    """The schema as SQL."""
    subprocess.run([binaries / "pg_dump", "--schema-only", url], check=True, stdout=subprocess.DEVNULL)


def reflect(url: str) -> None:
    """SQLAlchemy's reflection at its fastest."""
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    inspector = sqlalchemy.inspect(engine)
    for name in ("columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints"):
        getattr(inspector, f"get_multi_{name}")()
    engine.dispose()


def has_pgtap(url: str) -> bool:
    """Whether the server has pgTAP's files; then it is installed."""
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("select 1 from pg_available_extensions where name = 'pgtap'").fetchone()
        if there:
            connection.execute("create schema if not exists tap; create extension if not exists pgtap schema tap")
    return bool(there)


def pgtap_script(suite: Suite) -> str:
    """The suite in pgTAP's words; what it cannot say (row-level security) is said by the nearest it has."""
    assertions = [assertion for expectation in suite for assertion in _assertion(expectation)]
    head = f"set search_path = tap, public;\nbegin;\nselect plan({len(assertions)});\n"
    return head + "".join(f"select {assertion};\n" for assertion in assertions) + "select * from finish();\nrollback;\n"


def _assertion(expectation: object) -> Iterator[str]:
    fields = expectation.__dict__
    table = str(fields["table"]).split(".")[1]
    on = f"'public', '{table}'"
    match type(expectation).__name__:
        case "TableExists":
            yield f"has_table({on}, 'x')"
        case "ColumnExists":
            yield f"has_column({on}, '{fields['column']}', 'x')"
        case "ColumnType":
            yield f"col_type_is({on}, '{fields['column']}', '{fields['type']}', 'x')"
        case "PrimaryKey":
            yield f"col_is_pk({on}, '{fields['columns'][0]}', 'x')"
        case "ForeignKey":
            target = str(fields["references"]).split(".")[1].split("(")[0]
            yield f"fk_ok({on}, '{fields['columns'][0]}', 'public', '{target}', 'id')"
        case "IndexPresent":
            yield f"has_index({on}, '{table}_user_id_created_at_idx', 'x')"
        case "RlsEnabled":
            yield f"policies_are({on}, array['owner'])"
        case "PolicyPresent":
            yield f"policy_cmd_is({on}, 'owner', 'ALL', 'x')"
        case _:
            yield f"policies_are({on}, array['owner'])"


def pgtap(url: str, binaries: Path, script: str) -> None:
    """The assertions, one a statement, through psql."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(binaries / "psql"), "-X", "-q", "-A", "-t", "-d", url, "-f", file.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    if "not ok" in done.stdout or "ok" not in done.stdout:
        raise SystemExit(f"pgTAP does not agree: {done.stdout[:2000]}{done.stderr[:2000]}")


def round_trips(suite: Suite, url: str) -> int:
    """How often verify waits for the server after the connection is open: Flush, Sync and Query end what is sent."""
    with tempfile.TemporaryFile() as file, psycopg.connect(url, autocommit=True) as connection:
        connection.pgconn.trace(file.fileno())
        verify(suite, connection)
        connection.pgconn.untrace()
        file.seek(0)
        sent = (line.split(b"\t")[2:4] for line in file if line.split(b"\t")[1:2] == [b"F"])
        return sum(word.strip() in {b"Flush", b"Sync", b"Query"} for words in sent for word in words)
