from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ForeignServerPresent
from pgcontract.catalog.foreign_servers import HIDDEN, UserMapping
from pgcontract.catalog.snapshot import read
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
        ForeignServerPresent("warehouse", users={"PUBLIC": []}),  # type: ignore[arg-type]
        "create foreign data wrapper wares; create server warehouse foreign data wrapper wares;"
        "create user mapping for public server warehouse",
        "drop user mapping for public server warehouse",
        "user mapping for public server warehouse is none, not there",
    ),
    Case(
        ForeignServerPresent("warehouse", users=[]),
        SETUP,
        "create user mapping for public server warehouse options (password 'never seen')",
        "user mapping for public server warehouse is there, not none",
    ),
    Case(
        ForeignServerPresent("warehouse", users={"PUBLIC": ["password", "user"]}),  # type: ignore[arg-type]
        "create foreign data wrapper wares; create server warehouse foreign data wrapper wares;"
        "create user mapping for public server warehouse options (\"user\" 'x', password 'never seen')",
        "alter user mapping for public server warehouse options (drop password)",
        "options of the user mapping for public server warehouse is user, not password, user",
        "alter user mapping for public server warehouse options (add password 'never seen')",
    ),
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


def test_no_value_of_a_user_mapping_is_read(lab: psycopg.Connection[Any]) -> None:
    """Nor are the names told to those whom Postgres does not tell them; then they are not compared."""
    mapped = """create user mapping for public server warehouse options (password 'never seen');
        create role mapped_nobody; set local role mapped_nobody"""
    with lab.transaction(force_rollback=True):
        lab.execute(f"{SETUP}{mapped}".encode(), prepare=False)
        catalog = read(lab)
        assert catalog.foreign_servers["warehouse"].users == (UserMapping("PUBLIC", (HIDDEN,)),)
        said = ForeignServerPresent("warehouse", users={"PUBLIC": ["password"]})  # type: ignore[arg-type]
        assert list(said.check(catalog)) == []
        assert len(list(ForeignServerPresent("warehouse", users=[]).check(catalog))) == 1
        lab.execute("reset role")
        catalog = read(lab)
        assert catalog.foreign_servers["warehouse"].users == (UserMapping("PUBLIC", ("password",)),)
        assert "never seen" not in repr(catalog)
