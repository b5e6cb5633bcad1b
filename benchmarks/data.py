"""How fast is the data lane? Ours, a hand-written aggregate, and Great Expectations, on one table, in one run.

    python benchmarks/data.py [--rows 1000000] [--runs 5] [--bin /usr/lib/postgresql/15/bin] [--peer VENV]

It starts a server of its own from `--bin`, makes a table of six columns without a constraint or an index, so that
nothing is known before its rows are read, and asks ten things of it, all of which hold: a row count, the set of
columns, two types, no NULL, unique, two ranges, a set, a pattern. Great Expectations is installed into a virtual
environment, which is kept in `--peer` if that is given. Each figure is the median of the runs, in turn, so that a drift
of the machine's speed hits all alike; the least stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from servers import server, timed

from pgcontract import (
    ColumnsAre,
    ColumnType,
    RowCount,
    Suite,
    ValueLengths,
    ValuesBetween,
    ValuesInSet,
    ValuesMatch,
    ValuesNotNull,
    ValuesUnique,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.expectation import Expectation

PEER = "great-expectations==1.24.1"
COLUMNS = ["id", "email", "status", "amount", "score", "created_at"]
STATES = ["new", "open", "paid", "void"]

# Whoever forbids bytecode measures the compiler of Python, not the programs.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

ROWS = """
create table events (
    id bigint, email text, status text, amount numeric(12,2), score double precision, created_at timestamptz
);
insert into events
select k, 'user' || k || '@example.com', (array['new', 'open', 'paid', 'void'])[1 + k % 4],
       (k::bigint * 7919 % 100000) / 100.0, (k::bigint * 104729 % 1000003) / 1000003.0, now() - k * interval '1 second'
from generate_series(1, {rows}) as k;
create table few as select * from events limit 10000;
"""

BY_HAND = """
select count(*), count(*) filter (where email is null), count(id), count(distinct id),
       count(*) filter (where not (amount between 0 and 1000)),
       count(*) filter (where not (score between 0 and 1)),
       count(*) filter (where status not in ('new', 'open', 'paid', 'void')),
       count(*) filter (where email !~ '^[^@]+@[^@]+$')
from events
"""

TYPES = "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'events'::regclass"


def ten(table: str = "events") -> Suite:
    """What the others are asked, too."""
    return Suite(
        "events",
        [
            RowCount(table, at_least=1, at_most=100_000_000),
            ColumnsAre(table, COLUMNS),
            ColumnType(table, "amount", "numeric(12,2)"),
            ColumnType(table, "score", "double precision"),
            ValuesNotNull(table, "email"),
            ValuesUnique(table, "id"),
            ValuesBetween(table, "amount", 0, 1000),
            ValuesBetween(table, "score", 0, 1),
            ValuesInSet(table, "status", STATES),
            ValuesMatch(table, "email", "^[^@]+@[^@]+$"),
        ],
    )


def hundred() -> Suite:
    """The ten, and ninety more on the same columns: ranges, sets, lengths, NULLs, row counts; no two are the same."""
    more: list[Expectation] = [ValuesNotNull("events", column) for column in COLUMNS if column != "email"]
    more += [ValuesBetween("events", "amount", -k, 1000 + k) for k in range(1, 21)]
    more += [ValuesBetween("events", "score", -k, 1 + k) for k in range(1, 21)]
    more += [ValueLengths("events", "email", at_most=100 + k) for k in range(15)]
    more += [ValueLengths("events", "status", at_least=1, at_most=10 + k) for k in range(10)]
    more += [RowCount("events", at_least=k) for k in range(2, 12)]
    more += [ValuesBetween("events", "id", 1, 10**9 + k) for k in range(10)]
    return ten() + Suite("more", more)


def by_hand(url: str) -> None:
    """One aggregate and one look at the catalog, as a careful person would write them."""
    with psycopg.connect(url) as connection:
        row = connection.execute(BY_HAND).fetchone()
        types: dict[str, str] = dict(connection.execute(TYPES).fetchall())
    if row is None or row[1] or row[2] != row[3] or any(row[4:]) or types["amount"] != "numeric(12,2)":
        sys.exit(f"the rows are not as they should be: {row}")


def holds(suite: Suite, url: str) -> None:
    """The whole of verify; it must hold, or the wrong thing is measured."""
    report = verify(suite, url)
    if not report.passed or any(report.having("skipped")):
        sys.exit(f"the contract does not hold: {report.summary}")


def process(command: list[str]) -> tuple[float, int]:
    """The peak memory of a process, in MB, and its exit status."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_ENVIRONMENT) as started:
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode and started.stderr is not None:
            sys.exit(started.stderr.read().decode())
    return usage.ru_maxrss / 1024, started.returncode


@contextmanager
def peer(folder: Path | None) -> Iterator[Path]:
    """The Python of a virtual environment that has Great Expectations."""
    with tempfile.TemporaryDirectory(prefix="pgcontract-benchmark-") as temporary:
        home = folder or Path(temporary) / "venv"
        python = home / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "-q", PEER, "psycopg2-binary"], check=True)
        yield python


