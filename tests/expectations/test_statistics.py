from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import StatisticsPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table addresses (id int, city text, "Post code" text);
create statistics by_city (dependencies, mcv) on city, "Post code" from addresses;
"""

AGEING = """
create table visits (id int, at timestamptz);
create statistics by_month on (date_trunc('month', at)), id from visits;
"""

CASES = [
    Case(
        StatisticsPresent("visits", ["date_trunc('month', at)", "id"], name="by_month"),
        AGEING,
        "drop statistics by_month; create statistics by_month on (id + 1), at from visits",
        "public.visits lacks statistics by_month",
        "drop statistics by_month; create statistics by_month on (date_trunc('month', at)), id from visits",
    ),
    Case(
        StatisticsPresent("addresses", ["city", '"Post code"'], kinds=["mcv", "dependencies"], name="by_city"),
        SETUP,
        'drop statistics by_city; create statistics by_city (mcv) on city, "Post code" from addresses',
        "lacks statistics by_city (dependencies, mcv)",
    ),
    Case(
        StatisticsPresent("addresses", ["city", '"Post code"']),
        SETUP,
        "drop statistics by_city",
        'public.addresses lacks statistics on (city, "Post code")',
        'create statistics on_city on city, "Post code" from addresses',
    ),
    Case(
        StatisticsPresent("addresses", ['"Post code"', "city"], gathers="mcv", name="by_city"),
        SETUP,
        "drop statistics by_city",
        "public.addresses lacks statistics by_city (mcv)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (StatisticsPresent("addresses", ["city", '"Post code"'], gathers="ndistinct"), "failed"),
        (StatisticsPresent("addresses", ["city", "id"]), "failed"),
        (StatisticsPresent("addresses", ["city", '"Post code"'], name="other"), "failed"),
        (StatisticsPresent("nowhere", ["city"]), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("expression", ["lower( city )", "(city || city)", "(id+1)"])
def test_expressions(judge: Any, expression: str) -> None:
    setup = f"{SETUP} create statistics expressions on id, ({expression}) from addresses"
    assert judge(setup, StatisticsPresent("addresses", ["id", expression])).status == "passed"
    assert judge(SETUP, StatisticsPresent("addresses", ["id", expression])).status == "failed"
