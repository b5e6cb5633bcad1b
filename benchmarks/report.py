"""How large the HTML report is, how long it takes to make, and how fast a browser shows and filters it.

.venv/bin/python benchmarks/report.py [outcomes ...]

A line for each number of outcomes, of which 1 %, 20 % and all failed: milliseconds of processor time to render, size in
MB, milliseconds in headless Chromium until the first paint and until the page's script is done, and for filters by
text and by status until the next frame is painted: the median of seven, and the first, which may have to read all
text. In brackets stands the processor time of it, which counts on a machine that has other work.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.report.html import render
from pgcontract.verdict import Database, Finding, Location, Outcome, Repair, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import CDPSession, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chromium import browsing

COLUMNS = 20
TYPES = ("uuid", "text", "timestamp with time zone", "numeric(12,2)", "boolean")

FILTER = """async ([name, typed]) => {
  const search = document.getElementById("search");
  const radios = [...document.getElementsByName("status")];
  await new Promise(requestAnimationFrame);
  const started = performance.now();
  if (name === "status") radios.find((each) => !each.checked).click();
  else {
    search.value = typed;
    radios[0].dispatchEvent(new Event("change", {bubbles: true}));
  }
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now() - started;
}"""
WORDS = ("type", "uuid", "column", "7", "x", "bool", "public")
FIRST_PAINT = """async () => {
  const paint = () => performance.getEntriesByType("paint").find((each) => each.name === "first-contentful-paint");
  while (!paint()) await new Promise(requestAnimationFrame);
  return paint().startTime;
}"""


def outcome(number: int, failed: bool) -> Outcome:  # noqa: FBT001 - a share of them
    """One of a column, as runs have most of them."""
    relation = f"public.customer_accounts_{number // COLUMNS}"
    subject = f"{relation}.column_of_the_table_{number % COLUMNS}"
    type_ = TYPES[number % len(TYPES)]
    found = Finding(
        f"{subject} has the type integer",
        expected=type_,
        observed="integer",
        hint="Perhaps a migration did not run.",
        repair=(Repair(f"alter table {relation} alter column column_{number} type {type_}", "rewrites the table"),),
    ).identified("ColumnType", subject)
    return Outcome(
        "ColumnType",
        subject,
        "failed" if failed else "passed",
        sentence=f"the column {subject} has the type {type_}",
        expectation={"table": relation, "column": f"column_of_the_table_{number % COLUMNS}", "type": type_},
        relation=relation,
        findings=(found,) if failed else (),
        tags=("core",) if number % 3 else ("core", "billing"),
        duration_ms=0.004,
        location=Location("db/contract.yaml", number + 10, 5) if failed else None,
    )


def report(total: int, percent: int) -> Report:
    """A report of so many outcomes, of which so many of a hundred failed."""
    outcomes = tuple(outcome(number, number * percent % 100 < percent) for number in range(total))
    return Report("backend", Database("app", "18.6", "db.example"), datetime.now(UTC), 900.0, outcomes)


def opened(page: Page, path: Path) -> tuple[float, float]:
    """Milliseconds until the page painted first, and until its script was done."""
    page.goto(path.as_uri())
    loaded: Any = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    return page.evaluate(FIRST_PAINT), loaded


def busy(session: CDPSession) -> float:
    """Milliseconds of processor time that the page's main thread has taken."""
    metrics: Any = session.send("Performance.getMetrics")["metrics"]
    seconds: float = next(each["value"] for each in metrics if each["name"] == "TaskDuration")
    return seconds * 1000


def filtered(page: Page, session: CDPSession, name: str, typed: str = "") -> tuple[float, float]:
    """Milliseconds that a filter takes: by the clock, and of processor time."""
    before = busy(session)
    took: float = page.evaluate(FILTER, [name, typed])
    return took, busy(session) - before


def median(taken: Iterable[tuple[float, float]]) -> str:
    """The median of both."""
    clock, processor = zip(*taken, strict=True)
    return f"{statistics.median(clock):>7.0f} ({statistics.median(processor):>3.0f})"


def measured(page: Page, path: Path) -> str:
    """What a line says of a page in the browser."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    paint, ready = opened(page, path)
    first = filtered(page, session, "q", "accounts_7")
    searches = [filtered(page, session, "q", word) for word in WORDS]
    filtered(page, session, "q")
    statuses = [filtered(page, session, "status") for _ in range(7)]
    return f"{paint:>6.0f} {ready:>6.0f} {median([first])} {median(searches)} {median(statuses)}"


def main() -> None:
    """Print the table."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [100, 1_000, 10_000]
    print("outcomes failed  render      size  paint  ready  1st search        search        status")
    with browsing() as browser, tempfile.TemporaryDirectory() as name:
        for total in sizes:
            for percent in (1, 20, 100):
                given = report(total, percent)
                started = time.process_time()
                text = render(given)
                took = (time.process_time() - started) * 1000
                path = Path(name) / f"{total}-{percent}.html"
                path.write_text(text, encoding="utf-8")
                page = browser.new_page()
                said = f"{total:>8,} {percent:>4} %  {took:>6.0f} {len(text.encode()) / 1e6:>6.2f} MB"
                print(said, measured(page, path), flush=True)
                page.close()


if __name__ == "__main__":
    main()
