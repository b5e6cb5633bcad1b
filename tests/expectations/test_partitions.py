from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.testing import Case, prove

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table events (id int, at date, kind text) partition by range (at, lower(kind));
create table events_1 partition of events for values from ('2025-01-01', 'a') to ('2026-01-01', 'a');
create table events_rest partition of events default;
create table hashed (id int, org int) partition by hash (id);
create table plain (id int, at date, kind text);
"""
BOUND = "FOR VALUES FROM ('2025-01-01', 'a') TO ('2026-01-01', 'a')"

CASES = [
    Case(
        PartitionedBy("events"),
        SETUP,
        "drop table events; create table events (id int)",
        "public.events is not partitioned",
    ),
    Case(
        PartitionedBy("events", strategy="RANGE"),
        SETUP,
        "drop table events; create table events (id int) partition by list (id)",
        "partition strategy of public.events is LIST, not RANGE",
    ),
    Case(
        PartitionedBy("events", key=["at", "LOWER( kind )"]),
        SETUP,
        "drop table events; create table events (at date, kind text) partition by range (at, kind)",
        "partition key of public.events is (at, kind), not (at, lower(kind))",
    ),
    Case(
        PartitionedBy("hashed", "HASH", "id"),
        SETUP,
        "drop table hashed; create table hashed (id int, org int) partition by hash (org)",
        "partition key of public.hashed is (org), not (id)",
    ),
    Case(
        PartitionOf("events_1", "events"),
        SETUP,
        "alter table events detach partition events_1",
        "public.events_1 is no partition of public.events",
        f"alter table events attach partition events_1 {BOUND}",
    ),
    Case(
        PartitionOf("events_1", "events", BOUND),
        SETUP,
        "alter table events detach partition events_1;"
        "alter table events attach partition events_1 for values from ('2025-01-01', 'a') to ('2025-07-01', 'a')",
        "bound of public.events_1",
        name="bound",
    ),
    Case(
        PartitionsAre("events", ["events_1", "events_rest"]),
        SETUP,
        "drop table events_rest; create table events_2 partition of events default",
        ("partition public.events_rest is missing", "partition public.events_2 is in table public.events"),
        "alter table events_2 rename to events_rest",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any]) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (PartitionOf("events_rest", "events", "DEFAULT"), "passed"),
        (PartitionOf("plain", "events"), "failed"),
        (PartitionOf("events_1", "hashed"), "failed"),
        (PartitionOf("events_1", "nowhere"), "skipped"),
        (PartitionOf("nowhere", "events"), "skipped"),
        (PartitionsAre("hashed", []), "passed"),
        (PartitionsAre("plain", []), "failed"),
        (PartitionedBy("hashed", key=["nope"]), "failed"),
        (PartitionedBy("nowhere"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
