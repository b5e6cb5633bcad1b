from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import PublicationPresent, TablePublished
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create schema app;
create table app.notes (id int primary key, body text, private bool);
create table messages (id int primary key, body text, private bool);
create table plain (id int);
create publication part for table messages, app.notes with (publish = 'insert, delete');
create publication every for all tables with (publish = 'insert');
"""

CASES = [
    Case(
        PublicationPresent("part"),
        SETUP,
        "drop publication part",
        "publication part does not exist",
        "create publication part",
    ),
    Case(
        PublicationPresent("part", tables=["messages", "app.notes"]),
        SETUP,
        "alter publication part drop table messages",
        "table public.messages is missing from publication part",
        "alter publication part add table messages",
    ),
    Case(
        PublicationPresent("part", operations=["delete", "INSERT"]),  # type: ignore[list-item]
        SETUP,
        "alter publication part set (publish = 'insert, update')",
        "operations of publication part is (INSERT, UPDATE), not (INSERT, DELETE)",
    ),
    Case(
        PublicationPresent("part", via_root=True),
        SETUP + "alter publication part set (publish_via_partition_root = true)",
        "alter publication part set (publish_via_partition_root = false)",
        "via_root of publication part is no, not yes",
    ),
    Case(
        PublicationPresent("part", via_root=False),
        SETUP,
        "alter publication part set (publish_via_partition_root = true)",
        "is yes, not no",
        name="published as partitions",
    ),
    Case(
        PublicationPresent("every", all_tables=True),
        SETUP,
        "drop publication every; create publication every",
        "all tables of publication every is no, not yes",
    ),
    Case(
        TablePublished("messages", "part"),
        SETUP,
        "alter publication part drop table messages",
        "publication part does not publish public.messages",
    ),
    Case(
        TablePublished("plain", "every", where="true", columns=[]),
        SETUP,
        "drop publication every; create publication every",
        "publication every does not publish public.plain",
    ),
]
SINCE_15 = [
    Case(
        PublicationPresent("schemas", schemas="app"),
        SETUP + "create publication schemas for tables in schema app",
        "alter publication schemas add tables in schema public",
        "schema public is in publication schemas",
    ),
    Case(
        TablePublished("messages", "filtered", where="private IS NOT TRUE and id>0", columns=["id", "private"]),
        SETUP + "create publication filtered for table messages (id, private) where (private is not true and id > 0)",
        "alter publication filtered set table messages (id)",
        ("condition of public.messages in publication filtered is true", "is (id), not (id, private)"),
    ),
]
CASES += SINCE_15


@pytest.mark.parametrize("case", CASES[: -len(SINCE_15)], ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize("case", SINCE_15, ids=str)
def test_schemas_and_filters(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (PublicationPresent("every", tables=[], operations="INSERT"), "passed"),
        (PublicationPresent("part", schemas=["app"]), "failed"),
        (TablePublished("messages", "part", where="not private"), "failed"),
        (TablePublished("messages", "none"), "skipped"),
        (TablePublished("nowhere", "part"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
