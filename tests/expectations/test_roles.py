from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import RoleExists
from pgcontract.testing import Case, prove

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create role pgc_app login; create role pgc_group; create role pgc_other; grant pgc_group to pgc_app;"
CASES = [
    Case(RoleExists("pgc_app"), SETUP, "drop role pgc_app", "role pgc_app does not exist"),
    Case(RoleExists("Pgc Odd"), 'create role "Pgc Odd"', 'drop role "Pgc Odd"', '"Pgc Odd"'),
    Case(
        RoleExists("pgc_app", login=True), SETUP, "alter role pgc_app nologin", "LOGIN of role pgc_app is no, not yes"
    ),
    Case(RoleExists("pgc_group", login=False), SETUP, "alter role pgc_group login", "is yes, not no"),
    Case(RoleExists("pgc_app", superuser=False), SETUP, "alter role pgc_app superuser", "SUPERUSER of role pgc_app"),
    Case(RoleExists("pgc_app", bypass_rls=False), SETUP, "alter role pgc_app bypassrls", "BYPASSRLS of role pgc_app"),
    Case(RoleExists("pgc_app", create_role=False), SETUP, "alter role pgc_app createrole", "CREATEROLE of role"),
    Case(
        RoleExists("pgc_app", superuser=True, bypass_rls=True, create_role=True),
        "create role pgc_app superuser bypassrls createrole",
        "alter role pgc_app nosuperuser nobypassrls nocreaterole",
        ("SUPERUSER", "BYPASSRLS", "CREATEROLE"),
    ),
    Case(
        RoleExists("pgc_app", member_of=["pgc_group"]),
        SETUP,
        "revoke pgc_group from pgc_app; grant pgc_other to pgc_app",
        ("role pgc_app is not a member of pgc_group", "role pgc_app is a member of pgc_other"),
    ),
    Case(RoleExists("pgc_group", member_of=[]), SETUP, "grant pgc_other to pgc_group", "is a member of pgc_other"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any]) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (RoleExists("PGC_APP"), "failed"),
        (RoleExists("pgc_app", member_of=[]), "failed"),
        (RoleExists("pgc_app", member_of="pgc_group"), "passed"),
        (RoleExists("pgc_app"), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
