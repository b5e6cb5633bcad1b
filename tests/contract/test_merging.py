"""What is put into a contract file stands where it belongs, and not a character that its author wrote is changed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from ruamel.yaml import YAML

from pgcontract.contract.merging import NoPlaceError, merged, placeable, together

TEXT = """\
# top
suite: s
tables:
  # the first
  a:
    columns:
      id: int  # why
    # the end of a
  b:
    columns: {id: int}
    checks:
      - id > 0

  c: {}
  d: {unique: [id, ], rls: true}   # d
functions:
  f(): &f {returns: int}
  g(): *f
"""

# What is put in, and each line that comes of it with the one before.
CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a key of a block": (
        {"tables": {"a": {"closed": True}}},
        [("      id: int  # why", "    closed: true")],
    ),
    "a key of a block in a block": (
        {"tables": {"a": {"columns": {"text": "text not null default 'a b'"}}}},
        [("      id: int  # why", "      text: text not null default 'a b'")],
    ),
    "the innermost first": (
        {"tables": {"b": {"closed": ["rls"], "checks": [{"expression": "id < 9", "name": "x"}]}}},
        [
            ("      - id > 0", "      - {expression: id < 9, name: x}"),
            ("      - {expression: id < 9, name: x}", "    closed: [rls]"),
        ],
    ),
    "in brackets": (
        {"tables": {"b": {"columns": {"x": "text"}}, "c": {"closed": True}, "d": {"unique": ["x"], "acl": {}}}},
        [
            ("  b:", "    columns: {id: int, x: text}"),
            ("", "  c: {closed: true}"),
            ("  c: {closed: true}", "  d: {unique: [id, x ], rls: true, acl: {}}   # d"),
        ],
    ),
    "an entry": (
        {"tables": {"e": {"closed": True, "columns": {"id": "int not null"}}}},
        [
            ("  d: {unique: [id, ], rls: true}   # d", "  e:"),
            ("  e:", "    closed: true"),
            ("    closed: true", "    columns:"),
            ("    columns:", "      id: int not null"),
        ],
    ),
    "a section": ({"roles": {"app": {}}}, [("  g(): *f", ""), ("", "roles:"), ("roles:", "  app: {}")]),
}


def content(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("name", CASES)
def test_each_stands_where_it_belongs(name: str) -> None:
    more, pairs = CASES[name]
    after = merged(TEXT, more)
    assert content(after) == together(content(TEXT), more)
    lines = after.split("\n")
    for before, line in pairs:
        assert (before, line) in pairwise(lines)
    if name != "in brackets":
        kept = iter(lines)
        assert all(line in kept for line in TEXT.split("\n"))


@pytest.mark.parametrize(
    "more",
    [
        {"functions": {"f()": {"closed": True}}},  # g is the same
        {"functions": {"g()": {"closed": True}}},
        {"tables": {"d": {"rls": {"forced": True}}}},
        {"tables": ["e"]},
    ],
)
def test_what_has_no_place_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(NoPlaceError):
        merged(TEXT, more)


def test_a_last_line_without_an_end() -> None:
    assert merged("suite: s\ntables:\n  a: {}", {"tables": {"b": {}}}) == "suite: s\ntables:\n  a: {}\n  b: {}\n"
    assert merged("suite: s", {"roles": ["app"]}) == "suite: s\n\nroles: [app]\n"


def test_only_entries_that_have_a_place_are_kept() -> None:
    more = {"functions": {"f()": {"closed": True}, "h()": {}}, "tables": {"a": {"closed": True}}, "roles": {"app": {}}}
    assert placeable(TEXT, more) == {**more, "functions": {"h()": {}}}
