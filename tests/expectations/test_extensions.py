from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pydantic import ValidationError

from pgcontract import ExtensionInstalled, ExtensionMembersAre, ObjectsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

SCHEMA = "create schema ext; "
OLD = "update pg_extension set extversion = '{}' where extname = 'uuid-ossp'"
CASES = [
    Case(
        ExtensionInstalled("uuid-ossp"),
        'create extension "uuid-ossp"',
        'drop extension "uuid-ossp"',
        'extension "uuid-ossp" is not installed',
    ),
    Case(
        ExtensionInstalled("uuid-ossp", in_schema="ext"),
        SCHEMA + 'create extension "uuid-ossp" schema ext',
        'drop extension "uuid-ossp"',
        "uuid-ossp",
        name="created in its schema",
    ),
    Case(
        ExtensionInstalled("uuid-ossp", minimum="0.10"),
        'create extension "uuid-ossp"; ' + OLD.format("0.10"),
        OLD.format("0.9"),
        'extension "uuid-ossp" is at version 0.9, older than 0.10',
        OLD.format("0.11"),
        name="0.9 is older than 0.10",
    ),
    Case(
        ExtensionInstalled("uuid-ossp", in_schema="ext"),
        SCHEMA + 'create extension "uuid-ossp" schema ext',
        'drop extension "uuid-ossp"; create extension "uuid-ossp" schema public',
        "schema of extension uuid-ossp is public, not ext",
        name="in another schema",
    ),
]
# Objects that are made members of the extension that is always there.
MADE = """
create function tool(int, varchar(3)) returns int language sql as 'select 1';
create type mood as enum ('sad'); create domain "Odd. (%s)" as int; create table kept (id int);
create function same(mood, mood) returns boolean language sql as 'select true';
create operator === (leftarg = mood, rightarg = mood, function = same);
create schema "Its own"; create cast (mood as text) with inout; create server its foreign data wrapper wares;
create operator family fam using btree;
"""
MADE = (
    "create foreign data wrapper wares;"
    + MADE
    + "".join(
        f"alter extension plpgsql add {member};"
        for member in (
            *(
                "function tool(int, varchar)",
                "type mood",
                'domain "Odd. (%s)"',
                "table kept",
                "operator === (mood, mood)",
            ),
            *('schema "Its own"', "cast (mood as text)", "server its", "operator family fam using btree"),
        )
    )
)
MEMBERS = [
    *("language plpgsql", "function pg_catalog.plpgsql_call_handler", "function pg_catalog.plpgsql_validator(oid)"),
    *("function pg_catalog.plpgsql_inline_handler(internal)", "function tool(int4, varchar)", "Type public.mood"),
    *('domain "Odd. (%s)"', "table kept", "operator public.=== (public.mood, public.mood)", 'schema "Its own"'),
    *("cast (public.mood AS text)", "server its", "operator family public.fam USING btree"),
]
CASES += [
    Case(
        ExtensionMembersAre("plpgsql", MEMBERS),
        MADE,
        "alter extension plpgsql drop function tool(int, varchar); alter extension plpgsql drop type mood",
        (
            "member function public.tool(integer, character varying) is missing from extension plpgsql",
            "type public.mood",
        ),
        "alter extension plpgsql add function tool(int, varchar); alter extension plpgsql add type mood",
    ),
    Case(
        ExtensionMembersAre("plpgsql", MEMBERS),
        MADE,
        "create access method heap2 type table handler heap_tableam_handler; "
        "alter extension plpgsql add access method heap2",
        "access method heap2 is in extension plpgsql, but not in the contract",
        "alter extension plpgsql drop access method heap2",
        name="one more",
    ),
    Case(
        ObjectsAre("schema", [], prefix="Its"),
        MADE,
        'alter extension plpgsql drop schema "Its own"',
        "schema",
        'alter extension plpgsql add schema "Its own"',
        name="closed worlds leave members out",
    ),
]


@pytest.fixture(autouse=True)
def _available(lab: psycopg.Connection[Any]) -> None:
    there = lab.execute("select from pg_available_extensions where name = 'uuid-ossp'").fetchone()
    lab.rollback()
    if there is None:
        pytest.skip("the server has no extension uuid-ossp")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    if "0.9" in case.name:  # to update from an invented version, a script would have to be there
        with pytest.raises(psycopg.Error, match="no update path"):
            prove(case, lab)
    else:
        assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("version", "expectation", "status"),
    [
        ("0.10", ExtensionInstalled("uuid-ossp", "0.9"), "passed"),
        ("0.9", ExtensionInstalled("uuid-ossp", "0.10"), "failed"),
        ("1.0", ExtensionInstalled("uuid-ossp", "1"), "passed"),
        ("1", ExtensionInstalled("uuid-ossp", "1.0.0"), "passed"),
        ("3.4.1dev", ExtensionInstalled("uuid-ossp", "3.4"), "passed"),
        ("3.4", ExtensionInstalled("uuid-ossp", "3.4.1"), "failed"),
        ("1.1", ExtensionInstalled("uuid_ossp"), "failed"),
        ("1.1", ExtensionInstalled("plpgsql"), "passed"),
    ],
    ids=str,
)
def test_versions_are_compared_number_by_number(
    judge: Any, version: str, expectation: Expectation, status: str
) -> None:
    assert judge('create extension "uuid-ossp"; ' + OLD.format(version), expectation).status == status


def test_a_member_without_its_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="says no kind"):
        ExtensionMembersAre("vector", "halfvec")


def test_no_such_extension(judge: Any) -> None:
    outcome = judge("", ExtensionMembersAre("no_such", []))
    assert outcome.status == "skipped"


def test_a_minimum_without_a_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="has no number"):
        ExtensionInstalled("vector", minimum="latest")
