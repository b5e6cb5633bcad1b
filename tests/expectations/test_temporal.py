"""Keys over time, which version 18 has: WITHOUT OVERLAPS, and PERIOD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ForeignKey, PrimaryKey, UniqueConstraint
from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.inventory import inventory
from pgcontract.repair.applying import apply
from pgcontract.run.runner import snapshot
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

pytestmark = pytest.mark.pg(">= 18")

SETUP = """
create table booked (room int4range, during int4range, n int4range, constraint booked_pkey
    primary key (room, during without overlaps), constraint booked_n unique (n, during without overlaps));
create table stay (room int4range, during int4range, constraint stay_room
    foreign key (room, period during) references booked (room, period during));
create table plain (room int4range, during int4range, primary key (room, during));
create table visit (room int4range, during int4range, constraint visit_room
    foreign key (room, during) references plain (room, during));
"""
KEY = "alter table {0} drop constraint {0}_pkey cascade, add constraint {0}_pkey primary key (room, during{1})"
CASES = [
    Case(
        PrimaryKey("booked", ["room", "during"], without_overlaps=True),
        SETUP,
        KEY.format("booked", ""),
        "primary key of public.booked is (room, during), not (room, during WITHOUT OVERLAPS)",
        KEY.format("booked", " without overlaps"),
    ),
    Case(
        PrimaryKey("plain", ["room", "during"]),
        SETUP,
        KEY.format("plain", " without overlaps"),
        "primary key of public.plain is (room, during WITHOUT OVERLAPS), not (room, during)",
        KEY.format("plain", ""),
    ),
    Case(
        UniqueConstraint("booked", ["n", "during"], without_overlaps=True),
        SETUP,
        "alter table booked drop constraint booked_n, add unique (n, during)",
        "public.booked lacks unique (n, during without overlaps)",
    ),
    Case(
        ForeignKey("stay", ["room", "during"], "booked", period=True),
        SETUP,
        "alter table stay drop constraint stay_room",
        "lacks foreign key (room, period during) references public.booked (room, period during)",
    ),
    Case(
        ForeignKey("visit", ["room", "during"], "plain(room, during)"),
        SETUP,
        """alter table visit drop constraint visit_room, add constraint visit_room foreign key (room, period during)
            references booked (room, period during)""",
        "lacks foreign key (room, during) references public.plain (room, during)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (PrimaryKey("booked", ["room", "during"]), "failed"),
        (UniqueConstraint("booked", ["during", "n"], without_overlaps=True), "failed"),
        (UniqueConstraint("booked", ["n", "during"]), "failed"),
        (ForeignKey("stay", ["room", "during"], "booked(room, during)"), "failed"),
        (ForeignKey("visit", ["room", "during"], "plain", period=True), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_they_are_made_again(clone: Any) -> None:
    import psycopg  # noqa: PLC0415 - for this test alone

    wanted, url = clone(None), clone(None)
    for place, sql in ((wanted, SETUP), (url, SETUP.replace(" without overlaps", "").replace("period ", ""))):
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(sql.encode())
    suite = inventory(snapshot(wanted))
    made = apply(suite, url, allow=["data loss"])
    assert (made.committed, made.left) == (True, ())
    assert diff(snapshot(wanted), snapshot(url), owners=False) == ()
