from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import Clustered, ReplicaIdentity
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table events (id int primary key, at int not null, n int);
create unique index "At" on events (at);
alter table events cluster on "At";
alter table events replica identity using index "At";
create table plain (id int primary key);
"""

CASES = [
    Case(
        Clustered("plain", None),
        SETUP,
        "alter table plain cluster on plain_pkey",
        "clustering of public.plain is plain_pkey, not none",
    ),
    Case(
        Clustered("events", "At"),
        SETUP,
        "alter table events cluster on events_pkey",
        "clustering of public.events is events_pkey, not At",
    ),
    Case(
        Clustered("events", "At"),
        SETUP,
        "alter table events set without cluster",
        "clustering of public.events is none, not At",
        name="not clustered",
    ),
    Case(
        ReplicaIdentity("plain", "DEFAULT"),
        SETUP,
        "alter table plain replica identity nothing",
        "replica identity of public.plain is NOTHING, not DEFAULT",
    ),
    Case(
        ReplicaIdentity("events", "INDEX", "At"),
        SETUP,
        "alter table events replica identity using index events_pkey",
        "index of the replica identity of public.events is events_pkey, not At",
    ),
    Case(
        ReplicaIdentity("events", "INDEX", index="At"),
        SETUP,
        "alter table events replica identity full",
        "replica identity of public.events is FULL, not INDEX",
        name="full",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ReplicaIdentity("events", "INDEX"), "passed"),
        (ReplicaIdentity("events", "full"), "failed"),  # type: ignore[arg-type]
        (ReplicaIdentity("nowhere", "FULL"), "skipped"),
        (Clustered("plain", "plain_pkey"), "failed"),
        (Clustered("plain", "nowhere"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_only_an_index_is_named() -> None:
    with pytest.raises(ValueError, match="with FULL there is no index to name"):
        ReplicaIdentity("events", "FULL", "At")
