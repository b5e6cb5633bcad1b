from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import TableStorage
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table kept (id int) with (fillfactor = 70, autovacuum_enabled = false);
create unlogged table cache (id int);
create view seen as select 1 as a;
"""
PARAMETERS = ["autovacuum_enabled=false", "fillfactor=70"]
CASES = [
    Case(
        TableStorage("kept", persistence="permanent"),
        SETUP,
        "alter table kept set unlogged",
        "persistence of public.kept is unlogged, not permanent",
    ),
    Case(
        TableStorage("cache", persistence="unlogged", parameters=[]),
        SETUP,
        "alter table cache set logged; alter table cache set (fillfactor = 50)",
        ("persistence of public.cache is permanent", "storage parameters of public.cache is (fillfactor=50), not ()"),
    ),
    Case(
        TableStorage("kept", parameters=PARAMETERS),
        SETUP,
        "alter table kept set (fillfactor = 60, toast_tuple_target = 200); alter table kept reset (autovacuum_enabled)",
        "not (autovacuum_enabled=false, fillfactor=70)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TableStorage("kept", parameters=PARAMETERS[::-1]), "passed"),
        (TableStorage("kept", parameters="fillfactor=70"), "failed"),
        (TableStorage("kept"), "passed"),
        (TableStorage("nowhere", parameters=[]), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
