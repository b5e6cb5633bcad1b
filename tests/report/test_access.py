"""The heat map of the access that a contract states."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from pgcontract.report.access import COMMANDS, heat_map
from pgcontract.report.html import render
from pgcontract.verdict import Finding, Outcome, Report

TABLE = "public.notes"
ACCESS = {"anon": "none", "authenticated": {"select": "own", "update": "own (body)"}}
WORSE = Finding("…", "none", "all", object=f"{TABLE} DELETE as anon")


def outcome(access: dict[str, Any] = ACCESS, **fields: Any) -> Outcome:
    given = {"kind": "AccessMatrix", "subject": TABLE, "status": "passed", "relation": TABLE, **fields}
    return Outcome(expectation={"table": TABLE, "access": access}, **given)


@pytest.mark.parametrize(
    ("told", "levels", "wrong"),
    [
        (outcome(), ["none"] * 5 + ["own", "none", "own", "none", "none"], []),
        (
            outcome(status="failed", findings=(WORSE,)),
            ["none", "none", "none", "all", "none", "own", "none", "own", "none", "none"],
            ["DELETE as anon: all, none expected"],
        ),
        (outcome(status="skipped", reason="probes are off"), [None] * 10, []),
    ],
    ids=["as stated", "more than stated", "not told"],
)
def test_heat_map(told: Outcome, levels: list[str | None], wrong: list[str]) -> None:
    """What is stated where it was found to hold, what was found where not, and nothing where nothing was."""
    found = heat_map([told])
    assert found is not None
    assert found.roles == ("anon", "authenticated")
    spots = [spot for spot in found.rows[TABLE] if spot]
    assert [spot.level for spot in spots] == levels
    assert [spot.words for spot in spots if spot.wrong] == wrong


def test_a_role_that_a_relation_is_silent_about() -> None:
    found = heat_map([outcome({"anon": "none"}), outcome({"authenticated": "own"}, subject="public.other")])
    assert found is not None
    assert found.rows["public.other"][: len(COMMANDS)] == (None,) * len(COMMANDS)


def test_without_access_there_is_no_map() -> None:
    assert heat_map([Outcome("TableExists", TABLE, "passed")]) is None


def test_the_page_holds_it(report: Report) -> None:
    finding = WORSE.identified("AccessMatrix", TABLE)
    page = render(replace(report, outcomes=(outcome(status="failed", findings=(finding,)),)))
    assert len(re.findall(r'<td class="heat-(?:all|own|none|unknown)', page)) == len(ACCESS) * len(COMMANDS)
    assert len(re.findall(r"heat-marked\"", page)) == 1
