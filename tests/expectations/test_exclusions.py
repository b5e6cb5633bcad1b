from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ExclusionConstraint
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table bookings (
    room int4range, during tsrange, status text, "Row Id" int,
    constraint no_overlap exclude using gist (room with =, during with &&) where (status <> 'cancelled'),
    constraint whole exclude using gist (room with -|-) deferrable initially deferred,
    constraint hashed exclude using hash ((lower(status)) with =) with (fillfactor = 70)
);
"""
NO_OVERLAP = ExclusionConstraint(
    "bookings", ["room with =", "during with operator(pg_catalog.&&)"], where="status != 'cancelled'::text"
)
ANEW = "alter table bookings drop constraint whole, add constraint whole"
DROP = "alter table bookings drop constraint no_overlap"
LACKS = "public.bookings lacks EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((status <> 'cancelled'::text))"
CASES = [
    Case(NO_OVERLAP, SETUP, DROP, LACKS),
    Case(
        NO_OVERLAP,
        SETUP,
        f"{DROP}, add constraint no_overlap exclude using gist (room with =, during with =) where (status <> 'x')",
        LACKS,
        name="an operator and the predicate are others",
    ),
    Case(
        NO_OVERLAP,
        SETUP,
        f"{DROP}, add constraint no_overlap exclude using gist (room with =, during with &&)",
        LACKS,
        name="the predicate is gone",
    ),
    Case(
        ExclusionConstraint("bookings", "lower(status) with =", using="hash", name="hashed"),
        SETUP,
        "alter table bookings rename constraint hashed to other",
        "public.bookings lacks constraint hashed EXCLUDE USING hash (lower(status) WITH =)",
    ),
    Case(
        ExclusionConstraint("bookings", "room with -|-", deferrable=True, deferred=True),
        SETUP,
        "alter table bookings drop constraint whole",
        "lacks EXCLUDE USING gist (room WITH -|-) deferrable initially deferred",
    ),
    Case(
        ExclusionConstraint("bookings", "room with -|-", deferrable=True),
        SETUP,
        f"{ANEW} exclude using gist (room with -|-)",
        "deferrable of constraint whole of public.bookings is no, not yes",
        f"{ANEW} exclude using gist (room with -|-) deferrable",
        name="cannot be put off",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ExclusionConstraint("bookings", ["during with &&", "room with ="], where="status <> 'cancelled'"), "failed"),
        (ExclusionConstraint("bookings", "room with -|-"), "passed"),
        (ExclusionConstraint("bookings", "room with -|-", deferred=False), "failed"),
        (ExclusionConstraint("bookings", "room with -|-", deferrable=True, deferred=True), "passed"),
        (ExclusionConstraint("bookings", "ROOM range_ops with -|- -- a comment"), "passed"),
        (ExclusionConstraint("bookings", "room with -|-", name="no_overlap"), "failed"),
        (ExclusionConstraint("bookings", "room with -|-", where="true"), "passed"),
        (ExclusionConstraint("bookings", "room"), "errored"),
        (ExclusionConstraint("bookings", "room with -|-) where (true"), "errored"),
        (ExclusionConstraint("bookings", "room with -|-", where="true) deferrable -- "), "errored"),
        (ExclusionConstraint("bookings", "nope with ="), "failed"),
        (ExclusionConstraint("nowhere", "room with ="), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_the_same_under_another_name_is_pointed_at(judge: Any) -> None:
    finding = judge(SETUP, ExclusionConstraint("bookings", "room with -|-", name="exclusive")).findings[0]
    assert finding.hint == "The constraint whole is the same under another name."


def test_what_has_the_name_is_shown(judge: Any) -> None:
    finding = judge(SETUP, ExclusionConstraint("bookings", "room with =", name="whole")).findings[0]
    assert finding.observed == "(whole: EXCLUDE USING gist (room WITH -|-))"
    assert finding.repair == ()
