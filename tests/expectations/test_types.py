from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import EnumLabels, TypeExists
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

MOOD = "create type mood as enum ('sad', 'ok', 'happy')"
AGAIN = "drop type mood; create type mood as enum ({})"
CASES = [
    Case(TypeExists("mood"), MOOD, "drop type mood", "type public.mood does not exist", MOOD),
    Case(TypeExists("mood"), MOOD, "alter type mood rename to moods", "public.mood", "alter type moods rename to mood"),
    Case(
        TypeExists("mood", is_a="enum"),
        MOOD,
        "drop type mood; create domain mood as text",
        "type public.mood is of the kind domain, not enum",
        f"drop domain mood; {MOOD}",
    ),
    Case(TypeExists("pair", "composite"), "create type pair as (a int)", "drop type pair; create domain pair as int"),
    Case(TypeExists("r", "range"), "create type r as range (subtype = int)", "drop type r; create table r ()"),
    Case(
        EnumLabels("mood", ["sad", "ok", "happy"]),
        MOOD.replace("'sad', ", "") + "; alter type mood add value 'sad' before 'ok'",
        AGAIN.format("'ok'"),
        ("enum public.mood has no label 'sad'", "enum public.mood has no label 'happy'"),
        name="labels that are missing at both ends",
    ),
    Case(
        EnumLabels("mood", ["sad", "it's", "\\", "happy"]),
        MOOD.replace("'ok'", "'it''s', '\\'"),
        AGAIN.format("'sad', 'happy'"),
        ("has no label 'it''s'", "has no label E'\\\\'"),
        name="labels that are missing between",
    ),
    Case(EnumLabels("mood", "ok"), "create type mood as enum ('ok')", AGAIN.format(""), "'ok'", name="none are left"),
    Case(
        EnumLabels("mood", ["sad", "ok", "happy"]),
        MOOD,
        "alter type mood add value 'angry' before 'ok'",
        "enum public.mood has a label 'angry', which is not in the contract",
        AGAIN.format("'sad', 'ok', 'happy'"),
        name="a label too many",
    ),
    Case(
        EnumLabels("mood", ["sad", "ok", "happy"]),
        MOOD,
        AGAIN.format("'ok', 'happy', 'sad'"),
        "label 'sad' of enum public.mood is misplaced",
        AGAIN.format("'sad', 'ok', 'happy'"),
        name="a label in the wrong place",
    ),
    Case(EnumLabels("mood", ["sad", "ok", "happy"]), MOOD, "drop type mood; create domain mood as text", "domain"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TypeExists("Mood"), "failed"),
        (TypeExists("nowhere.mood"), "skipped"),
        (TypeExists("_mood"), "failed"),
        (TypeExists("users"), "failed"),
        (EnumLabels("nothing", ["a"]), "skipped"),
        (EnumLabels("mood", ["sad", "happy", "ok"]), "failed"),
        (EnumLabels("mood", ["Sad", "ok", "happy"]), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(f"{MOOD}; create table users (id int)", expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)


def test_only_what_is_out_of_place_is_said_to_be(judge: Any) -> None:
    outcome = judge("create type e as enum ('a', 'd', 'b', 'c')", EnumLabels("e", ["a", "b", "c", "d"]))
    (finding,) = outcome.findings
    assert (finding.expected, finding.observed) == ("'d' after 'c'", "'a', 'd', 'b', 'c'")


def test_a_renamed_label_is_recognised(judge: Any) -> None:
    missing, extra = judge(MOOD, EnumLabels("mood", ["sad", "ok", "happyy"])).findings
    assert "alter type public.mood rename value 'happy' to 'happyy'. A label" in missing.hint
    assert (missing.observed, missing.repair) == ("label 'happy'", ())
    assert extra.hint == "Perhaps it was to be renamed to 'happyy'."
