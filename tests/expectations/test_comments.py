from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CommentIs
from pgcontract.testing import Case, prove

if TYPE_CHECKING:
    import psycopg

SETUP = """
create schema app;
create table app.notes (id int, body text, constraint positive check (id > 0));
create index by_body on app.notes (body);
create view app.v as select 1 as a; create sequence app.s;
create function app.f(int) returns int language sql as 'select 1';
create policy mine on app.notes;
create extension citext schema app;
"""
OBJECTS: list[tuple[tuple[str, str], str | None, str]] = [
    (("schema", "app"), None, "schema app"),
    (("table", "app.notes"), None, "table app.notes"),
    (("view", "app.v"), None, "view app.v"),
    (("sequence", "app.s"), None, "sequence app.s"),
    (("function", "app.f(int4)"), None, "function app.f(int)"),
    (("extension", "citext"), None, "extension citext"),
    (("column", "body"), "app.notes", "column app.notes.body"),
    (("check constraint", "positive"), "app.notes", "constraint positive on app.notes"),
    (("index", "by_body"), "app.notes", "index app.by_body"),
    (("policy", "mine"), "app.notes", "policy mine on app.notes"),
]
CASES = [
    *(
        Case(
            CommentIs(*named, "it's \\ said", of),
            f"{SETUP}; comment on {words} is 'it''s \\ said'",
            f"comment on {words} is 'other'",
            "is other, not it's \\ said",
        )
        for named, of, words in OBJECTS
    ),
    Case(CommentIs("view", "app.v", None), SETUP, "comment on view app.v is 'some'", "is some, not none"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any]) -> None:
    assert "repaired" in prove(case, lab)


def test_an_empty_comment_is_none(judge: Any) -> None:
    assert judge(SETUP, CommentIs("view", "app.v", "")).status == "passed"
    assert judge(SETUP, CommentIs("table", "app.v", "")).status == "skipped"


def test_roles_are_refused() -> None:
    with pytest.raises(ValidationError, match="comments on roles"):
        CommentIs("user", "a", "b")
