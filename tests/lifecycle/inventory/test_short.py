"""An inventory in the short form: the same set in every format, and of a table nothing is left for the list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pgcontract.contract import fold
from pgcontract.contract.load import load
from pgcontract.lifecycle.inventory import inventory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pgcontract import Suite
    from pgcontract.catalog.catalog import Catalog

# What has no section of its own, or a place in one that a file cannot name.
LISTED = {
    *("AclIs", "CommentIs", "OwnerIs", "ObjectsAre", "DatabaseHas", "CollationExists", "CastPresent", "CastsAre"),
    *("OperatorPresent", "OperatorClassPresent", "TextSearchDictionaryPresent", "TextSearchConfigurationPresent"),
    *("EventTriggerPresent", "SubscriptionPresent", "ForeignServerPresent", "ForeignDataWrapperPresent"),
    *("DefaultAclsAre", "CommentsAre", "LanguagePresent", "IndexesAre"),
}


@pytest.fixture(scope="module")
def suite(odd: Callable[[int], Catalog]) -> Suite:
    return inventory(odd(18), name="odd")


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".py"])
def test_it_comes_back(suite: Suite, tmp_path: Path, suffix: str) -> None:
    writers: dict[str, Callable[[Suite], str]] = {
        ".yaml": lambda one: one.to_yaml(short=True),
        ".json": lambda one: one.to_json(short=True),
        ".py": lambda one: one.to_python(),
    }
    write = writers[suffix]
    file = tmp_path / f"contract{suffix}"
    file.write_text(write(suite), encoding="utf-8")
    loaded = load(file)
    assert set(loaded) == set(suite)
    assert write(loaded) == file.read_text("utf-8")


def test_little_is_left_for_the_list(suite: Suite) -> None:
    rest = Counter(expectation.kind for expectation in fold.fold(suite).rest)
    assert {kind: count for kind, count in rest.items() if kind not in LISTED} == {}
    assert sum(rest.values()) < len(suite) / 10


def test_tables_are_closed_by_a_word(suite: Suite) -> None:
    tables = fold.content(suite)["tables"]
    # An index whose build failed has a name only, and so its table's indexes no short form.
    assert {name for name, table in tables.items() if table["closed"] is not True} == {"odd.indexed"}
    assert "indexes" not in tables["odd.indexed"]["closed"]
