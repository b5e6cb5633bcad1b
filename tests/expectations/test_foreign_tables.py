from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ForeignTableExists, ForeignTablesAre
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

CASES = [
    Case(
        ForeignTableExists("orders", options=["table_name=orders"], only_options=True),
        SETUP,
        "alter foreign table orders options (add schema_name 'x')",
        "option schema_name of foreign table public.orders is x, not none",
    ),
    Case(
        ForeignTableExists("orders", column_options={"id": ["column_name=no", "token"]}),  # type: ignore[arg-type]
        f"{SETUP} alter foreign table orders alter id options (column_name 'no', token 'not for us')",
        "alter foreign table orders alter id options (set column_name 'nr')",
        "option column_name of public.orders.id is nr, not no",
    ),
    Case(
        ForeignTableExists("orders", column_options=[]),
        SETUP,
        "alter foreign table orders alter id options (column_name 'no')",
        "option column_name of public.orders.id is no, not none",
    ),
    Case(
        ForeignTableExists("orders"),
        SETUP,
        "drop foreign table orders",
        "foreign table public.orders does not exist",
        "create foreign table orders (id int) server warehouse",
    ),
    Case(
        ForeignTableExists("orders", server="warehouse"),
        SETUP,
        "drop foreign table orders; create server other foreign data wrapper wares;"
        "create foreign table orders (id int) server other",
        "server of public.orders is other, not warehouse",
    ),
    Case(
        ForeignTableExists("orders", options="table_name=orders"),
        SETUP,
        "alter foreign table orders options (set table_name 'old_orders')",
        "option table_name of foreign table public.orders is old_orders, not orders",
    ),
    Case(
        ForeignTablesAre("orders"),
        SETUP,
        "create foreign table more (id int) server warehouse",
        "foreign table public.more is in schema public",
        "drop foreign table more",
    ),
    Case(
        ForeignTablesAre([], in_schema="public"),
        "create foreign data wrapper wares; create server warehouse foreign data wrapper wares",
        "create foreign table more (id int) server warehouse",
        "public.more",
        name="none",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ForeignTableExists("plain"), "failed"),
        (ForeignTableExists("nowhere.orders"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
