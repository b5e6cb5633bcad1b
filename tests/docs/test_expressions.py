"""The page on expressions: what it calls one is one to a contract, and what it calls two is two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgcontract import CheckConstraint, ColumnDefault, ColumnType, PolicyPresent, Suite, verify

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

SQL = """
create function uid() returns bigint stable language sql as 'select 1::bigint';
create table t (n integer, v varchar(80), at timestamptz default now(), user_id bigint, status text, a boolean,
    b boolean, c boolean, check (status in ('open', 'paid')), check ((a or b) and c));
create policy own on t using (user_id = uid());
"""

SAID: list[tuple[str, Expectation]] = [
    ("passed", CheckConstraint("t", "status in ('open', 'paid')")),
    ("passed", CheckConstraint("t", "STATUS IN ('open','paid')")),
    ("passed", CheckConstraint("t", "((a OR b)) and c")),
    ("failed", CheckConstraint("t", "a or b and c")),
    ("passed", ColumnType("t", "n", "int")),
    ("passed", ColumnType("t", "n", "int4")),
    ("failed", ColumnType("t", "v", "varchar(120)")),
    ("passed", ColumnDefault("t", "at", "now( )")),
    ("failed", ColumnDefault("t", "at", "current_timestamp")),
    ("passed", PolicyPresent("t", "own", using="user_id = uid()")),
    ("failed", PolicyPresent("t", "own", using="uid() = user_id")),
    ("failed", PolicyPresent("t", "own", using="user_id = (select uid())")),
    ("errored", ColumnType("t", "n", "integr")),
]


def test_one_is_one_and_two_are_two(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SQL.encode())
        shown = connection.execute(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 't_status_check'"
        )
        assert shown.fetchone() == ("CHECK ((status = ANY (ARRAY['open'::text, 'paid'::text])))",)
    report = verify(Suite("page", [expectation for _, expectation in SAID]), database)
    assert [(one.status, one.expectation) for one in report.outcomes[: len(SAID)]] == [
        (status, report.outcomes[place].expectation) for place, (status, _) in enumerate(SAID)
    ]
