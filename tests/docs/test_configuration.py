"""docs/configuration.md lists every key of the configuration file, and no other."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from pgcontract.integrations.settings import Settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text("utf-8")


def test_every_key_is_listed_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert listed == [field.name for field in fields(Settings)]
