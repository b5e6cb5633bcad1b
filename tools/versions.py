"""Run the tests that use a server on every version of PostgreSQL that pgcontract supports.

``versions.py`` runs them all; ``versions.py 13 15 -- -k catalog`` runs two, and hands what follows ``--`` to pytest. A
version that cannot be had here is said to be so, and counts as not run; with ``--require`` that is a failure.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from versions_download import SERVERS, UnavailableError, download
from versions_server import running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 20.0


@dataclass
class Result:
    """How the tests went on one version.

    Attributes:
        major: The version.
        not_run: Why they were not run; None where they were.
        status: pytest's exit status, None where it was not run.
        counts: The number of tests: ``failed`` has those that errored, too.
        skips: The number of skipped tests for each reason.
        seconds: How long it took, downloading aside.
    """

    major: int
    not_run: str | None = None
    status: int | None = None
    counts: Counter[str] = field(default_factory=Counter[str])
    skips: Counter[str] = field(default_factory=Counter[str])
    seconds: float = 0.0

    def line(self) -> str:
        """One line for the summary, and one for each reason to skip."""
        if self.not_run is not None:
            return f"PostgreSQL {self.major}: not run: {self.not_run}"
        numbers = ", ".join(f"{self.counts[what]} {what}" for what in ("passed", "failed", "skipped"))
        odd = f"; pytest ended with status {self.status}" if self.status and not self.counts["failed"] else ""
        lines = [f"PostgreSQL {self.major}: {numbers} in {self.seconds:.0f} s{odd}"]
        lines += [f"    {number} skipped: {reason}" for reason, number in self.skips.most_common()]
        return "\n".join(lines)


def read(junit: Path, result: Result) -> None:
    """Count what pytest wrote down."""
    if not junit.exists():  # it was interrupted, or could not start
        return
    for case in ET.parse(junit).iter("testcase"):  # noqa: S314 - pytest's own file
        outcomes = {child.tag: child.get("message", "") for child in case}
        if outcomes.keys() & {"failure", "error"}:
            result.counts["failed"] += 1
        elif "skipped" in outcomes:
            result.counts["skipped"] += 1
            result.skips[outcomes["skipped"]] += 1
        else:
            result.counts["passed"] += 1


def pytest(url: str, junit: Path, arguments: Sequence[str]) -> int:
    """Run pytest on a server, and let it come to its own end when the terminal interrupts us both."""
    command = [sys.executable, "-m", "pytest", "-n", "auto", "-q", "--server-only", f"--junitxml={junit}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PGCONTRACT_TEST_DSN": url}) as process:
        try:
            return process.wait()
        except BaseException:
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.terminate()
            raise


def run(major: int, arguments: Sequence[str]) -> Result:
    """Get a version, start it, and run the tests on it."""
    result = Result(major)
    print(f"\nPostgreSQL {major}: {SERVERS[major]}", flush=True)
    try:
        software = download(major)
        if software.lacks_vector:
            print(f"  without vector: {software.lacks_vector}", flush=True)
        started = time.monotonic()
        with running(software) as url, tempfile.TemporaryDirectory(prefix="pgcontract-versions-") as folder:
            result.status = pytest(url, Path(folder) / "junit.xml", arguments)
            read(Path(folder) / "junit.xml", result)
        result.seconds = time.monotonic() - started
    except UnavailableError as error:
        result.not_run = str(error)
        print(f"  not run: {error}", flush=True)
    return result


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="versions.py", description="Run the tests on several versions of PostgreSQL.")
    parser.add_argument("versions", nargs="*", type=int, metavar="VERSION", help=f"of {', '.join(map(str, SERVERS))}")
    parser.add_argument("--require", action="store_true", help="fail when a version could not be run")
    ours, theirs = list(arguments), list[str]()
    if "--" in ours:
        end = ours.index("--")
        ours, theirs = ours[:end], ours[end + 1 :]
    options = parser.parse_args(ours)
    unknown = [version for version in options.versions if version not in SERVERS]
    if unknown:
        parser.error(f"there is no server for PostgreSQL {unknown[0]} (there is for {', '.join(map(str, SERVERS))})")
    options.pytest = theirs
    return options


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Let a request to end do what Ctrl-C does: leave the blocks, which stops the server."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """Run the versions asked for, and sum up; 1 when a test failed, 130 when interrupted."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, interrupt)
    results: list[Result] = []
    try:
        for major in options.versions or SERVERS:
            result = run(major, options.pytest)
            results.append(result)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    finally:
        print("", *(result.line() for result in results), sep="\n", flush=True)
    failed = any(result.status for result in results)
    missing = options.require and any(result.not_run for result in results)
    return 1 if failed or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
