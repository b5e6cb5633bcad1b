"""Names of tests are their own, in one line, and may be told pytest."""

from __future__ import annotations

import pytest

from pgcontract import Expectation, ObjectsAre, PrivilegeGranted, QueryReturnsNothing, RowsSatisfy, TableExists
from pgcontract.integrations.pytest_plugin.marks import marker
from pgcontract.integrations.pytest_plugin.names import names


@pytest.mark.parametrize(
    ("expectations", "called"),
    [
        ([TableExists("a"), TableExists("b")], ["TableExists a", "TableExists b"]),
        (
            [RowsSatisfy("a", "x::int > 1"), RowsSatisfy("a", "x\n < 3", severity="warning")],
            ["RowsSatisfy a[error, x:int > 1]", "RowsSatisfy a[warning, x\\n < 3]"],
        ),
        (
            [
                ObjectsAre(noun, names, in_schema="a")
                for noun, names in (("type", []), ("type", ["x", "y"]), ("view", []))
            ],
            ["ObjectsAre a[type]", "ObjectsAre a[type, a.x a.y]", "ObjectsAre a[view]"],
        ),
        (
            [PrivilegeGranted("r", [p], table="a", tags=t) for p, t in (("SELECT", "ba"), ("INSERT", ["c", "d", "e"]))],
            ["PrivilegeGranted a[ba, SELECT]", "PrivilegeGranted a[c d e, INSERT]"],
        ),
    ],
)
def test_a_name_has_what_tells_it_from_others(expectations: list[Expectation], called: list[str]) -> None:
    assert list(names(expectations)) == called


def test_a_long_name_is_cut_and_still_its_own() -> None:
    long = "select 1 where " + " and ".join(["true"] * 60)
    found = list(names([QueryReturnsNothing(long), QueryReturnsNothing(f"{long} and false")]))
    assert len(set(found)) == 2
    assert all(len(name) < 160 for name in found)


@pytest.mark.parametrize(
    ("tag", "called"),
    [("core", "core"), ("phase two", "phase_two"), ("skip", "tag_skip"), ("_x", "x"), ("2", "tag_2"), ("-", "tag_")],
)
def test_a_tag_is_a_marker_that_means_nothing_else(tag: str, called: str) -> None:
    assert marker(tag) == called
