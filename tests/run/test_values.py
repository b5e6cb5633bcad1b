"""With `values=False` nothing that stands in a row is shown by a probe: no result, no message that may quote one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import (
    FunctionCallable,
    QueryReturns,
    Scanning,
    Suite,
    verify,
)
from pgcontract.report.json import render

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SECRET = "sesame"
SETUP = f"""
create table t (id int primary key, word text);
insert into t values (1, '{SECRET}'), (2, '{SECRET}-two');
create function word(int) returns text language sql stable as 'select word from public.t where id = $1';
create function fails(int) returns int language plpgsql stable as
    $$ begin raise exception 'the word is %', (select word from public.t where id = $1); end $$;
"""

HIDDEN: dict[str, tuple[Expectation, str]] = {
    "rows": (
        QueryReturns("select word from t order by id", "x"),
        'the query gives 2 rows that may not be shown, not "x"',
    ),
    "a row": (FunctionCallable("word(int)", arguments=[1], returns="x"), "1 row that may not be shown, not"),
    "a cast": (QueryReturns("select word::int from t", 1), "invalid text representation (SQLSTATE 22P02)"),
    "a function": (FunctionCallable("fails(int)", arguments=[1]), "raise exception (SQLSTATE P0001)"),
    "another error": (
        FunctionCallable("fails(int)", arguments=[1], raises="22012"),
        "raise exception (SQLSTATE P0001)",
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_stands_in_rows_is_shown_only_if_it_may(connection: psycopg.Connection[Any], case: str) -> None:
    connection.execute(SETUP.encode())
    expectation, said = HIDDEN[case]
    suite = Suite("s", [expectation])
    assert SECRET in render(verify(suite, connection))
    report = verify(suite, connection, scanning=Scanning(values=False))
    assert report.outcomes[0].status == "failed"
    assert said in report.outcomes[0].findings[0].message
    assert SECRET not in render(report)


def test_a_piece_of_the_message_that_is_expected_is_looked_for_all_the_same(
    connection: psycopg.Connection[Any],
) -> None:
    connection.execute(SETUP.encode())
    suite = Suite("s", [FunctionCallable("fails(int)", arguments=[1], raises=SECRET)])
    assert verify(suite, connection, scanning=Scanning(values=False)).passed
