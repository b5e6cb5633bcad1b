"""Make the pictures of the documentation anew: the report of the README's own example, in headless Chromium.

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
PICTURE = ROOT / "docs" / "images" / "report.png"
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


def main() -> None:
    """Write the picture."""
    browser = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium was found; give its path")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = example(folder)
        size = [f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{HEIGHT}"]
        subprocess.run(
            [browser, *QUIET, *size, f"--screenshot={PICTURE}", page.as_uri()], check=True, capture_output=True
        )
    print(PICTURE)


if __name__ == "__main__":
    main()
