"""docs/catalogs.md names every catalog of the newest version, and says of each truly whether it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.sql import NOUNS, query

if TYPE_CHECKING:
    import psycopg

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "catalogs.md").read_text("utf-8")
NEWEST = 180000
# Read through a view that leaves out what nobody may see.
THROUGH = {"pg_authid": "pg_roles", "pg_user_mapping": "pg_user_mappings"}


def listed(part: str) -> set[str]:
    rows = re.findall(r"^\| (`pg_[^|]*) \|", PAGE.partition(f"## {part}\n")[2].partition("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.pg(">= 18")
def test_every_catalog_is_on_the_page(odd_connection: psycopg.Connection[Any]) -> None:
    tables = odd_connection.execute(
        "select c.relname from pg_catalog.pg_class as c"
        " where c.relkind = 'r' and c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace"
    ).fetchall()
    assert listed("Read") | listed("Not read") == {name for (name,) in tables}


def test_what_is_said_to_be_read_is_read() -> None:
    follow_ups = ("column_types", "column_collations", "index_definitions", "policy_expressions")
    words = {word for noun in (*NOUNS, *follow_ups) for word in re.findall(r"\w+", query(noun, NEWEST))}
    missing = {name for name in listed("Read") if THROUGH.get(name, name) not in words}
    assert missing == set()
    assert not listed("Not read") & words
    assert not listed("Read") & listed("Not read")
