"""The heat map of the access that a contract states."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from pgcontract.report.access import COMMANDS, HeatMap, heat_map
from pgcontract.report.document import arrange
from pgcontract.report.html import render
from pgcontract.verdict import Finding, Outcome, Report

TABLE = "public.notes"
ACCESS = {"anon": "none", "authenticated": {"select": "own", "update": "own (body)"}}
WORSE = Finding("…", "none", "all", object=f"{TABLE} DELETE as anon")


def outcome(access: dict[str, Any] = ACCESS, **fields: Any) -> Outcome:
    given = {"kind": "AccessMatrix", "subject": TABLE, "status": "passed", **fields}
    given.setdefault("relation", given["subject"])
    return Outcome(expectation={"table": given["subject"], "access": access}, **given)


def worse(table: str) -> Outcome:
    finding = replace(WORSE, object=f"{table} DELETE as anon").identified("AccessMatrix", table)
    return outcome(subject=table, status="failed", findings=(finding,))


def drawn(report: Report, *outcomes: Outcome) -> HeatMap:
    found = heat_map(arrange(replace(report, outcomes=outcomes)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("told", "levels", "wrong", "said"),
    [
        (outcome(), ["none"] * 5 + ["own", "none", "own", "none", "none"], [], "no cell is otherwise than stated."),
        (
            worse(TABLE),
            ["none", "none", "none", "all", "none", "own", "none", "own", "none", "none"],
            ["DELETE as anon: all, none expected"],
            "1 of 10 cells is otherwise than stated.",
        ),
        (
            outcome(status="skipped", reason="probes are off"),
            [None] * 10,
            [],
            "no cell is otherwise than stated, 10 could not be told.",
        ),
    ],
    ids=["as stated", "more than stated", "not told"],
)
def test_heat_map(report: Report, told: Outcome, levels: list[str | None], wrong: list[str], said: str) -> None:
    """What is stated where it was found to hold, what was found where not, and nothing where nothing was."""
    found = drawn(report, told)
    assert found.roles == ("anon", "authenticated")
    (row,) = found.rows
    spots = [spot for spot in row.spots if spot]
    assert [spot.level for spot in spots] == levels
    assert [one.words for one in found.wrongs] == wrong
    assert sum(bool(spot.otherwise) for spot in spots) == len(wrong)
    assert found.said == f"1 table, 2 roles: {said}"


def test_a_role_that_a_relation_is_silent_about(report: Report) -> None:
    found = drawn(report, outcome({"anon": "none"}), outcome({"authenticated": "own"}, subject="public.other"))
    assert found.rows[1].names[0][0] == "public.other"
    assert found.rows[1].spots[: len(COMMANDS)] == (None,) * len(COMMANDS)


def test_of_many_relations_those_that_are_alike_share_a_row(report: Report) -> None:
    many = [outcome(subject=f"public.t{number:03}") for number in range(300)]
    other = [outcome({"anon": "own"}, subject="public.u1"), worse("public.v1"), worse("public.v2")]
    found = drawn(report, *many, *other)
    assert [[name for name, _ in row.names] for row in found.rows] == [
        ["public.v1"],
        ["public.v2"],
        [one.subject for one in many],
        ["public.u1"],
    ]
    assert [row.wrong for row in found.rows] == [True, True, False, False]
    found = drawn(report, *(worse(f"public.t{number:03}") for number in range(200)))
    assert (len(found.rows), found.left_out, len(found.wrongs)) == (150, 50, 200)


@pytest.mark.parametrize("access", [None, "none", [1], {"anon": None}, {"anon": {"select": 3}}])
def test_whatever_a_saved_report_says(report: Report, access: Any) -> None:
    drawn(report, outcome(access))
    assert "Who reaches what" in render(replace(report, outcomes=(outcome(access),)))


def test_without_access_there_is_no_map(report: Report) -> None:
    assert heat_map(arrange(replace(report, outcomes=(Outcome("TableExists", TABLE, "passed"),)))) is None


def test_the_page_holds_it(report: Report) -> None:
    page = render(replace(report, outcomes=(worse(TABLE),)))
    assert len(re.findall(r'<td class="heat-(?:all|own|none|unknown)', page)) == len(ACCESS) * len(COMMANDS)
    assert re.findall(r'<td class="heat-(\w+) heat-marked">(\w+) <s>(\w+)</s>', page) == [("all", "all", "none")]
