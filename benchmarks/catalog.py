"""How fast is the catalog lane? Ours and its peers, on one database, in one run.

    python benchmarks/catalog.py [--database alike|varied] [--tables 1000] [--runs 5] [--bin /usr/lib/postgresql/15/bin]

It starts a server of its own from `--bin` (a server that has pgTAP, such as Debian's postgresql-15 with
postgresql-15-pgtap; without pgTAP that row is left out), builds a database of N tables of 10 columns, each with a
primary key, two indexes, a foreign key and a policy, and a contract of ten expectations a table. In the database
`varied` no table is like another, and each has two checks more. Each figure is the median of the runs, in turn, so
that a drift of the machine's speed hits all alike; the least stands beside it, and the machine's load above.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import peers
import psycopg
from databases import DATABASES
from servers import server, timed

from pgcontract.catalog.garbage import uncollected
from pgcontract.catalog.snapshot import read
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.run.requirements import closure
from pgcontract.run.runner import look, verify
from pgcontract.run.target import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract import Suite

Measured = dict[str, list[float]]
T = TypeVar("T")


def build(url: str, ddl: Sequence[str]) -> None:
    """Make the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("\n;".join(ddl).encode())
        connection.execute("vacuum analyze")


def measure(url: str, suite: Suite, runs: int, binaries: Path) -> Measured:
    """All contestants, in turn, `runs` times after one warm-up."""
    works: dict[str, Callable[[], object]] = {
        "raw catalog queries into tuples": lambda: peers.raw(url),
        "pgcontract: snapshot": lambda: snapshot(url),
        "pgcontract: verify": lambda: holds(suite, url),
        "pg_dump --schema-only": lambda: peers.pg_dump(url, binaries),
        "SQLAlchemy get_multi_*": lambda: peers.reflect(url),
    }
    if peers.has_pgtap(url):
        script = peers.pgtap_script(suite)
        works["pgTAP through psql"] = lambda: peers.pgtap(url, binaries, script)
    measured: Measured = {name: [] for name in works}
    for run in range(runs + 1):
        for name, work in works.items():
            if run and "pgTAP" in name and run > 1:
                continue  # it takes minutes, and its ratio is not in doubt
            seconds = timed(work)
            if run or "pgTAP" in name:
                measured[name].append(seconds)
    return measured


def snapshot(url: str) -> None:
    """Our reader on a connection that is open, as the raw queries are."""
    with psycopg.connect(url, options="-c search_path=") as connection:
        read(connection)


def holds(suite: Suite, url: str) -> None:
    """The whole of verify; it must hold, or the wrong thing is measured."""
    report = verify(suite, url)
    if not report.passed or any(report.having("skipped")):
        sys.exit(f"the contract does not hold: {report.summary}")


def pure(suite: Suite, url: str) -> float:
    """Microseconds an expectation: `check` alone, on a catalog that has been read."""
    with connected(url) as connection:
        catalog = look(connection, suite)
    checks = [expectation for expectation in suite if isinstance(expectation, CatalogExpectation)]

    def check_all() -> None:
        for expectation in checks:
            for _ in expectation.check(catalog):
                sys.exit(f"{expectation!r} does not hold")

    return statistics.median(timed(check_all) for _ in range(5)) / len(checks) * 1e6


def parts(suite: Suite, url: str, runs: int) -> Iterator[tuple[str, float]]:
    """Milliseconds of this process's own time in each part of a run, medians; the server's time is not in them."""
    spent: dict[str, list[float]] = defaultdict(list)

    def part(name: str, work: Callable[..., T], *seen: object) -> T:
        began = time.process_time()
        result = work(*seen)
        spent[name].append((time.process_time() - began) * 1000)
        return result

    for _ in range(runs):
        with connected(url) as connection, uncollected():
            part("reading the catalogs", read, connection)
            catalog = part("reading, and what the contract says", look, connection, closure(suite))
            report = part("judging", verify, suite, catalog)
            part("report.json, and the words in it", report.render, "json")
            part("report.html", report.render, "html")
    return ((name, statistics.median(values)) for name, values in spent.items())


def python(program: str) -> None:
    """Run a program in a process of its own."""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def imports() -> Iterator[tuple[str, float]]:
    """Milliseconds for what people wait for first, a median of 7 whole processes less an empty one."""
    programs = {
        "import pgcontract": "import pgcontract",
        "import sqlalchemy": "import sqlalchemy",
        "import psycopg": "import psycopg",
        "pgcontract --version": "import sys; sys.argv = ['pgcontract', '--version']; "
        "import pgcontract.cli; pgcontract.cli.main()",
    }
    for name, program in programs.items():
        yield name, statistics.median(timed(partial(python, program)) for _ in range(7))


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="alike")
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bin", type=Path, default=Path("/usr/lib/postgresql/15/bin"))
    arguments = parser.parse_args()
    ddl, suite = DATABASES[arguments.database](arguments.tables)
    with server(arguments.bin) as url:
        build(url, ddl)
        measured = measure(url, suite, arguments.runs, arguments.bin)
        each = pure(suite, url)
        trips = peers.round_trips(suite, url)
        own = list(parts(suite, url, arguments.runs))
    raw = statistics.median(measured["raw catalog queries into tuples"])
    load = os.getloadavg()[0]
    print(f"{arguments.tables} {arguments.database} tables, {len(suite)} expectations, load {load:.1f}")
    for name, seconds in measured.items():
        median = statistics.median(seconds)
        least = f"at least {min(seconds) * 1000:8.1f} ms"
        print(f"  {name:34} {median * 1000:10.1f} ms   {median / raw:6.2f} x the raw queries   {least}")
    print(f"  pure check                         {each:10.2f} us an expectation")
    for name, milliseconds in own:
        print(f"  own time: {name:34}   {milliseconds:10.1f} ms")
    print(f"  round trips of verify              {trips:10}")
    print(f"  peak memory of this process        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MB")
    for name, seconds_ in imports():
        print(f"  {name:34} {seconds_ * 1000:10.1f} ms")


if __name__ == "__main__":
    main()
