"""The case runner must itself be able to fail, at each beat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnNotNull, IndexPresent, PolicyPresent
from pgcontract.testing import Case, judged, prove

if TYPE_CHECKING:
    from psycopg import Connection

GOOD = Case(
    ColumnNotNull("bills", "id"),
    "create table bills (id int not null)",
    "alter table bills alter id drop not null",
    ("public.bills.id", "accepts NULL"),
)
NO_REPAIR = Case(
    PolicyPresent("bills", "p"), "create table bills (); create policy p on bills", "drop policy p on bills"
)


def test_a_good_case_has_four_beats(connection: Connection[Any]) -> None:
    assert prove(GOOD, connection) == ("holds", "out of scope", "broken", "repaired")
    assert judged(GOOD.expectation, connection).status == "skipped"  # nothing is left
    assert (
        prove(
            replace(
                GOOD,
                schema="app",
                setup=f"create schema app; set local search_path = app; {GOOD.setup}",
                mentions="app.bills.id",
            ),
            connection,
        )[-1]
        == "repaired"
    )


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (replace(GOOD, setup="create table bills (id int)"), "holds: ColumnNotNull.* failed, where passed was due"),
        (replace(GOOD, setup=""), "holds: .* skipped, where passed was due: requires"),
        (replace(GOOD, unrelated=GOOD.broken), "out of scope: .* failed"),
        (replace(GOOD, broken="select 1"), "broken: .* passed, where failed was due: nothing was found"),
        (replace(GOOD, broken="drop table bills"), "broken: .* skipped"),
        (replace(GOOD, mentions="orders"), "no finding of .* speaks of 'orders'"),
        (replace(NO_REPAIR, repair="select 1"), "repaired: .* failed"),
    ],
)
def test_each_beat_can_fail(connection: Connection[Any], case: Case, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        prove(case, connection)
    assert connection.execute("select to_regclass('bills')").fetchone() == (None,)


def test_without_a_repair_there_are_three_beats(connection: Connection[Any]) -> None:
    assert prove(NO_REPAIR, connection) == ("holds", "out of scope", "broken")
    assert prove(replace(NO_REPAIR, repair="create policy p on bills"), connection)[-1] == "repaired"


def test_what_cannot_run_in_a_transaction_runs_when_it_is_committed(connection: Connection[Any]) -> None:
    case = Case(
        IndexPresent("bills", "id"), "create table bills (id int); create index i on bills (id)", "drop index i"
    )
    assert prove(case, connection)[-1] == "broken"
    assert prove(case, connection, committed=True)[-1] == "repaired"
    assert judged(case.expectation, connection).status == "passed"


def test_a_case_is_called_by_its_name() -> None:
    assert str(GOOD) == "ColumnNotNull(table='bills', column='id')"
    assert str(replace(GOOD, name="the usual")) == "the usual"
