"""`pgcontract leaks` finds the hole in a leaky half and is silent on its twin, with hints and without.

A few pairs of each sort, one of them with hints too; with PGCONTRACT_LEAKS=all every one, both ways, as
`make test-all` has it. `python tools/leaks_score.py`
says of all of them what is missed.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.isolation.model import Options, Search
from pgcontract.isolation.search import find_leaks
from pgcontract.run.probe import probing

if TYPE_CHECKING:
    from collections.abc import Callable

_spec = importlib.util.spec_from_file_location("leak_pairs", Path(__file__).with_name("pairs.py"))
assert _spec
assert _spec.loader
loader = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(loader)

CHOSEN = [
    "rls_off",
    "update_check_true",
    "view_owner",
    "definer_write",
    "setting_prefix",
    "force_missing",
    "agency_metadata",
    "meter_link",
    "patient_history",
    "telemetry_partition",
]
MISSED = {"path_prefix": "no row of a world lies in a folder that begins like another's"}
EVERY = {pair.name: pair for pair in loader.pairs()}
PAIRS = EVERY if os.environ.get("PGCONTRACT_LEAKS") == "all" else {name: EVERY[name] for name in CHOSEN}

pytestmark = pytest.mark.pg(">= 15")


@pytest.fixture(scope="module")
def platform(make_template: Callable[[list[str]], str]) -> str:
    return make_template(["supabase"])


def searched(url: str, pair: Any, *, hints: bool) -> Search:
    given: dict[str, list[str]] = {"owner": [], "tenant": [], "public": []}
    for hint, value in pair.hints if hints else ():
        given[hint].append(value)
    options = Options(tuple(given["owner"]), tuple(given["tenant"]), tuple(given["public"]))
    with psycopg.connect(url, autocommit=True) as connection:
        catalog = read(connection)
        with probing(connection, catalog, may_write=True) as session:
            return find_leaks(session, options)


TOLD = [(name, "alone") for name in PAIRS] + [
    (name, "with hints") for name in (PAIRS if PAIRS is EVERY else CHOSEN[-2:-1])
]


@pytest.mark.parametrize(("name", "told"), TOLD)
def test_the_leak_is_found_and_its_twin_is_silent(
    clone: Callable[[str | None], str], platform: str, name: str, told: str
) -> None:
    pair = PAIRS[name]
    found = {}
    for half, sql in (("leaky", pair.leaky_sql), ("safe", pair.safe_sql)):
        url = clone(platform if pair.platform else None)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())
        found[half] = searched(url, pair, hints=told == "with hints").leaks
    assert [leak.sentence for leak in found["safe"]] == []
    if name in MISSED and not pair.is_found(found["leaky"]):
        pytest.xfail(MISSED[name])
    assert pair.is_found(found["leaky"])
