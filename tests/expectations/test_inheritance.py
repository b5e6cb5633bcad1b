from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ChildrenAre, InheritsFrom, NotInheritsFrom, ParentsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table documents (id int);
create table invoices (total int) inherits (documents);
create table reminders (again int) inherits (invoices);
create table plain (id int, total int);
"""

CASES = [
    Case(
        ParentsAre("invoices", ["documents"]),
        SETUP,
        "alter table invoices no inherit documents",
        "parent public.documents is missing from table public.invoices",
    ),
    Case(
        ParentsAre("plain", []),
        SETUP,
        "alter table plain inherit documents",
        "parent public.documents is in table public.plain, but not in the contract",
    ),
    Case(
        InheritsFrom("invoices", "documents"),
        SETUP,
        "alter table invoices no inherit documents",
        "public.invoices does not inherit from public.documents",
    ),
    Case(
        InheritsFrom("reminders", "documents", depth=2),
        SETUP,
        "alter table reminders no inherit invoices; alter table reminders inherit documents",
        "public.reminders does not inherit from public.documents at depth 2",
    ),
    Case(
        NotInheritsFrom("plain", "documents"),
        SETUP,
        "alter table plain inherit documents",
        "public.plain inherits from public.documents, at depth 1",
    ),
    Case(
        NotInheritsFrom("plain", "documents"),
        SETUP,
        "alter table plain inherit invoices",
        "public.plain inherits from public.documents, at depth 2",
        name="from a grandparent",
    ),
    Case(
        ChildrenAre("documents", "invoices"),
        SETUP,
        "alter table plain inherit documents",
        "child public.plain is in table public.documents",
        "alter table plain no inherit documents",
    ),
    Case(
        ChildrenAre("plain", []),
        SETUP,
        "create table more () inherits (plain)",
        "child public.more",
        "drop table more",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (InheritsFrom("reminders", "documents"), "passed"),
        (InheritsFrom("reminders", "documents", 1), "failed"),
        (InheritsFrom("documents", "invoices"), "failed"),
        (InheritsFrom("documents", "nowhere"), "skipped"),
        (NotInheritsFrom("documents", "reminders"), "passed"),
        (NotInheritsFrom("nowhere", "documents"), "skipped"),
        (ChildrenAre("documents", ["invoices", "reminders"]), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
