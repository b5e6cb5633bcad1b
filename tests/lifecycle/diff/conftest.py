"""The odd catalog of every version, from what the catalog tests store: nobody need be asked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog import saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

STORED = Path(__file__).resolve().parents[2] / "catalog" / "odd"
NEWEST, MAINTAIN_SINCE = 18, 17
SERVER = {"name": "odd", "host": "db", "collation": "C", "character_type": "C", "grants": []}


def without_maintain(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: without_maintain(item) for key, item in content.items()}
    if isinstance(content, list):
        kept = (item for item in content if not (isinstance(item, dict) and item.get("privilege") == "MAINTAIN"))
        return [without_maintain(item) for item in kept]
    return content


@cache
def stored(version: int) -> Catalog:
    """The newest's records, changed step by step."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in STORED.glob("*.json")}
    steps = {name: found.pop(name) for name in list(found) if name.startswith("before_")}
    for step in range(NEWEST, version, -1):
        found = without_maintain(found) if step == MAINTAIN_SINCE else found
        for change in steps.get(f"before_{step}", ()):
            *path, last = change["at"]
            content = found
            for key in path:
                content = content[key]
            if "is" in change:
                content[last] = change["is"]
            else:
                del content[last]
    found["server"] |= {**SERVER, "version": f"{version}.1", "version_number": version * 10000 + 1}
    for extension in found["extensions"].values():
        extension["version"] = "1.0"
    return saved.load(json.dumps({"format": "pgcontract.catalog/1", "written_by": "a test", **found}))


@pytest.fixture(scope="session")
def odd() -> Callable[[int], Catalog]:
    """`odd(15)`."""
    return stored
