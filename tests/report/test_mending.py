from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgcontract.report.document import arrange
from pgcontract.report.mending import gathered
from pgcontract.verdict import Finding, Outcome, Repair

if TYPE_CHECKING:
    from pgcontract.report.mending import Mending
    from pgcontract.verdict import Report

GRANT = Repair("grant select on t to anon", "changes access")
ADD = Repair("alter table t add column c int")
DROP = (Repair("drop view v", "data loss"), Repair("drop table t", "data loss"))
COLUMN = "-- c is missing\nalter table t add column c int;"


def failed(message: str, *repair: Repair, implied: bool = False, severity: str = "error") -> Outcome:
    given: dict[str, object] = {
        "implied": implied,
        "severity": severity,
        "findings": (Finding(message, repair=repair),),
    }
    return replace(Outcome("TableExists", message, "failed"), **given)  # type: ignore[arg-type]


def mending(report: Report, *outcomes: Outcome) -> Mending:
    return gathered(arrange(replace(report, outcomes=outcomes)).entries)


@pytest.mark.parametrize(
    ("outcomes", "script"),
    [
        ([], ""),
        ([failed("nobody can")], ""),
        ([failed("c is missing", ADD)], COLUMN),
        # In the contract's order, what is implied first.
        (
            [failed("c is missing", ADD), failed("t is missing", Repair("create table t ()"), implied=True)],
            f"-- t is missing\ncreate table t ();\n\n{COLUMN}",
        ),
        # What two findings ask for stands once, at the first of them.
        ([failed("c is missing", ADD), failed("nor has t one", ADD)], COLUMN),
        (
            [failed("t is to go", *DROP), failed("c is missing", ADD)],
            f"-- t is to go\n-- data loss\ndrop view v;\ndrop table t;\n\n{COLUMN}",
        ),
        # Whatever a message says, it stays a comment.
        (
            [failed("a\ndrop table b;\r--", GRANT)],
            "-- a\\ndrop table b;\\r--\n-- changes access\ngrant select on t to anon;",
        ),
    ],
)  # fmt: skip
def test_the_script(report: Report, outcomes: list[Outcome], script: str) -> None:
    assert mending(report, *outcomes).script == script


def test_the_counts(report: Report) -> None:
    given = [failed("a", *DROP), failed("b", GRANT), failed("c", GRANT, severity="info"), failed("d"), failed("e", ADD)]
    found = mending(report, *given)
    assert (found.findings, found.unmended, found.left_out) == (4, 1, 0)
    assert found.hazards == {"data loss": 1, "changes access": 1}


def test_what_is_too_long_is_left_out_whole(report: Report) -> None:
    long = [failed(f"n{number}", Repair(f"select {number}, '{'x' * 90_000}'")) for number in range(5)]
    found = mending(report, *long)
    assert found.left_out == 3
    assert found.script.count("select") == 2
    assert found.script.endswith("';")
    assert mending(report, failed("one", Repair(f"select '{'x' * 300_000}'"))).left_out == 0
