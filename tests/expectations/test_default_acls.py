from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import DefaultAclIs, DefaultAclsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create role pgc_app; create role pgc_ann; create schema app;
alter default privileges for role pgc_app in schema app grant select on tables to pgc_ann;
alter default privileges for role pgc_app revoke execute on functions from public;
"""
FOR = "alter default privileges for role pgc_app"
TABLES = DefaultAclIs("tables", "pgc_app", {"pgc_ann": "select"}, in_schema="app")
NAMES = ["FOR ROLE pgc_app IN SCHEMA app ON TABLES", "FOR ROLE pgc_app ON FUNCTIONS"]
ONE: list[tuple[DefaultAclIs, str, str]] = [
    (TABLES, f"{FOR} in schema app grant insert on tables to pgc_ann", "pgc_ann will be granted INSERT on tables"),
    (TABLES, f"{FOR} in schema app revoke select on tables from pgc_ann", "pgc_ann will not be granted SELECT"),
    (TABLES, f"{FOR} in schema app grant select on tables to pgc_ann with grant option", "SELECT with grant option"),
    (DefaultAclIs("functions", "pgc_app"), f"{FOR} grant execute on functions to public", "PUBLIC will be granted"),
    (
        DefaultAclIs("types", "pgc_app", {"public": "usage"}),
        f"{FOR} revoke usage on types from public",
        "not be granted",
    ),
    (DefaultAclIs("schemas", "pgc_app"), f"{FOR} grant usage on schemas to pgc_ann", "USAGE on schemas that pgc_app"),
    (DefaultAclIs("sequences", "pgc_app"), f"{FOR} revoke usage on sequences from pgc_app", "pgc_app will not be"),
]
CASES = [
    *(Case(expectation, SETUP, broken, words, name=broken) for expectation, broken, words in ONE),
    Case(
        DefaultAclsAre(NAMES),
        SETUP,
        f"{FOR} in schema app grant usage on sequences to pgc_ann",
        "set FOR ROLE pgc_app IN SCHEMA app ON SEQUENCES is in the default privileges, but not in the contract",
        f"{FOR} in schema app revoke usage on sequences from pgc_ann",
    ),
    Case(
        DefaultAclsAre(NAMES[1:], beside=NAMES[:1]),
        SETUP,
        f"{FOR} grant execute on functions to public",
        "set FOR ROLE pgc_app ON FUNCTIONS is missing from the default privileges",
        f"{FOR} revoke execute on functions from public",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_a_schema_is_in_no_schema() -> None:
    with pytest.raises(ValidationError, match="in no schema"):
        DefaultAclIs("schemas", "pgc_app", in_schema="app")
