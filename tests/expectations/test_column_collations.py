from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnCollation
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create collation mine (provider = libc, locale = 'C');
create table users (id int, email text collate "C", name varchar(9) collate public.mine, plain text);
"""
CASES = [
    Case(
        ColumnCollation("users", "email", "C"),
        SETUP,
        "alter table users alter email type text",
        'collation of public.users.email is the type\'s own, not pg_catalog."C"',
    ),
    Case(
        ColumnCollation("users", "name", "mine", "public"),
        SETUP,
        'alter table users alter name type varchar(9) collate "POSIX"',
        'collation of public.users.name is pg_catalog."POSIX", not public.mine',
    ),
    Case(
        ColumnCollation("users", "plain", None),
        SETUP,
        'alter table users alter plain type text collate "C"',
        'collation of public.users.plain is pg_catalog."C", not the type\'s own',
        "alter table users alter plain type text",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ColumnCollation("users", "id", None), "passed"),
        (ColumnCollation("users", "name", "mine"), "failed"),
        (ColumnCollation("users", "nope", "C"), "skipped"),
        (ColumnCollation("nowhere", "id", "C"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
