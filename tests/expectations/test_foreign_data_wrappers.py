from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ForeignDataWrapperPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create foreign data wrapper wares validator postgresql_fdw_validator;
alter foreign data wrapper wares no validator options (add debug 'true', add api_key 'not for us');
alter foreign data wrapper wares validator postgresql_fdw_validator;
"""
CASES = [
    Case(
        ForeignDataWrapperPresent("plain", options="debug=true", only_options=True),
        "create foreign data wrapper plain options (debug 'true')",
        "alter foreign data wrapper plain options (add more 'x')",
        "option more of foreign data wrapper plain is x, not none",
    ),
    Case(
        ForeignDataWrapperPresent("wares"),
        SETUP,
        "drop foreign data wrapper wares",
        "foreign data wrapper wares does not exist",
        "create foreign data wrapper wares",
    ),
    Case(
        ForeignDataWrapperPresent("wares", validator="pg_catalog.postgresql_fdw_validator"),
        SETUP,
        "alter foreign data wrapper wares no validator",
        "validator of foreign data wrapper wares is none, not pg_catalog.postgresql_fdw_validator",
        "alter foreign data wrapper wares options (drop debug, drop api_key) validator postgresql_fdw_validator",
    ),
    Case(
        ForeignDataWrapperPresent("handled", handler="handle"),
        "create function handle() returns fdw_handler language internal as 'heap_tableam_handler';"
        "create foreign data wrapper handled handler handle",
        "alter foreign data wrapper handled no handler",
        "handler of foreign data wrapper handled is none, not public.handle",
    ),
    Case(
        ForeignDataWrapperPresent("wares", options=["debug=true"]),
        SETUP.replace("validator postgresql_fdw_validator;", ";", 1).rsplit("alter", 1)[0],
        "alter foreign data wrapper wares options (set debug 'false')",
        "option debug of foreign data wrapper wares is false, not true",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ForeignDataWrapperPresent("wares", handler="postgres_fdw_handler"), "failed"),
        (ForeignDataWrapperPresent("wares", options="api_key=not for us"), "failed"),
        (ForeignDataWrapperPresent("Wares"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
