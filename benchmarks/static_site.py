"""How long a site takes, of a history of many runs, and how large it is.

    python benchmarks/static_site.py --runs 1000 --outcomes 1500 --contracts 1 50

The runs are of different fates: in one of ten something fails. Printed are processor seconds, not those on the wall.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pgcontract import ColumnType, Suite
from pgcontract.lifecycle.history.folder import Folder
from pgcontract.lifecycle.site import Output, build
from pgcontract.run.outline import outline
from pgcontract.verdict import Database, Finding, Outcome, Report

START = datetime(2026, 1, 1, tzinfo=UTC)


def outcomes(number: int) -> tuple[Outcome, ...]:
    """So many columns, twenty a table."""
    suite = Suite("wide", [ColumnType(f"t{each // 20}", f"c{each}", "int") for each in range(number)])
    return tuple(outline(each) for each in suite)


def broken(outcome: Outcome) -> Outcome:
    """The same, failed."""
    found = Finding(f"{outcome.subject} is text", "integer", "text").identified(outcome.kind, outcome.subject)
    return replace(outcome, status="failed", findings=(found,))


def fill(folder: Folder, runs: int, number: int, contracts: int) -> None:
    """Runs of so many outcomes, one contract after the other."""
    every = outcomes(number)
    worse = tuple(broken(one) if place % 150 == 0 else one for place, one in enumerate(every))
    for run in range(runs):
        database = Database("app", "18.6", "db.example")
        chosen = worse if not (run // contracts + 7) % 10 else every
        folder.add(Report(f"contract-{run % contracts}", database, START + timedelta(hours=run), 400.0, chosen))


def timed(folder: Folder, public: Path) -> str:
    """One build, in processor seconds."""
    begin = time.process_time()
    built = build(folder, Output(public))
    return f"{time.process_time() - begin:.1f} s, {built.written:,} written, {built.kept:,} unchanged"


def main() -> None:
    """Print how long the first build takes, and the second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--outcomes", type=int, default=1500)
    parser.add_argument("--contracts", type=int, nargs="+", default=[1, 50])
    chosen = parser.parse_args()
    for contracts in chosen.contracts:
        with TemporaryDirectory() as name:
            folder, public = Folder(Path(name, "runs")), Path(name, "public")
            fill(folder, chosen.runs, chosen.outcomes, contracts)
            print(f"{chosen.runs:,} runs of {chosen.outcomes:,} outcomes, {contracts} contracts")
            print("  first: ", timed(folder, public))
            print("  again: ", timed(folder, public))
            size = sum(file.stat().st_size for file in public.rglob("*.html"))
            print(f"  {size / 1e6:.1f} MB of pages")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")


if __name__ == "__main__":
    main()
