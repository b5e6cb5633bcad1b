"""What a report's outcomes tell of relations and the foreign keys among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pgcontract.report.charts.relations import relations, standing
from pgcontract.report.document import Document, arrange
from pgcontract.verdict import Outcome, Report

Arranged = Callable[..., Document]


@pytest.mark.parametrize(
    ("letters", "level"),
    [
        ("PPP", "passed"),
        ("PSI", "passed"),  # something was checked, and nothing is wrong
        ("SS", "skipped"),
        ("SI", "skipped"),
        ("I", "ignored"),
        ("PN", "info"),
        ("PNW", "warning"),
        ("SWE", "errored"),
        ("PEF", "broken"),
    ],
)
def test_the_worst_trouble_is_the_level_of_a_table(arranged: Arranged, letters: str, level: str) -> None:
    (node,) = relations(arranged({"public.a": letters})).nodes.values()
    assert node.level == level
    assert sum(node.counts.values()) == len(letters)
    assert standing(node.counts) == level


def test_foreign_keys_are_links_with_their_own_verdict(arranged: Arranged) -> None:
    found = relations(
        arranged(
            {"public.a": "P", "public.b": "P"},
            [
                ("public.b", "public.a(id)", "P"),
                ("public.b", "public.a(code, nr)", "F"),
                ("public.b", "public.b(id)", "S"),
                ("public.b", '"Far""off".users(id)', "P"),
                ("public.b", "public.a(", "F"),  # no name of anything
            ],
        )
    )
    links = {(link.child, link.parent): [key.level for key in link.keys] for link in found.links}
    assert links == {
        ("public.b", "public.a"): ["broken", "passed"],  # a group has the worst first
        ("public.b", "public.b"): ["skipped"],
        ("public.b", '"Far""off".users'): ["passed"],
    }
    (link, *_) = [link for link in found.links if link.parent == "public.a"]
    assert (link.worst.level, link.worst.columns) == ("broken", "k1")
    assert link.worst.anchor is not None
    assert [node.name for node in found.own] == ["public.a", "public.b"]
    assert found.nodes['"Far""off".users'].anchor is None
    assert (found.nodes['"Far""off".users'].schema, found.nodes['"Far""off".users'].table) == ('Far"off', "users")


@pytest.mark.parametrize(
    ("expectation", "names"),
    [
        ({"table": "public.a"}, ["public.a"]),
        ({"view": "public.a"}, ["public.a"]),
        ({"parent": "public.a"}, ["public.a"]),
        ({}, ["public.a"]),  # made by hand
        ({"sequence": "public.a"}, []),
        ({"type": "public.a"}, []),
        ({"table": "public.b", "of": "public.a"}, []),
        ({"columns": 3, "references": 7, "view": "public.a"}, ["public.a"]),
        ({"columns": 3, "references": "public.a", "sequence": "public.a"}, ["public.a"]),  # a foreign key ends at it
    ],
)
def test_only_tables_and_views_are_drawn(report: Report, expectation: dict[str, Any], names: list[str]) -> None:
    one = Outcome("Kind", "public.a", "passed", relation="public.a", expectation=expectation)
    assert list(relations(arrange(replace(report, outcomes=(one,)))).nodes) == names


@pytest.mark.parametrize("name", ["", "a.b(", "((", 'public."', "\x00", "a" * 100_000, "<b>"])
def test_what_is_no_name_is_shown_as_it_is(arranged: Arranged, name: str) -> None:
    (node,) = relations(arranged({name: "F"})).nodes.values()
    assert node.name == name
