"""Make the pictures of the documentation anew, in headless Chromium: reports, a database drawn, a site.

.venv/bin/python tools/screenshots.py
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chromium import browsing

from pgcontract.lifecycle.history.folder import Folder
from pgcontract.lifecycle.site import Output, build
from pgcontract.verdict import Database, Report

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1200, 1180


def example(folder: Path) -> Path:
    """The report that the README's command writes."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for language, name in (("yaml", "contract.yaml"), ("sql", "schema.sql")):
        found = re.search(rf"`{name}`:\n\n```{language}\n(.*?)```", readme, re.DOTALL)
        if found is None:
            sys.exit(f"the README has no {name}")
        (folder / name).write_text(found.group(1), encoding="utf-8")
    arguments = "verify contract.yaml --db embedded --setup supabase --setup schema.sql --quiet --output report.html"
    subprocess.run([ROOT / ".venv" / "bin" / "pgcontract", *arguments.split()], cwd=folder, check=False)
    return folder / "report.html"


def drawn(folder: Path) -> Path:
    """The Supabase example as `pgcontract inventory` draws it."""
    setup = ["--setup", "supabase", "--setup", str(ROOT / "examples" / "supabase" / "reconcile.sql")]
    command = [str(ROOT / ".venv" / "bin" / "pgcontract"), "inventory", "--db", "embedded", *setup]
    subprocess.run([*command, "--name", "backend", "--output", "schema.html"], cwd=folder, check=True)
    return folder / "schema.html"


BREAK = """
alter table public.invitations drop constraint invitations_organization_id_fkey;
alter table public.template_feedback disable row level security;
drop table public.shared_template_customizations;
"""
"""What somebody did to the Supabase example."""


def broken(folder: Path) -> Path:
    """The report of the Supabase example on a database that is not what it says."""
    supabase = ROOT / "examples" / "supabase"
    (folder / "break.sql").write_text(BREAK, encoding="utf-8")
    setup = ["--setup", "supabase", "--setup", str(supabase / "reconcile.sql"), "--setup", "break.sql"]
    command = [str(ROOT / ".venv" / "bin" / "pgcontract"), "verify", str(supabase), "--db", "embedded", *setup]
    subprocess.run([*command, "--output", "broken.html"], cwd=folder, stdout=subprocess.DEVNULL, check=False)
    return folder / "broken.html"


def site(folder: Path) -> Path:
    """The site of a history in which the Supabase example held for weeks, and was broken now and then."""
    supabase = ROOT / "examples" / "supabase"
    command = [str(ROOT / ".venv" / "bin" / "pgcontract"), "verify", str(supabase), "--db", "embedded"]
    setup = ["--setup", "supabase", "--setup", str(supabase / "reconcile.sql")]
    for more in ([], ["--setup", "break.sql"]):
        subprocess.run(
            [*command, *setup, *more, "--history", "once"], cwd=folder, stdout=subprocess.DEVNULL, check=False
        )
    good, bad = (run for run in Folder(folder / "once").runs() if isinstance(run, Report))
    history = Folder(folder / "runs")
    for name, fates in (("production", "." * 24 + "x..."), ("staging", "..xx......x.....x........xxx")):
        for day, fate in enumerate(fates):
            run = replace(bad if fate == "x" else good, started_at=good.started_at + timedelta(days=day - len(fates)))
            history.add(replace(run, suite="backend", database=Database(name, run.database.version, "")))
    build(history, Output(folder / "public"))
    return folder / "public"


def main() -> None:
    """Write the pictures."""
    with browsing() as browser, tempfile.TemporaryDirectory() as name:
        report, database, parts = example(Path(name)), drawn(Path(name)), broken(Path(name))
        public = site(Path(name))
        for picture, shown, dark in (
            ("report", report, False),
            ("report-dark", report, True),
            ("picture", database, False),
            ("site", public / "index.html", False),
            ("site-promises", public / "backend" / "staging" / "promises.html", False),
        ):
            size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
            page = browser.new_page(color_scheme="dark" if dark else "light", viewport=size)
            page.goto(shown.as_uri())
            page.screenshot(path=IMAGES / f"{picture}.png")
            page.close()
            print(IMAGES / f"{picture}.png")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(parts.as_uri())
        page.locator("#map").evaluate(
            "part => { part.style.cssText = 'margin-top: 2rem; padding: 0 1rem 1rem; overflow: hidden' }"
        )
        page.locator("#map").screenshot(path=IMAGES / "report-map.png")
        print(IMAGES / "report-map.png")


if __name__ == "__main__":
    main()
