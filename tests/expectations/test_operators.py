from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import OperatorAbsent, OperatorPresent, OperatorsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create type mood as enum ('sad', 'ok');
create schema "An. app";
create function same(mood, mood) returns boolean language sql as 'select true';
create function shout(mood) returns text language sql as 'select null';
create function count_(mood) returns int language sql as 'select 1';
create operator === (leftarg = mood, rightarg = mood, function = same);
create operator @#@ (rightarg = mood, function = shout);
create operator "An. app".- (leftarg = int, rightarg = int8, function = pg_catalog.int48mi);
"""
AGAIN = "create operator === (leftarg = mood, rightarg = mood, function = same)"
CASES = [
    Case(
        OperatorPresent("===", "mood", "mood", function="same(public.mood, public.mood)", commutator="public.==="),
        f"{SETUP} drop operator === (mood, mood); {AGAIN[:-1]}, commutator = ===);",
        f"drop operator === (mood, mood); {AGAIN}",
        "commutator of operator public.=== (public.mood, public.mood) is none, not public.===",
    ),
    Case(
        OperatorPresent("===", "mood", "mood", hashes=False, merges=False),
        SETUP,
        f"drop operator === (mood, mood); {AGAIN[:-1]}, hashes)",
        "hashes of operator public.=== (public.mood, public.mood) is yes, not no",
    ),
    Case(
        OperatorPresent("===", "mood", "mood", negator="public.!=="),
        f"{SETUP} drop operator === (mood, mood); {AGAIN[:-1]}, negator = !==);",
        "drop operator !== (mood, mood)",
        "negator of operator",
    ),
    Case(
        OperatorPresent("===", "mood", "mood"),
        SETUP,
        "drop operator === (mood, mood)",
        "operator public.=== (public.mood, public.mood) does not exist",
        AGAIN,
    ),
    Case(
        OperatorPresent("@#@", right="mood", returns="text"),
        SETUP,
        "drop operator @#@ (none, mood); create operator @#@ (rightarg = mood, function = count_)",
        "result of operator public.@#@ (NONE, public.mood) is integer, not text",
        "drop operator @#@ (none, mood); create operator @#@ (rightarg = mood, function = shout)",
    ),
    Case(
        OperatorPresent('"An. app".-', "int4", "bigint", returns="int8"),
        SETUP,
        'drop operator "An. app".- (int, bigint)',
        '"An. app".- (integer, bigint) does not exist',
    ),
    Case(
        OperatorAbsent("===", "text", "mood"),
        SETUP + "create function f(text, mood) returns int language sql as 'select 1'",
        "create operator === (leftarg = text, rightarg = mood, function = f)",
        "(text, public.mood) exists",
    ),
    Case(
        OperatorAbsent("!!", right="mood"),
        SETUP,
        "create operator !! (rightarg = mood, function = shout)",
        "operator public.!! (NONE, public.mood) exists",
    ),
    Case(
        OperatorsAre(["=== (mood, mood)", "@#@ (none, mood)"]),
        SETUP,
        "create operator !! (rightarg = mood, function = shout)",
        "operator public.!! (NONE, public.mood) is in schema public",
        "drop operator !! (none, mood)",
    ),
    Case(
        OperatorsAre(["- (int, bigint)"], in_schema="An. app"),
        SETUP,
        'drop operator "An. app".- (int, bigint)',
        "- (integer, bigint) is missing",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (OperatorPresent("===", "public.mood", "mood", returns="bool"), "passed"),
        (OperatorPresent("===", "mood"), "failed"),
        (OperatorPresent("===", "mood", "nope"), "errored"),
        (OperatorPresent("nowhere.===", "mood", "mood"), "skipped"),
        (OperatorPresent("====", "mood", "mood"), "failed"),
        (OperatorAbsent("===", "mood", "mood"), "failed"),
        (OperatorsAre(['"An. app".- (int, int8)', "=== (mood, mood)", "@#@ (NONE, mood)"]), "passed"),
        (OperatorsAre([], in_schema="An. app"), "failed"),
        (OperatorsAre([], in_schema="nowhere"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)


@pytest.mark.parametrize("text", ["", "eq", "a.b.=", "= x", "= (int)", "= (none, none)", "= (int, int", "= (a, b, c)"])
def test_what_is_no_operator(text: str) -> None:
    with pytest.raises(ValidationError, match="is no operator"):
        OperatorsAre([text])


def test_an_operator_stands_beside_something() -> None:
    with pytest.raises(ValidationError, match="say what stands on its left"):
        OperatorPresent("=")
    with pytest.raises(ValidationError, match="is no operator"):
        OperatorPresent("equals", "int", "int")
    with pytest.raises(ValidationError, match="in_schema must say"):
        OperatorsAre([])
