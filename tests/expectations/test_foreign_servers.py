from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ForeignServerPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create foreign data wrapper wares;
create foreign data wrapper others;
create server warehouse foreign data wrapper wares options (host 'there', api_key 'not for us');
create foreign table orders (id int) server warehouse options (table_name 'orders');
create table plain (id int);
"""

TYPED = """
create foreign data wrapper wares;
create server warehouse type 'stock' version '9.1' foreign data wrapper wares;
"""

CASES = [
    Case(
        ForeignServerPresent("warehouse", options="host=there", only_options=True),
        SETUP,
        "alter server warehouse options (add port '1')",
        "option port of server warehouse is 1, not none",
    ),
    Case(
        ForeignServerPresent("warehouse"),
        SETUP,
        "drop server warehouse cascade",
        "foreign server warehouse does not exist",
        "create server warehouse foreign data wrapper wares",
    ),
    Case(
        ForeignServerPresent("warehouse", wrapper="wares"),
        SETUP,
        "drop server warehouse cascade; create server warehouse foreign data wrapper others",
        "foreign data wrapper of server warehouse is others, not wares",
    ),
    Case(
        ForeignServerPresent("warehouse", options="host=there"),
        SETUP,
        "alter server warehouse options (set host 'elsewhere')",
        "option host of server warehouse is elsewhere, not there",
    ),
    Case(
        ForeignServerPresent("warehouse", options=["host=there"]),
        SETUP,
        "alter server warehouse options (drop host)",
        "option host of server warehouse is none, not there",
        name="an option that is gone",
    ),
    Case(
        ForeignServerPresent("warehouse", options=["api_key", "host=there"], only_options=True),
        SETUP,
        "alter server warehouse options (drop api_key)",
        "option api_key of server warehouse is none, not any",
        "alter server warehouse options (add api_key 'another')",
        name="a secret that is gone",
    ),
    Case(
        ForeignServerPresent("warehouse", type="stock"),
        TYPED,
        "drop server warehouse; create server warehouse foreign data wrapper wares",
        "type of server warehouse is none, not stock",
    ),
    Case(
        ForeignServerPresent("warehouse", version="9.1"),
        TYPED,
        "alter server warehouse version '9'",
        "version of server warehouse is 9, not 9.1",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ForeignServerPresent("warehouse", options="port=5432"), "failed"),
        (ForeignServerPresent("warehouse", options="api_key=not for us"), "failed"),
        (ForeignServerPresent("Warehouse"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_no_secret_is_shown(judge: Any) -> None:
    (finding,) = judge(SETUP, ForeignServerPresent("warehouse", options="api_key=x")).findings
    assert finding.observed == "(hidden)"
