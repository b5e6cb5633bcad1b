from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import OperatorClassPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create domain whole as integer;
create operator class ints for type integer using btree as operator 3 =, function 1 btint4cmp(integer, integer);
create operator class ints for type bigint using hash as operator 1 =, function 1 hashint8(bigint);
"""
AGAIN = "create operator class ints for type integer using btree as operator 3 ="
CASES = [
    Case(
        OperatorClassPresent("ints", method="btree", family="ints"),
        SETUP,
        "drop operator family ints using btree; create operator family more using btree;"
        "create operator class ints for type integer using btree family more as operator 3 =",
        "family of operator class public.ints is public.more, not public.ints",
    ),
    Case(
        OperatorClassPresent("ints"),
        SETUP,
        "drop operator class ints using btree; drop operator class ints using hash",
        "operator class public.ints does not exist",
        AGAIN,
    ),
    Case(
        OperatorClassPresent("ints", method="btree"),
        SETUP,
        "drop operator class ints using btree",
        "operator class public.ints for btree does not exist",
        AGAIN,
    ),
    Case(
        OperatorClassPresent("ints", method="hash", type="int8"),
        SETUP,
        "drop operator class ints using hash; create operator class ints for type integer using hash as operator 1 =",
        "type of operator class public.ints is integer, not bigint",
    ),
    Case(
        OperatorClassPresent("ints", type="int", default=False),
        SETUP,
        "drop operator class ints using btree",
        "type of operator class public.ints is bigint, not integer",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (OperatorClassPresent("ints", default=True), "failed"),
        (OperatorClassPresent("ints", type="text"), "failed"),
        (OperatorClassPresent("ints", method="gin"), "failed"),
        (OperatorClassPresent("int"), "failed"),
        (OperatorClassPresent("ints", type="nope"), "errored"),
        (OperatorClassPresent("nowhere.ints"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