def peer_address(url: str) -> str:
    """The URL in the form that Great Expectations takes: it wants a host, which the query then overrules."""
    return url.replace("postgresql://postgres@/", "postgresql+psycopg2://postgres@localhost/")


def asked_of_peer(python: Path, url: str, result_format: str) -> dict[str, Any]:
    """One run of Great Expectations, as it tells of itself."""
    script = Path(__file__).with_name("great_expectations_run.py")
    address = peer_address(url)
    done = subprocess.run(
        [str(python), str(script), address, result_format],
        capture_output=True,
        text=True,
        check=False,
        env=_ENVIRONMENT,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if not told["holds"]:
        sys.exit(f"Great Expectations does not agree: {told}")
    return told


def statements(url: str, log: Path, work: Callable[[str], object]) -> int:
    """How many statements that read the table the server gets for some work."""
    begin = len(log.read_text(encoding="utf-8", errors="replace"))
    loud = url + "&options=-c%20log_statement%3Dall%20-c%20log_min_messages%3Dlog"
    work(loud)
    new = log.read_text(encoding="utf-8", errors="replace")[begin:]
    texts = re.split(r"LOG:  (?=statement: |execute )", new)[1:]
    return sum(bool(re.search(r"\bfrom\s+(only\s+)?(public\.)?events\b", text, re.IGNORECASE)) for text in texts)


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bin", type=Path, default=Path("/usr/lib/postgresql/15/bin"))
    parser.add_argument("--peer", type=Path)
    arguments = parser.parse_args()
    with server(arguments.bin) as url, peer(arguments.peer) as python, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(ROWS.format(rows=arguments.rows).encode())
            connection.execute("vacuum analyze")
            where = connection.execute("show data_directory").fetchall()
        measure(url, python, Path(where[0][0]).parent / "log", Path(folder), arguments)


def measure(url: str, python: Path, log: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """All contestants, in turn."""
    commands = {table: _command(table, folder, url) for table in ("events", "few")}
    script = str(Path(__file__).with_name("great_expectations_run.py"))
    address = peer_address(url)
    works: dict[str, Callable[[], object]] = {
        "by hand, one aggregate": lambda: by_hand(url),
        "pgcontract: verify, 10 expectations": lambda: holds(ten(), url),
        "pgcontract: verify, 100 expectations": lambda: holds(hundred(), url),
        "pgcontract: the whole process": lambda: process(commands["events"]),
    }
    told: dict[str, list[dict[str, Any]]] = {"BOOLEAN_ONLY": [], "BASIC": []}
    measured: dict[str, list[float]] = {name: [] for name in works}
    whole = "Great Expectations: the whole process, {}"
    measured |= {whole.format(form): [] for form in told}
    for run in range(arguments.runs + 1):
        for name, work in works.items():
            seconds = timed(work)
            measured[name] += [seconds] if run else []
        for form, results in told.items():
            seconds = timed(lambda form=form, results=results: results.append(asked_of_peer(python, url, form)))  # type: ignore[misc]
            measured[whole.format(form)] += [seconds] if run else []
    measured |= {
        f"Great Expectations: validate, {form}": [result["validate"] for result in results[1:]]
        for form, results in told.items()
    }
    show(measured, arguments.rows)
    print("  statements that read the table")
    print(f"    pgcontract, 10 expectations      {statements(url, log, lambda loud: holds(ten(), loud)):6}")
    print(f"    pgcontract, 100 expectations     {statements(url, log, lambda loud: holds(hundred(), loud)):6}")
    for form in told:
        count = statements(url, log, lambda loud, form=form: asked_of_peer(python, loud, form))  # type: ignore[misc]
        print(f"    Great Expectations, {form:12} {count:6}")
    print("  peak memory of the process")
    print(f"    pgcontract, 10,000 rows          {process(commands['few'])[0]:6.0f} MB")
    print(f"    pgcontract, {arguments.rows:,} rows       {process(commands['events'])[0]:6.0f} MB")
    print(f"    Great Expectations               {process([str(python), script, address, 'BASIC'])[0]:6.0f} MB")


def _command(table: str, folder: Path, url: str) -> list[str]:
    """The command line that verifies a contract of the table."""
    path = folder / f"{table}.yaml"
    path.write_text(ten(table).to_yaml(), encoding="utf-8")
    return [sys.executable, "-m", "pgcontract", "verify", str(path), "--db", url]


def show(measured: dict[str, list[float]], rows: int) -> None:
    """The times, and what they are of the hand-written aggregate's."""
    base = statistics.median(measured["by hand, one aggregate"])
    print(f"{rows:,} rows of 6 columns, load {os.getloadavg()[0]:.1f}")
    for name, seconds in measured.items():
        median = statistics.median(seconds)
        least = f"at least {min(seconds) * 1000:8.1f} ms"
        print(f"  {name:50} {median * 1000:9.1f} ms {median / base:6.2f} x by hand   {least}")


if __name__ == "__main__":
    main()
