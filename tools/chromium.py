"""A headless Chromium that is quiet: for pictures of the documentation, tests of pages, and measurements."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# It asks nothing of the network by itself. The sandbox wants rights that root and containers do not have.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
]


def executable() -> str | None:
    """The browser of the machine, or the one that `playwright install chromium` brought; None where there is none.

    `PGCONTRACT_CHROMIUM` names another.
    """
    named = os.environ.get("PGCONTRACT_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or _own()


def _own() -> str | None:
    """Playwright's own, newest first."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(given) if given else Path.home() / ".cache" / "ms-playwright"
    found = sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return str(found[0]) if found else None


@contextmanager
def browsing() -> Generator[Browser]:
    """A browser with a fresh profile, which ends with the block.

    Raises:
        FileNotFoundError: There is no Chromium.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - what only looks for a browser needs none of it

    path = executable()
    if path is None:
        raise FileNotFoundError("no Chromium was found: install it, or name it by PGCONTRACT_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()
