from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.testing import Case

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
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
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


TREE = """
create table days (at date) partition by range (at);
create table days_1 partition of days for values from ('2025-01-01') to ('2026-01-01');
create table days_0 partition of days for values from (minvalue) to ('2025-01-01');
create table times (at timestamptz, n numeric(6,2)) partition by range (at, n);
create table times_1 partition of times for values from ('2025-01-01 00:00+00', 1) to ('2025-02-01 00:00+00', maxvalue);
create schema app;
create type app.mood as enum ('sad', 'ok', 'fine');
create table moods (mood app.mood, label text collate "C") partition by list (mood);
create table moods_1 partition of moods for values in ('ok', 'sad', null);
create table labels (label text) partition by list (lower(label));
create table labels_1 partition of labels for values in ('it''s', E'a\\\\b');
create table flags (flag boolean) partition by list (flag);
create table flags_1 partition of flags for values in (true);
create table numbers (n int, m bigint) partition by hash (n, m);
create table numbers_1 partition of numbers for values with (modulus 4, remainder 1);
create table numbers_2 partition of numbers for values with (modulus 4, remainder 2) partition by hash (m);
create table numbers_2_1 partition of numbers_2 for values with (modulus 2, remainder 0);
"""
RANGE = "for values from ({}) to ({})"


@pytest.mark.parametrize(
    ("partition", "bound", "status"),
    [
        ("days_1", RANGE.format("'2025-01-01'", "'2026-01-01'"), "passed"),
        ("days_1", "FOR  VALUES\nFROM ('Jan 1, 2025') TO ('20260101')", "passed"),
        ("days_1", RANGE.format("date '2025-01-01'", "'2026-01-01'::date"), "passed"),
        ("days_1", RANGE.format("'2025-01-01'", "'2026-01-02'"), "failed"),
        ("days_1", "default", "failed"),
        ("days_0", RANGE.format("MinValue", "'1 January 2025'"), "passed"),
        ("days_0", RANGE.format("'-infinity'", "'2025-01-01'"), "failed"),
        ("times_1", RANGE.format("'2025-01-01 01:00+01', 1.0", "'2025-02-01T00:00:00Z', maxvalue"), "passed"),
        ("times_1", RANGE.format("'2025-01-01', '1'", "'2025-02-01', maxvalue"), "passed"),
        ("times_1", RANGE.format("'2025-01-01', 1.01", "'2025-02-01', maxvalue"), "failed"),
        ("moods_1", "for values in ('ok', 'sad', NULL)", "passed"),
        ("moods_1", "for values in ('ok'::app.mood, 'sad', NULL)", "passed"),
        ("moods_1", "for values in ('ok', 'sad')", "failed"),
        ("moods_1", "for values in ('ok', 'merry')", "errored"),
        ("labels_1", r"for values in ('it''s', 'a\b')", "passed"),
        ("labels_1", r"for values in ($$it's$$, E'a\\b')", "passed"),
        ("labels_1", r"for values in ('its', 'a\b')", "failed"),
        ("flags_1", "for values in ('t')", "passed"),
        ("flags_1", "for values in (false)", "failed"),
        ("numbers_1", "for values with (Remainder 1, modulus 4)", "passed"),
        ("numbers_1", "for values with (modulus 4, remainder 2)", "failed"),
        ("numbers_1", "for values with (modulus 4, remainder 4)", "errored"),
        ("days_1", RANGE.format("pg_sleep(9)", "'2026-01-01'"), "errored"),
        ("days_1", RANGE.format("'2025-01-01'", "'2026-01-01'") + " partition by list (at)", "errored"),
        ("days_1", RANGE.format("'2025-01-01'", "'2026-01-01'") + "; drop table days", "errored"),
    ],
)
def test_bounds_are_compared_as_postgres_stores_them(judge: Any, partition: str, bound: str, status: str) -> None:
    outcome = judge(TREE, PartitionOf(partition, partition.rpartition("_")[0], bound))
    said = [finding.message for finding in outcome.findings]
    assert (outcome.status, outcome.reason, said) == (status, outcome.reason, said)


def test_a_bound_of_a_partition_of_a_partition(judge: Any) -> None:
    outcome = judge(TREE, PartitionOf("numbers_2_1", "numbers_2", "for values with (remainder 0, modulus 2)"))
    assert outcome.status == "passed"


def test_no_function_is_called_in_a_bound(judge: Any) -> None:
    """Postgres would run it at once."""
    outcome = judge(TREE, PartitionOf("days_1", "days", RANGE.format('"current_date" ( )', "'2026-01-01'")))
    assert outcome.status == "errored"
    assert "it calls a function" in outcome.reason
