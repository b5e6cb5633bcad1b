from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CastAbsent, CastPresent, CastsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create type mood as enum ('sad', 'ok');
create schema app;
create domain app."of Mine as" as int;
create type app."as" as (a int);
create function to_int(mood) returns int language sql as 'select 1';
create cast (mood as int) with function to_int(mood) as assignment;
"""
AGAIN = "create cast (mood as int) with function to_int(mood)"
CASES = [
    Case(
        CastPresent("mood", "int", method="function", function="to_int(public.mood)"),
        f"{SETUP} create function to_int_too(mood) returns int language sql as 'select 2';",
        "drop cast (mood as int); create cast (mood as int) with function to_int_too(mood) as assignment",
        "function of cast (public.mood AS integer) is public.to_int_too(public.mood), not public.to_int(public.mood)",
    ),
    Case(CastPresent("mood", "int"), SETUP, "drop cast (mood as int)", "cast (public.mood AS integer) does not", AGAIN),
    Case(
        CastPresent("public.mood", "integer", context="assignment"),
        SETUP,
        f"drop cast (mood as int); {AGAIN}",
        "context of cast (public.mood AS integer) is explicit, not assignment",
        f"drop cast (mood as int); {AGAIN} as assignment",
    ),
    Case(
        CastPresent('app."as"', "varchar(80)"),
        SETUP + 'create cast (app."as" as varchar) with inout',
        'drop cast (app."as" as varchar)',
        '(app."as" AS character varying)',
    ),
    Case(
        CastAbsent("text", "int4"),
        SETUP,
        "create cast (text as int) with inout as implicit",
        "(text AS integer)",
    ),
    Case(CastsAre("mood as int"), SETUP, "create cast (mood as bigint) with inout", "(public.mood AS bigint)"),
    Case(
        CastsAre(['app."as" AS text', "(mood as integer)"]),
        SETUP + 'create cast (app."as" as text) with inout',
        "drop cast (mood as int)",
        "cast (public.mood AS integer) is missing from the database",
    ),
    Case(CastsAre([]), "", "create cast (text as int) with inout", "not in the contract", "drop cast (text as int)"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (CastPresent("int", "bigint", context="Implicit"), "passed"),  # type: ignore[arg-type]
        (CastPresent("int4", "numeric(10,2)"), "passed"),
        (CastPresent("bigint", "int", context="implicit"), "failed"),
        (CastPresent("int", "mood"), "failed"),
        (CastPresent("int", "nope"), "errored"),
        (CastPresent("int, text", "text"), "errored"),
        (CastAbsent("mood", "nope"), "errored"),
        (CastAbsent("int", "bigint"), "failed"),
        (CastsAre(["int as bigint", "mood as int"]), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)


@pytest.mark.parametrize("text", ["int", "int as", "as int", "int as text as uuid", 'int as "text'])
def test_what_is_no_cast(text: str) -> None:
    with pytest.raises(ValidationError, match="is no cast"):
        CastsAre([text])
