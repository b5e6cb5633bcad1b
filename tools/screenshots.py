"""Make the pictures of the documentation anew, in headless Chromium: the README's report, the Supabase example drawn.

.venv/bin/python tools/screenshots.py [path of chromium]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1200, 1180
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


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


def main() -> None:
    """Write the pictures."""
    browser = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium was found; give its path")
    for picture, page in ((IMAGES / "report.png", example), (IMAGES / "picture.png", drawn)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            size = [f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{HEIGHT}"]
            shot = [f"--screenshot={picture}", page(folder).as_uri()]
            subprocess.run([browser, *QUIET, *size, *shot], check=True, capture_output=True)
        print(picture)


if __name__ == "__main__":
    main()
