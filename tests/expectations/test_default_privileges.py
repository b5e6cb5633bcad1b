from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import DefaultPrivilegesAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create role pgc_maker; create role pgc_user; create schema app;"
ALTER = "alter default privileges for role pgc_maker"
NO_EXECUTE = f"{ALTER} revoke execute on functions from public"
CASES = [
    Case(
        DefaultPrivilegesAre("functions", "pgc_maker", "public", []),
        SETUP + NO_EXECUTE,
        f"{ALTER} grant execute on functions to public",
        "PUBLIC will have EXECUTE on functions that pgc_maker makes",
    ),
    Case(
        DefaultPrivilegesAre("functions", "pgc_maker", "public", [], in_schema="app"),
        SETUP + NO_EXECUTE,
        f"{ALTER} in schema app grant execute on functions to public",
        "EXECUTE on functions that pgc_maker makes in schema app",
    ),
    Case(
        DefaultPrivilegesAre("tables", "pgc_maker", "pgc_user", ["select", "insert"], in_schema="app"),
        SETUP + f"{ALTER} grant select on tables to pgc_user; {ALTER} in schema app grant insert on tables to pgc_user",
        f"{ALTER} in schema app grant delete on tables to pgc_user; {ALTER} revoke select on tables from pgc_user",
        ("pgc_user will have DELETE on tables", "pgc_user will have no SELECT on tables"),
    ),
    Case(
        DefaultPrivilegesAre("types", "pgc_maker", "public", "USAGE"),
        SETUP,
        f"{ALTER} revoke usage on types from public",
        "PUBLIC will have no USAGE on types",
    ),
    Case(
        DefaultPrivilegesAre("schemas", "pgc_maker", "pgc_user", []),
        SETUP,
        f"{ALTER} grant usage on schemas to pgc_user",
        "USAGE on schemas",
    ),
    Case(
        DefaultPrivilegesAre("sequences", "pgc_maker", "pgc_user", []),
        SETUP,
        f"{ALTER} grant usage on sequences to pgc_user",
        "USAGE on sequences",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("setup", "expectation", "status"),
    [
        ("", DefaultPrivilegesAre("functions", "pgc_maker", "public", []), "failed"),
        # A revocation in one schema takes nothing away.
        (
            f"{ALTER} in schema app revoke execute on functions from public",
            DefaultPrivilegesAre("functions", "pgc_maker", "public", [], in_schema="app"),
            "failed",
        ),
        (
            f"{ALTER} in schema app grant select on tables to pgc_user",
            DefaultPrivilegesAre("tables", "pgc_maker", "pgc_user", []),
            "passed",
        ),
        ("", DefaultPrivilegesAre("tables", "pgc_nobody", "pgc_user", []), "skipped"),
        ("", DefaultPrivilegesAre("tables", "pgc_maker", "pgc_nobody", []), "skipped"),
        ("", DefaultPrivilegesAre("tables", "pgc_maker", "pgc_user", [], in_schema="nowhere"), "skipped"),
    ],
)
def test_near_misses(judge: Any, setup: str, expectation: Expectation, status: str) -> None:
    assert judge(SETUP + setup, expectation).status == status


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("tables", "a", "a", []), "owns what it makes"),
        (("schemas", "a", "b", [], "c"), "in no schema"),
        (("tables", "a", "b", "EXECUTE"), "no privilege EXECUTE on tables"),
    ],
)
def test_what_cannot_be_is_refused(fields: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        DefaultPrivilegesAre(*fields)
