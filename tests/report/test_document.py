from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pgcontract.report.document import arrange, difference, repair_script, summary_line
from pgcontract.verdict import Finding, Outcome, Repair, Report, Severity, Status


def only(report: Report, *given: tuple[Status, Severity]) -> Report:
    return replace(report, outcomes=tuple(Outcome("K", "s", status, severity) for status, severity in given))


def test_every_outcome_is_in_one_group(report: Report) -> None:
    grouped = [entry.outcome for group in arrange(report).groups for entry in group.entries]
    assert sorted(map(repr, grouped)) == sorted(map(repr, report.outcomes))


def test_the_worst_group_and_the_worst_entry_come_first_and_relations_before_kinds(report: Report) -> None:
    groups = arrange(report).groups
    assert [group.by for group in groups] == ["relation"] * 4 + ["kind"] * 4
    assert [group.title for group in groups][:2] == ["public.users", report.outcomes[10].subject]
    assert [entry.level for entry in groups[0].entries] == ["broken", "skipped", "ignored", "passed", "passed"]
    assert {level: number for level, number in groups[0].counts.items() if number} == {
        "broken": 1, "skipped": 1, "ignored": 1, "passed": 2
    }  # fmt: skip


def test_troubles_are_what_failed_or_could_not_be_checked(report: Report) -> None:
    levels = [entry.level for entry in arrange(report).troubles]
    assert levels == ["broken"] * 4 + ["errored", "warning", "info"]


def test_skips_are_counted_by_their_reason(report: Report) -> None:
    assert arrange(report).skips == (("there is no public.teams", 2), ("it would have to write", 1))


def test_what_is_ignored_goes_by_its_end_and_the_endless_comes_last(report: Report) -> None:
    (mine,) = [outcome for outcome in report.outcomes if outcome.ignored]
    put = [replace(mine.ignored[0], until=until, because=why) for until, why in
           ((None, "a"), (date(2027, 1, 1), "b"), (date(2026, 1, 1), "c"), (date(2026, 1, 1), "c"))]  # fmt: skip
    outcomes = tuple(replace(mine, ignored=(one,)) for one in put)
    document = arrange(replace(report, outcomes=outcomes))
    assert [(reason, len(entries)) for reason, entries in document.ignored] == [
        ("until 2026-01-01: c", 2), ("until 2027-01-01: b", 1), ("with no end: a", 1),
    ]  # fmt: skip
    assert (document.skips, document.verdict, document.levels["ignored"]) == ((), "holds", 4)


def test_anchors_are_unique_and_do_not_depend_on_the_verdict(report: Report) -> None:
    def anchors(of: Report) -> dict[str, str]:
        return {entry.anchor: entry.outcome.subject for group in arrange(of).groups for entry in group.entries}

    mended = replace(report, outcomes=tuple(replace(o, status="passed", findings=()) for o in report.outcomes))
    assert anchors(report) == anchors(mended)
    assert len(anchors(report)) == len(report.outcomes)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ([("passed", "error")] * 2 + [("skipped", "error")], "holds on app (PostgreSQL 18.6): 2 passed, 1 skipped"),
        ([("failed", "error")], "is broken on app (PostgreSQL 18.6): 1 failed"),
        ([("failed", "error"), ("errored", "info"), ("failed", "info"), ("passed", "error")],
         "is broken on app (PostgreSQL 18.6): 1 failed, 1 errored, 1 notice, 1 passed"),
        ([("failed", "warning"), ("failed", "warning")], "holds on app (PostgreSQL 18.6): 2 warnings"),
        ([("errored", "error"), ("passed", "error")],
         "could not be checked in full on app (PostgreSQL 18.6): 1 errored, 1 passed"),
        ([("skipped", "error")], "was not checked on app (PostgreSQL 18.6): 1 skipped"),
        ([], "was not checked on app (PostgreSQL 18.6): no expectations"),
    ],
)  # fmt: skip
def test_the_summary_says_what_the_run_says(sound: Report, given: list[tuple[Status, Severity]], line: str) -> None:
    assert summary_line(arrange(only(sound, *given))) == f"contract backend {line} in 0.4 s"


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("the column public.users.id has the type uuid", ["public.users.id"]),
        ("the table public.users has one", ["public.users"]),
        ("xpublic.users and public.users_old", []),
        ("public.users.note, and public.users.", ["public.users"]),
        ("", ["public.users.id"]),
    ],
)
def test_the_title_names_its_subject(sound: Report, sentence: str, named: list[str]) -> None:
    outcome = Outcome("ColumnType", "public.users.id", "passed", sentence=sentence, relation="public.users")
    (group,) = arrange(replace(sound, outcomes=(outcome,))).groups
    title = group.entries[0].title
    assert [piece.text for piece in title if piece.changed] == named
    assert "".join(piece.text for piece in title) == sentence or not sentence


@pytest.mark.parametrize(
    ("repairs", "script"),
    [
        ([], ""),
        ([Repair("select 1")], "select 1;"),
        ([Repair("select 1 ;\n")], "select 1 ;"),
        ([Repair("select 1 -- one")], "select 1 -- one\n;"),
        ([Repair("drop table a", "data loss"), Repair("drop table b", "data loss"), Repair("select 1")],
         "-- data loss\ndrop table a;\ndrop table b;\nselect 1;"),
    ],
)  # fmt: skip
def test_the_repair_is_a_script_with_its_hazards(repairs: list[Repair], script: str) -> None:
    assert repair_script(Finding("m", repair=tuple(repairs))) == script


@pytest.mark.parametrize(
    ("finding", "sides"),
    [
        (Finding("m"), None),
        (Finding("m", expected="a"), (True, False)),
        (Finding("m", observed="a"), (False, True)),
        (Finding("m", expected="a", observed=""), (True, True)),
    ],
)
def test_a_difference_has_the_sides_that_the_finding_has(finding: Finding, sides: tuple[bool, bool] | None) -> None:
    both = difference(finding)
    assert (both and (both.expected is not None, both.observed is not None)) == sides
