from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ObjectsAre, OwnerIs, TextSearchConfigurationPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create schema app;
create text search dictionary public.plain (template = simple);
create text search dictionary app.simple (template = pg_catalog.simple);
create text search configuration public.en (copy = english);
alter text search configuration public.en alter mapping for word, hword with plain, english_stem;
create text search configuration app.own (parser = pg_catalog.default);
alter text search configuration app.own add mapping for "asciiword" with app.simple;
"""
CASES = [
    Case(
        TextSearchConfigurationPresent("few", mappings=[("word", ["simple"])], only_mappings=True),
        'create text search configuration few (parser = pg_catalog."default");'
        "alter text search configuration few add mapping for word with simple;",
        "alter text search configuration few add mapping for email with simple",
        "mapping for email of public.few is (pg_catalog.simple), not ()",
    ),
    Case(
        TextSearchConfigurationPresent("en"),
        SETUP,
        "drop text search configuration en",
        "text search configuration public.en does not exist",
        "create text search configuration en (copy = english)",
    ),
    Case(
        TextSearchConfigurationPresent("en", parser="default", mappings=[("word", ["plain", "english_stem"])]),
        SETUP,
        "alter text search configuration en alter mapping for word with simple",
        "mapping for word of public.en is (pg_catalog.simple), not (public.plain, pg_catalog.english_stem)",
    ),
    Case(
        TextSearchConfigurationPresent("en", mappings=[("asciiword", "english_stem")]),
        SETUP,
        "alter text search configuration en drop mapping for asciiword",
        "mapping for asciiword of public.en is (), not (pg_catalog.english_stem)",
    ),
    Case(
        TextSearchConfigurationPresent("app.own", mappings=[("email", [])]),
        SETUP,
        "alter text search configuration app.own add mapping for email with app.simple",
        "mapping for email of app.own is (app.simple), not ()",
    ),
    Case(
        TextSearchConfigurationPresent("app.own", mappings=[("asciiword", "simple")]),
        SETUP,
        "alter text search configuration app.own alter mapping for asciiword with pg_catalog.simple",
        "is (pg_catalog.simple), not (app.simple)",
        name="a dictionary that is called as one of Postgres's own is",
    ),
    Case(
        ObjectsAre("text search configuration", ["en"]),
        SETUP,
        "create text search configuration more (copy = simple)",
        "public.more",
        "drop text search configuration more",
    ),
    Case(
        OwnerIs("text search configuration", "en", "postgres"),
        SETUP,
        "alter text search configuration en owner to pg_monitor",
        "owner",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TextSearchConfigurationPresent("en", mappings=[("word", ["english_stem", "plain"])]), "failed"),
        (
            TextSearchConfigurationPresent("en", mappings=[("word", ["public.plain", "pg_catalog.english_stem"])]),
            "passed",
        ),
        (TextSearchConfigurationPresent("en", mappings=[("no such token", [])]), "passed"),
        (TextSearchConfigurationPresent("en", mappings=[("word", "nothing")]), "failed"),
        (TextSearchConfigurationPresent("en", parser="public.default"), "failed"),
        (TextSearchConfigurationPresent("en", parser="pg_catalog.default"), "passed"),
        (TextSearchConfigurationPresent("app.en"), "failed"),
        (TextSearchConfigurationPresent("nowhere.en"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


@pytest.mark.parametrize("mappings", [[("word", "a"), ("word", "b")], [("word", "a.b.c.d(")], [("", "simple")]])
def test_what_is_no_mapping(mappings: Any) -> None:
    with pytest.raises(ValidationError):
        TextSearchConfigurationPresent("en", mappings=mappings)
