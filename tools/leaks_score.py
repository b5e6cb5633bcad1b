"""Score `pgcontract leaks` on the pairs of tests/leaks: what is found in leaky halves, and what alarms on their twins.

python tools/leaks_score.py [--hints | --no-hints] [--folder FOLDER] [NAME …]
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from pgcontract.catalog.snapshot import read
from pgcontract.embedded import Server
from pgcontract.embedded.binaries import installed
from pgcontract.isolation.model import Options, Search
from pgcontract.isolation.search import find_leaks
from pgcontract.run.probe import probing
from pgcontract.run.target import connected
from pgcontract.supabase import PLATFORM_SQL

ROOT = Path(__file__).resolve().parent.parent


def pairs(folder: Path) -> list[Any]:
    """The pairs of a folder, by the loader that lies beside ours."""
    spec = importlib.util.spec_from_file_location("leak_pairs", ROOT / "tests" / "leaks" / "pairs.py")
    if spec is None or spec.loader is None:
        raise SystemExit("tests/leaks/pairs.py is not here")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.pairs(folder))


def searched(url: str, pair: Any, *, hints: bool) -> tuple[Search, float]:
    """What a search finds in a database, and the seconds it takes."""
    started = time.perf_counter()
    given: dict[str, list[str]] = {"owner": [], "tenant": [], "public": []}
    for hint, value in pair.hints if hints else ():
        given[hint].append(value)
    options = Options(tuple(given["owner"]), tuple(given["tenant"]), tuple(given["public"]))
    with connected(url) as connection:
        catalog = read(connection)
        with probing(connection, catalog, may_write=True) as session:
            result = find_leaks(session, options)
    return result, time.perf_counter() - started


def main() -> None:
    """Print a line for each half that is not as it should be, and the sums."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--folder", type=Path, default=ROOT / "tests" / "leaks")
    parser.add_argument("--hints", action=argparse.BooleanOptionalAction, default=None)
    parser.add_argument("--psql", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    chosen = [pair for pair in pairs(arguments.folder) if not arguments.names or pair.name in arguments.names]
    with Server() as server:
        with psycopg.connect(server.create_database("platform"), autocommit=True) as connection:
            connection.execute(PLATFORM_SQL.encode())
        server.make_template("platform")
        for hints in (False, True) if arguments.hints is None else (arguments.hints,):
            _score(server, chosen, hints=hints, verbose=arguments.verbose, psql=arguments.psql)


def _score(server: Server, chosen: list[Any], *, hints: bool, verbose: bool, psql: bool) -> None:
    found = silent = scripts = 0
    seconds: list[float] = []
    for number, pair in enumerate(chosen):
        for half, sql in (("leaky", pair.leaky_sql), ("safe", pair.safe_sql)):
            name = f"half_{number}_{half}"
            url = server.create_database(name, "platform" if pair.platform else None)
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(sql.encode())
                result, took = searched(url, pair, hints=hints)
                scripts += sum(_runs(url, leak.reproduction) for leak in result.leaks if psql)
            except Exception as error:
                print(f"CRASHED   {pair.name} {half}: {type(error).__name__}: {error}")
                if verbose:
                    raise
                continue
            finally:
                server.drop_database(name)
            seconds.append(took)
            good = pair.is_found(result.leaks) if half == "leaky" else not result.leaks
            found += good and half == "leaky"
            silent += good and half == "safe"
            if not good or verbose:
                _say(pair, half, result, took, good=good)
    total = len(chosen)
    print(
        f"{'with' if hints else 'without'} hints: {found} of {total} found, {silent} of {total} twins silent, ", end=""
    )
    print(f"median {statistics.median(seconds or [0]):.2f} s, worst {max(seconds or [0]):.2f} s")
    if psql:
        print(f"  {scripts} scripts ran in psql as printed")
    sys.stdout.flush()


def _runs(url: str, script: str) -> bool:
    """Whether psql runs a script to its end; what it says otherwise."""
    binaries = installed()
    if binaries is None:
        raise SystemExit("psql is not here")
    command = [binaries.program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", url]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"BROKEN SCRIPT {done.stderr.strip()}\n{script}")
    return done.returncode == 0


def _say(pair: Any, half: str, result: Search, took: float, *, good: bool) -> None:
    word = "ok" if good else "MISSED" if half == "leaky" else "ALARM"
    print(f"{word:9} {pair.name} {half} ({pair.kind}), {took:.2f} s")
    for leak in result.leaks:
        print(f"            {leak.command} {leak.relation} as {leak.principal}: {leak.blame[:150]}")
    for item in result.inconclusive:
        print(f"          ? {item.relation} {item.principal}: {item.reason[:160]}")


if __name__ == "__main__":
    main()
