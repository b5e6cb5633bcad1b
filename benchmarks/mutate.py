"""How many mutants a second? In memory, and by their statements.

    python benchmarks/mutate.py [--tables 1000] [--real 100]

It starts a private server. `alike` is a database of N tables that are alike with ten expectations of each (see
`databases.py`), `example` the Supabase example with its own contract. In memory, all mutants are tried: first they are
made, then the contract is asked of each: those expectations that looked at what is changed (quickly), and of some
mutants all of them (in full). By DDL, `--real` mutants are made in a transaction, the catalogs read, the contract
verified without probes, and all is rolled back: what everybody does who has no catalog in memory; and then as `mutate
--real` does it, which judges only what differs, and lets probes act. The times are this process's, and for DDL also the
server's.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psycopg
from databases import alike

from pgcontract import Suite
from pgcontract.embedded import Server, apply_setup
from pgcontract.errors import DatabaseError
from pgcontract.lifecycle.mutation import mutants, sampled
from pgcontract.lifecycle.mutation.real import Trial
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.lifecycle.scope import Scope
from pgcontract.run.requirements import closure
from pgcontract.run.runner import look, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.lifecycle.mutation import Mutant

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "supabase"
IN_FULL = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """A database and its contract.

    Attributes:
        name: What the benchmark calls it.
        prepare: What makes it, given the URL of an empty database.
        suite: What holds on it.
    """

    name: str
    prepare: Callable[[str], None]
    suite: Suite


def subjects(tables: int) -> list[Subject]:
    """Those that are measured."""
    ddl, suite = alike(tables)

    def build(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in ddl:
                connection.execute(statement.encode())

    return [
        Subject("example", lambda url: apply_setup(url, ["supabase", EXAMPLE / "reconcile.sql"]), Suite.load(EXAMPLE)),
        Subject(f"alike, {tables:,} tables", build, suite),
    ]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What comes of the work, and the seconds of processor time that it took here."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def measure(subject: Subject, url: str, real: int) -> None:
    """Print the figures of one database."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=") as connection:
        catalog = look(connection, closure(subject.suite))
        found, making = timed(lambda: list(mutants(catalog)))
        watch, watching = timed(lambda: Watch(subject.suite, catalog))
        killed, asking = timed(lambda: sum(map(watch.notices, found)))
        few = sampled(found, IN_FULL, 1)
        _, in_full = timed(lambda: sum(map(watch.notices_in_full, few)))
        print(f"{subject.name}: {len(subject.suite):,} expectations, {len(found):,} mutants, {killed:,} noticed")
        line("made", len(found), making)
        line("asked quickly", len(found), asking)
        line("made and asked, with the first look", len(found), making + watching + asking)
        line("asked in full", len(few), in_full)
        drawn, clock = sampled(found, real, 1), Clock(connection)
        began = clock()
        made = sum(by_ddl(connection, subject.suite, mutant) for mutant in drawn)
        line("by DDL, verified in full", made, clock() - began)
        trial = Trial(subject.suite, connection, catalog, Scope())
        began = clock()
        made = sum(for_real(trial, mutant) for mutant in drawn)
        line("by DDL, as --real does", made, clock() - began)


class Clock:
    """The seconds of processor time that this process and the server's have taken; on Linux, else those of the wall."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self.process = Path(f"/proc/{connection.info.backend_pid}/stat")

    def __call__(self) -> float:
        """Until now."""
        if not self.process.exists():
            return time.perf_counter()
        ticks = self.process.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def by_ddl(connection: psycopg.Connection[tuple[object, ...]], suite: Suite, mutant: Mutant) -> int:
    """Make one, verify, and take it back: 1, or 0 where Postgres refuses."""
    with connection.transaction(force_rollback=True):
        try:
            for statement in mutant.ddl:
                connection.execute(statement.encode(), prepare=False)
        except psycopg.Error:
            return 0
        verify(suite, connection, probes="off")
    return 1


def for_real(trial: Trial, mutant: Mutant) -> int:
    """Make one, ask what has to do with it, probes too, and take it back: 1, or 0 where Postgres refuses."""
    try:
        trial.notices(mutant)
    except (psycopg.Error, DatabaseError):
        return 0
    return 1


def line(what: str, number: int, seconds: float) -> None:
    """One figure."""
    print(f"  {what:<40} {number:>8,} in {seconds:8.3f} s   {number / seconds:>10,.0f} a second")


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--real", type=int, default=100)
    given = parser.parse_args()
    with Server() as server:
        for number, subject in enumerate(subjects(given.tables)):
            url = server.create_database(f"benchmark_{number}")
            subject.prepare(url)
            measure(subject, url, given.real)


if __name__ == "__main__":
    main()
