from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import MemberOf, NotMemberOf, RoleExists
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create role pgc_app login; create role pgc_group; create role pgc_other; grant pgc_group to pgc_app;"
HERE = "do $$ begin execute format('alter role pgc_app {}', current_database()); end $$"
CASES = [
    Case(
        RoleExists("pgc_app", settings="work_mem=9MB", only_settings=True),
        SETUP + "alter role pgc_app set work_mem = '9MB';",
        "alter role pgc_app set statement_timeout = '9s'",
        "role pgc_app sets statement_timeout=9s",
    ),
    Case(
        RoleExists("pgc_app", only_settings=True),
        SETUP,
        HERE.format("in database %I set work_mem = ''9MB''"),
        "role pgc_app in this database sets work_mem=9MB",
    ),
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
    Case(
        RoleExists("pgc_app", inherit=True, create_database=False, replication=False),
        SETUP,
        "alter role pgc_app noinherit createdb replication",
        ("INHERIT of", "CREATEDB of", "REPLICATION of"),
    ),
    Case(
        RoleExists("pgc_app", connection_limit=3),
        SETUP + "alter role pgc_app connection limit 3",
        "alter role pgc_app connection limit -1",
        "CONNECTION LIMIT of role pgc_app is -1, not 3",
    ),
    Case(
        RoleExists("pgc_app", settings="statement_timeout=8s"),
        SETUP + "alter role pgc_app set statement_timeout = '8s'",
        "alter role pgc_app reset all",
        "role pgc_app does not set statement_timeout=8s",
        repair="alter role pgc_app set statement_timeout = '8s'",
    ),
    Case(
        RoleExists("pgc_app", database_settings="lock_timeout=1s"),
        SETUP + HERE.format("in database %I set lock_timeout = ''1s''"),
        HERE.format("in database %I reset all"),
        "role pgc_app does not set lock_timeout=1s in this database",
        repair=HERE.format("in database %I set lock_timeout = ''1s''"),
    ),
    Case(MemberOf("pgc_app", "pgc_group"), SETUP, "revoke pgc_group from pgc_app", "is not a member of pgc_group"),
    Case(
        MemberOf("pgc_app", "pgc_other"),
        SETUP + "grant pgc_other to pgc_group",
        "revoke pgc_other from pgc_group",
        "is not a member of pgc_other",
        name="through another",
    ),
    Case(
        MemberOf("pgc_app", "pgc_group", direct=True),
        SETUP,
        "revoke pgc_group from pgc_app; grant pgc_group to pgc_other; grant pgc_other to pgc_app",
        "by a grant of its own",
    ),
    Case(
        MemberOf("pgc_app", "pgc_group", admin=False),
        SETUP,
        "grant pgc_group to pgc_app with admin option",
        "ADMIN OPTION of role pgc_app in pgc_group is yes, not no",
    ),
    Case(
        MemberOf("pgc_app", "pgc_group", admin=True),
        SETUP + "grant pgc_group to pgc_app with admin option",
        "revoke admin option for pgc_group from pgc_app",
        "ADMIN OPTION",
    ),
    Case(NotMemberOf("pgc_app", "pgc_other"), SETUP, "grant pgc_other to pgc_app", "is a member of pgc_other"),
    Case(
        NotMemberOf("pgc_app", "pgc_other"),
        SETUP,
        "grant pgc_other to pgc_group",
        "role pgc_app is a member of pgc_other through pgc_group",
        repair="revoke pgc_other from pgc_group",
        name="not through another either",
    ),
    Case(
        MemberOf("pgc_app", "pgc_group", inherit=False),
        "create role pgc_app noinherit; create role pgc_group; grant pgc_group to pgc_app",
        "revoke pgc_group from pgc_app; alter role pgc_app inherit; grant pgc_group to pgc_app",
        "inheritance of role pgc_app from pgc_group is yes, not no",
        repair="revoke pgc_group from pgc_app; alter role pgc_app noinherit; grant pgc_group to pgc_app",
    ),
    Case(RoleExists("pgc_group", member_of=[]), SETUP, "grant pgc_other to pgc_group", "is a member of pgc_other"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (RoleExists("PGC_APP"), "failed"),
        (RoleExists("pgc_app", member_of=[]), "failed"),
        (RoleExists("pgc_app", member_of="pgc_group"), "passed"),
        (RoleExists("pgc_app"), "passed"),
        (MemberOf("pgc_app", "pgc_nobody"), "skipped"),
        (MemberOf("pgc_nobody", "pgc_app"), "skipped"),
        (NotMemberOf("pgc_app", "pgc_nobody"), "skipped"),
        (NotMemberOf("pgc_group", "pgc_app"), "passed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
