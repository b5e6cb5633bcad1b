from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pydantic import ValidationError

from pgcontract import ExtensionInstalled
from pgcontract.testing import Case, prove

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


@pytest.fixture(autouse=True)
def _available(lab: psycopg.Connection[Any]) -> None:
    there = lab.execute("select from pg_available_extensions where name = 'uuid-ossp'").fetchone()
    lab.rollback()
    if there is None:
        pytest.skip("the server has no extension uuid-ossp")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any]) -> None:
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


def test_a_minimum_without_a_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="has no number"):
        ExtensionInstalled("vector", minimum="latest")
