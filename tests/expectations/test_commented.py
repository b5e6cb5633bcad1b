from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CommentsAre
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table notes (id int primary key, body text check (body <> ''));
create rule keep as on delete to notes do instead nothing;
comment on table notes is 'the table'; comment on column notes.body is 'the text';
comment on rule keep on notes is 'never';
"""
NOTES = CommentsAre("notes", ["column body", "rule keep"])
CASES = [
    Case(NOTES, SETUP, f"comment on {target} is {said}", words)
    for target, said, words in (
        ("column notes.id", "'number'", "comment on column id is in public.notes, but not in the contract"),
        ("column notes.body", "null", "comment on column body is missing from public.notes"),
        ("constraint notes_body_check on notes", "'x'", "constraint notes_body_check"),
        ("index notes_pkey", "'x'", "comment on index notes_pkey"),
        ("rule keep on notes", "null", "comment on rule keep is missing"),
    )
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.broken)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def test_a_part_says_its_kind() -> None:
    with pytest.raises(ValidationError, match="no part of a relation"):
        CommentsAre("notes", ["body"])
