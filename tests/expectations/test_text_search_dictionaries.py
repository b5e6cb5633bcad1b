from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import CommentIs, ObjectAbsent, TextSearchDictionaryPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create text search dictionary stem (template = snowball, language = 'english', stopwords = 'english');
"""
CASES = [
    Case(
        TextSearchDictionaryPresent("plain", only_options=True),
        "create text search dictionary plain (template = pg_catalog.simple)",
        "alter text search dictionary plain (stopwords = english)",
        "option stopwords of text search dictionary public.plain is english, not none",
    ),
    Case(
        TextSearchDictionaryPresent("stem"),
        SETUP,
        "drop text search dictionary stem",
        "text search dictionary public.stem does not exist",
        SETUP,
    ),
    Case(
        TextSearchDictionaryPresent("stem", template="snowball"),
        SETUP,
        "drop text search dictionary stem; create text search dictionary stem (template = simple)",
        "template of text search dictionary public.stem is pg_catalog.simple, not pg_catalog.snowball",
    ),
    Case(
        TextSearchDictionaryPresent("stem", options=["stopwords=english", "language=english"]),
        SETUP,
        "alter text search dictionary stem (stopwords)",
        "option stopwords of text search dictionary public.stem is none, not english",
    ),
    Case(
        ObjectAbsent("text search dictionary", "other"),
        "",
        "create text search dictionary other (template = simple)",
        "text search dictionary public.other exists",
    ),
    Case(
        CommentIs("text search dictionary", "stem", "it's"),
        f"{SETUP}comment on text search dictionary stem is 'it''s'",
        "comment on text search dictionary stem is null",
        "comment",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (TextSearchDictionaryPresent("stem", template="pg_catalog.snowball", options="Language=english"), "failed"),
        (TextSearchDictionaryPresent("stem", template="public.snowball"), "failed"),
        (TextSearchDictionaryPresent("stem", options="language=german"), "failed"),
        (TextSearchDictionaryPresent("english_stem"), "failed"),
        (TextSearchDictionaryPresent("nowhere.stem"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
