"""Names as folders: safe on every file system, one for each, for ever the same."""

from __future__ import annotations

import os
import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgcontract.lifecycle.history.story import Key
from pgcontract.lifecycle.site.names import NO_DATABASE, place, slug
from pgcontract.lifecycle.site.output import _OURS

PLAIN = ["billing", "a", "7", "billing_2", "billing-app", "x" * 60]
OTHER = [
    "", ".", "..", "../../etc/passwd", "/", "a/b", "a\\b", "C:", "Billing", "BILLING", "billing ", "billing.", "-rf",
    "_site", ".git", "con", "CON", "nul", "com1", "lpt9", "index.html", "v1.2", "a~b", "a@b", "Ünïcode", "משה",
    "\ud83d", "nul\0", "x" * 61, "x" * 9999, "<script>", "%2e%2e", "a?b#c", "no-run~", "runs\n",
]  # fmt: skip
FEW = int(os.environ.get("PGCONTRACT_EXAMPLES", "8"))
NAMES = st.one_of(st.sampled_from(PLAIN + OTHER), st.text(st.characters(exclude_categories=[]), max_size=8))


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_name_stands_as_it_is(name: str) -> None:
    assert slug(name) == name


@pytest.mark.parametrize("name", OTHER)
def test_any_other_name_is_made_safe(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{0,60}~[0-9a-f]{8}", slug(name))
    assert slug(name) != NO_DATABASE


def test_no_two_names_meet_where_small_and_capital_letters_are_the_same() -> None:
    for one, other in combinations([*PLAIN, *OTHER], 2):
        assert slug(one).casefold() != slug(other).casefold()


@settings(deadline=None, max_examples=5 * FEW)
@given(NAMES, NAMES, NAMES)
def test_a_place_is_one_that_the_manifest_takes_for_ours(suite: str, database: str, host: str) -> None:
    where = place(Key(suite, database, host))
    assert _OURS.fullmatch(f"{where}/index.html")
    assert where.count("/") == 1
    assert not any(part.endswith((".", " ")) or part in {".", ".."} for part in where.split("/"))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Key("billing", "app", ""), "billing/app"),
        (Key("billing", "app", "db.example"), "billing/app@db.example"),
        (Key("billing", "app", "10.0.0.1"), "billing/app@10.0.0.1"),
    ],
)
def test_where_a_contract_is(key: Key, expected: str) -> None:
    assert place(key) == expected
