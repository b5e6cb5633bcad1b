from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import DatabaseHas
from pgcontract.testing import Case, judged

if TYPE_CHECKING:
    import psycopg

ALTER = "do $$ begin execute format('alter database %I {}', current_database()); end $$"
CASES = [
    Case(
        DatabaseHas(only_settings=True),
        "select 1",
        ALTER.format("set work_mem = ''9MB''"),
        "the database sets work_mem=9MB",
    ),
    Case(
        DatabaseHas(comment=""),
        "select 1",
        ALTER.replace("alter", "comment on").format("is ''mine''"),
        "comment on the database is mine, not none",
    ),
    Case(
        DatabaseHas(encoding="UTF8", collation="C", character_type="C", owner="pg_monitor"),
        "update pg_database set datcollate = 'C', datctype = 'C' where datname = current_database();"
        + ALTER.format("owner to pg_monitor"),
        ALTER.format("owner to postgres"),
        "owner of the database is postgres, not pg_monitor",
    ),
    Case(
        DatabaseHas(connection_limit=9),
        ALTER.format("connection limit 9"),
        ALTER.format("connection limit 8"),
        "connection limit of the database is 8, not 9",
    ),
    Case(
        DatabaseHas(settings="lock_timeout=1s"),
        ALTER.format("set lock_timeout = ''1s''"),
        ALTER.format("set lock_timeout = ''2s''"),
        "the database does not set lock_timeout=1s",
        repair=ALTER.format("set lock_timeout = ''1s''"),
    ),
    Case(
        DatabaseHas("postgres", encoding="UTF8"),
        "select 1",
        ALTER.format("owner to pg_monitor"),
        "owner of the database is pg_monitor, not postgres",
    ),
]


@pytest.mark.parametrize("name", ["utf8", "UTF-8", "utf_8", "Unicode"])
def test_the_encoding_has_the_names_that_postgres_knows(name: str, lab: psycopg.Connection[Any]) -> None:
    assert judged(DatabaseHas(encoding=name), lab).status == "passed"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "what"),
    [
        (DatabaseHas(encoding="LATIN1"), "encoding"),
        (DatabaseHas(collation="xx_XX"), "collation"),
        (DatabaseHas(character_type="xx_XX"), "character type"),
    ],
    ids=repr,
)
def test_what_cannot_be_altered(expectation: DatabaseHas, what: str, lab: psycopg.Connection[Any]) -> None:
    (finding,) = judged(expectation, lab).findings
    assert finding.message.startswith(f"{what} of the database is ")
    assert finding.repair == ()
