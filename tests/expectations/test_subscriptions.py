from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import SubscriptionPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create subscription warehouse connection 'host=nowhere password=never' publication prices, goods
    with (connect = false, slot_name = none, enabled = false);
"""

CASES = [
    Case(
        SubscriptionPresent("warehouse", enabled=False, slot="mine"),
        f"{SETUP} alter subscription warehouse set (slot_name = 'mine');",
        "alter subscription warehouse set (slot_name = 'yours')",
        "slot of subscription warehouse is yours, not mine",
        "alter subscription warehouse set (slot_name = 'mine')",
    ),
    Case(
        SubscriptionPresent("warehouse", enabled=False),
        SETUP,
        "alter subscription warehouse rename to house",
        "subscription warehouse does not exist",
        "alter subscription house rename to warehouse",
    ),
    Case(
        SubscriptionPresent("warehouse", publications=["goods", "prices"], enabled=False),
        SETUP,
        "alter subscription warehouse set publication goods with (refresh = false)",
        "publications of subscription warehouse is (goods), not (goods, prices)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (SubscriptionPresent("warehouse"), "failed"),
        (SubscriptionPresent("Warehouse", enabled=False), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
