from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnKindsAre, ColumnStorage
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table docs (id int, kind text, body text, price numeric, address inet);
create materialized view kinds as select kind from docs;
create view seen as select kind from docs;
alter table docs alter kind set statistics 1000, alter kind set (n_distinct = 40, n_distinct_inherited = -0.5);
alter table docs alter body set storage external, alter price set storage plain;
alter materialized view kinds alter kind set statistics 0;
"""
KIND = ColumnStorage("docs", "kind", statistics=1000, n_distinct="40", n_distinct_inherited="-0.5")
CASES = [
    Case(KIND, SETUP, "alter table docs alter kind set statistics -1", "statistics of public.docs.kind is none"),
    Case(KIND, SETUP, "alter table docs alter kind reset (n_distinct)", "n_distinct of public.docs.kind is none"),
    Case(
        ColumnStorage("docs", "id"),
        SETUP,
        "alter table docs alter id set (n_distinct_inherited = 7), alter id set statistics 5",
        ("statistics of public.docs.id is 5, not none", "n_distinct_inherited of public.docs.id is 7, not none"),
    ),
    Case(
        ColumnStorage("docs", "body", storage="external"),
        SETUP,
        "alter table docs alter body set storage main",
        "storage of public.docs.body is main, not external",
    ),
    Case(
        ColumnStorage("docs", "body", storage="external"),
        SETUP,
        "alter table docs alter body type varchar(90)",
        "storage of public.docs.body is none, not external",
    ),
    Case(
        ColumnStorage("docs", "address"),
        SETUP,
        "alter table docs alter address set storage extended",
        "storage of public.docs.address is extended, not none",
    ),
    Case(
        ColumnStorage("docs", "price", storage="plain"),
        SETUP,
        "alter table docs alter price set storage main",
        "storage of public.docs.price is none, not plain",
    ),
    Case(
        ColumnStorage("kinds", "kind", statistics=0),
        SETUP,
        "alter materialized view kinds alter kind set statistics 1",
        "statistics of public.kinds.kind is 1, not 0",
    ),
    Case(
        ColumnKindsAre("docs", stored=["kind", "body", "price"]),
        SETUP,
        "alter table docs alter id set statistics 1",
        "stored column id is in public.docs, but not in the contract",
    ),
    Case(
        ColumnKindsAre("docs", stored=["kind", "body", "price"]),
        SETUP,
        "alter table docs alter price set storage main",
        "stored column price is missing from public.docs",
        "alter table docs alter price set storage plain",
    ),
]
COMPRESSED = Case(
    ColumnStorage("docs", "kind", compression="pglz"),
    "create table docs (kind text compression pglz)",
    "alter table docs alter kind set compression default",
    "compression of public.docs.kind is none, not pglz",
)
CASES.append(COMPRESSED)
COMPRESSION_SINCE = 140000


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    if case is COMPRESSED and lab.info.server_version < COMPRESSION_SINCE:
        pytest.skip("a column has a compression method since PostgreSQL 14")
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ColumnStorage("docs", "address"), "passed"),
        (ColumnStorage("seen", "kind"), "passed"),
        (ColumnStorage("docs", "kind", statistics=1000, n_distinct=40, n_distinct_inherited=-0.5), "passed"),  # type: ignore[arg-type]
        (ColumnStorage("docs", "kind"), "failed"),
        (ColumnStorage("docs", "nothing"), "skipped"),
        (ColumnKindsAre("seen"), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
