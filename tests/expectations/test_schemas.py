from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import SchemaExists
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

CASES = [
    Case(SchemaExists("billing"), "create schema billing", "drop schema billing", "schema billing does not exist"),
    Case(
        SchemaExists("billing"),
        "create schema billing",
        "alter schema billing rename to biling",
        "billing",
        name="a near name",
    ),
    Case(SchemaExists("My Schema"), 'create schema "My Schema"', 'drop schema "My Schema"', '"My Schema"'),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_the_nearest_name_is_offered(judge: Any) -> None:
    outcome = judge("create schema bilings", SchemaExists("billings"))
    assert outcome.findings[0].hint == "Perhaps you meant bilings."
