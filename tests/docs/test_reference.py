"""The reference of expectations: each has an example that holds where the page says, and is broken as it says."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.contract import registry
from pgcontract.supabase import PLATFORM_SQL

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

_spec = importlib.util.spec_from_file_location("docs_examples", ROOT / "tools" / "docs_examples.py")
assert _spec is not None
assert _spec.loader is not None
reference: Any = importlib.util.module_from_spec(_spec)
sys.modules["docs_examples"] = reference
_spec.loader.exec_module(reference)

EXAMPLES = reference.examples()
# Probes take ten times as long as all the others; building the site tries them too.
TRIED = [each for each in EXAMPLES if each.expectation.lane != "probe" or os.environ.get("PGCONTRACT_EXAMPLES")]


def test_every_kind_has_an_example_in_the_file_of_its_noun() -> None:
    builtin = [cls for cls in registry.offered().values() if cls.__module__.startswith("pgcontract.")]
    assert sorted(each.kind for each in EXAMPLES) == sorted(cls.__name__ for cls in builtin)
    for cls in builtin:
        noun = cls.__module__.removeprefix("pgcontract.expectations.").replace(".", "/")
        assert f"-- {cls.__name__}" in (reference.FOLDER / f"{noun}.sql").read_text("utf-8")


@pytest.mark.pg(">= 18")
@pytest.mark.extension("vector", "btree_gist", "postgres_fdw", "tcn", "pg_trgm", "citext", "unaccent")
def test_each_holds_and_is_broken_as_the_page_says(clone: Callable[[str | None], str]) -> None:
    with psycopg.connect(clone(None), autocommit=True) as connection:
        connection.execute("set client_min_messages = error")
        connection.execute(PLATFORM_SQL.encode())
        results = list(reference.tried(connection, TRIED))
    assert reference.wrong(results) == {}
    assert all(one.said() for one in results)


def test_an_example_that_nothing_breaks_is_told_of(clone: Callable[[str | None], str]) -> None:
    (example,) = [each for each in EXAMPLES if each.kind == "ColumnType"]
    fields = {name: getattr(example, name) for name in ("kind", "expectation", "schema", "apart")}
    idle = reference.Example(**fields, setup=example.setup, broken="select 1")
    never = reference.Example(**fields, setup="create table invoices (amount int)", broken="select 1")
    with psycopg.connect(clone(None), autocommit=True) as connection:
        connection.execute(PLATFORM_SQL.encode())
        said = [reference.wrong(reference.tried(connection, [one])) for one in (idle, never)]
    assert said == [
        {"ColumnType": "is not broken: passed"},
        {"ColumnType": "does not hold: failed: type of columntype.invoices.amount is integer, not numeric(12,2)"},
    ]
