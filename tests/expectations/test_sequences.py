from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import SequencePresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create schema app; create table app.t (id int);
create sequence app.s as int start 3 increment 2 minvalue 1 maxvalue 99 cache 4 cycle owned by app.t.id;
"""
EACH: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "INTEGER"}, "as bigint", "type of sequence app.s is bigint, not integer"),
    ({"start": 3}, "start 5", "start of sequence"),
    ({"increment": 2}, "increment 1", "increment of sequence"),
    ({"minimum": 1}, "minvalue 2", "minimum of sequence"),
    ({"maximum": 99}, "maxvalue 100", "maximum of sequence"),
    ({"cache": 4}, "cache 1", "cache of sequence"),
    ({"cycle": True}, "no cycle", "cycle of sequence"),
    ({"owned_by": "t.id"}, "owned by none", "owned by of sequence app.s is none, not app.t.id"),
    ({"owned_by": "app.t.id"}, "owned by none", "app.t.id"),
]
CASES = [
    Case(SequencePresent("app.s"), "create schema app; create sequence app.s", "drop sequence app.s", "does not exist"),
    *(
        Case(SequencePresent("app.s", **one), SETUP, f"alter sequence app.s {change}", said)
        for one, change, said in EACH
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


def test_a_missing_schema_is_another_failure(judge: Any) -> None:
    assert judge("", SequencePresent("nowhere.s")).status == "skipped"
