"""The page on the design names the layers as they are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_layers_are_those_that_are_enforced() -> None:
    (house,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    page = (ROOT / "docs" / "design.md").read_text("utf-8").partition("| layer | |")[2]
    named = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in re.findall(r"^\| `.*", page, re.MULTILINE)]
    assert named == [layer.split(" | ") for layer in house["layers"]]
