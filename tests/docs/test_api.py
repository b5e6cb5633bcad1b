"""Every public name that is no expectation stands on a page of the Python API."""

from __future__ import annotations

import re
from pathlib import Path

import pgcontract
from pgcontract.contract import registry

DOCS = Path(__file__).resolve().parents[2] / "docs"
# What the reference has elsewhere: expectations each on a page of its noun, the private Postgres by its functions.
ELSEWHERE = {"__version__", "embedded"}


def test_every_public_name_is_on_a_page() -> None:
    pages = "\n".join(page.read_text("utf-8") for page in DOCS.glob("api*.md"))
    listed = set(re.findall(r"^::: pgcontract\.(\w+)$", pages, re.MULTILINE))
    assert set(pgcontract.__all__) - set(registry.offered()) - ELSEWHERE <= listed
