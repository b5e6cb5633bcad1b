"""Every format, read back by a tool of its own: nothing is lost, added, or taken for a command."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics

from pgcontract.formats import formats
from pgcontract.report.document import level
from pgcontract.verdict import Database, Finding, Location, Outcome, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Counts = dict[str, int]
Readers = dict[str, "Callable[[str], Counts]"]

OURS = sorted(name for name, each in formats().items() if each.points[0].value.startswith("pgcontract."))


def expected(name: str, report: Report) -> Mapping[str, int]:
    """How many of which sort a reader of that format is to find."""
    levels = Counter(level(outcome) for outcome in report.outcomes)
    fine = levels["passed"] + levels["warning"] + levels["info"]
    skipped = levels["skipped"] + levels["ignored"]
    failed = [outcome for outcome in report.outcomes if outcome.status == "failed"]
    results = sum(max(1, len(outcome.findings)) for outcome in failed) + levels["errored"]
    summary = {str(status): number for status, number in report.summary.items()}
    counts: dict[str, dict[str, int]] = {
        "csv": _without_zeros(**{str(key): number for key, number in levels.items()}),
        "github": {"results": results},
        "gitlab": {"results": results},
        "json": summary,
        "junit": _without_zeros(broken=levels["broken"], errored=levels["errored"], skipped=skipped, passed=fine),
        "markdown": {"troubles": len(failed) + levels["errored"]},
        "openmetrics": _without_zeros(**summary),
        "sarif": {**summary, "results": results},
        "tap": _tap(levels, fine, skipped),
    }
    return counts[name]


def _tap(levels: Mapping[Any, int], fine: int, skipped: int) -> Counts:
    """What errored may be a warning's, and counts all the same."""
    return _without_zeros(broken=levels["broken"] + levels["errored"], skipped=skipped, passed=fine)


def _without_zeros(**counts: int) -> Counts:
    return {key: number for key, number in counts.items() if number}


def test_every_format_of_ours_has_a_reader(readers: Readers) -> None:
    assert set(OURS) == {*readers, "html"}


@pytest.mark.parametrize("name", [name for name in OURS if name != "html"])
def test_it_is_read_back(name: str, readers: Readers, report: Report, sound: Report) -> None:
    for each in (report, sound, replace(sound, outcomes=())):
        assert readers[name](each.render(name)) == expected(name, each)


LONG = 1_000_000


def enormous() -> Report:
    """Texts of a million characters, of which each grows when it is escaped."""
    one = "\U000e0041<`@#|" * (LONG // 6)
    finding = Finding(one, one, one, one, one)
    outcome = Outcome(
        kind=one, subject=one, status="failed", sentence=one, relation=one, findings=(finding,), because=one,
        tags=(one,), location=Location(one),
    )  # fmt: skip
    errored = replace(outcome, status="errored", findings=(), reason=one, traceback=one)
    skipped = replace(outcome, status="skipped", findings=(), reason=one)
    return Report(one, Database(one, one, one), datetime(2026, 1, 2, tzinfo=UTC), 1.0, (outcome, errored, skipped))


def test_a_million_characters_are_cut(readers: Readers) -> None:
    report = enormous()
    for name in readers.keys() - {"json"}:
        text = report.render(name)
        assert len(text) < LONG * 2, name
        assert readers[name](text) == expected(name, report)


def many(number: int) -> Report:
    outcomes = tuple(
        Outcome("ColumnType", f"public.t{n}.c", "failed", findings=(Finding(f"it is wrong {n}", "a" * 300, "b"),))
        for n in range(number)
    )
    return Report("many", Database("app", "18.6", "h"), datetime(2026, 1, 2, tzinfo=UTC), 1.0, outcomes)


def test_a_comment_names_what_has_no_room_and_counts_the_rest(readers: Readers) -> None:
    text = many(5_000).render("markdown")
    assert 64_000 < len(text) <= 65_000
    assert readers["markdown"](text) == {"troubles": 5_000}
    assert "_5,000 problems, " in text
    assert " of them by name only and " in text
    assert "comment has no room" not in many(20).render("markdown")


def test_ten_annotations_of_a_kind_and_how_many_more(readers: Readers) -> None:
    text = many(25).render("github")
    assert readers["github"](text) == {"results": 25}
    assert text.count("::error ") == 10
    assert text.endswith("not shown: 15 errors more\n")


def located(report: Report, *places: Location | None) -> Report:
    pairs = zip(report.outcomes, places, strict=True)
    return replace(report, outcomes=tuple(replace(outcome, location=place) for outcome, place in pairs))


def test_a_problem_stands_at_its_line_in_the_contract() -> None:
    report = located(many(3), Location("db/a b.yaml", 12, 9), Location("/srv/c.yaml", 3), None)
    run = json.loads(report.render("sarif"))["runs"][0]
    physical = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [each["artifactLocation"]["uri"] for each in physical] == [
        "db/a%20b.yaml", "file:///srv/c.yaml", "postgresql/app/public.t2.c",
    ]  # fmt: skip
    assert physical[0]["region"] == {"startLine": 12, "startColumn": 9}
    logical = run["results"][0]["locations"][0]["logicalLocations"]
    assert logical == [{"fullyQualifiedName": "public.t0.c", "kind": "resource"}]
    places = [issue["location"] for issue in json.loads(report.render("gitlab"))]
    assert places[0] == {"path": "db/a b.yaml", "lines": {"begin": 12}}
    assert "::error file=db/a b.yaml,line=12,col=9,title=ColumnType%3A " in report.render("github")
    assert "at db/a b.yaml:12:9" in report.render("junit")


def test_sarif_explains_its_rules_and_keeps_what_is_ignored(report: Report) -> None:
    run = json.loads(report.render("sarif"))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["ColumnType"]["shortDescription"]["text"] == "<table>.<column> has the type <type>."
    assert "Repair: " in rules["ColumnType"]["help"]["markdown"]
    (ignored,) = [result for result in run["results"] if "suppressions" in result]
    assert ignored["partialFingerprints"]["pgcontract/v1"] == "00ff00ff00ff00ff"
    assert ignored["suppressions"][0] == {
        "kind": "external",
        "status": "accepted",
        "justification": "the old importer <b>writes</b> NULL (until 2026-12-31)",
    }
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    assert run["invocations"][0]["executionSuccessful"] is False
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def test_a_fingerprint_is_the_same_whatever_else_is_wrong() -> None:
    """GitHub and GitLab tell by it what is new and what is mended."""

    def prints(report: Report) -> list[str]:
        results = json.loads(report.render("sarif"))["runs"][0]["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    both = many(2)
    findings = tuple(replace(f, fingerprint="00000000000000aa") for f in both.outcomes[0].findings)
    both = replace(both, outcomes=(replace(both.outcomes[0], findings=findings), both.outcomes[1]))
    assert prints(both)[0] == "00000000000000aa:1"
    assert prints(replace(both, outcomes=both.outcomes[1:])) == prints(both)[1:]


def one(finding: Finding, number: int = 1) -> Report:
    outcome = Outcome("K", "s", "failed", findings=(finding,))
    return replace(many(1), suite='a\\b"c\\n', outcomes=(outcome,) * number)


def test_signs_of_a_format_come_back_as_they_were() -> None:
    report = one(Finding("100% @all of #12", expected="50%0A\nmore"))
    annotation = report.render("github").partition("\n")[0]
    assert annotation.endswith("::100%25 @all of #12%0Aexpected: 50%250A%0Amore")
    assert "100% &#64;&#8203;all of &#35;&#8203;12\n" in report.render("markdown")
    holds = next(iter(as_openmetrics(report.render("openmetrics")))).samples[0]  # type: ignore[no-untyped-call]
    assert holds.labels == {"suite": 'a\\b"c\\n', "database": "app"}


def test_a_finding_that_is_there_twice_is_two() -> None:
    report = one(Finding("wrong", fingerprint="00000000000000aa"), 2)
    first, second = (issue["fingerprint"] for issue in json.loads(report.render("gitlab")))
    assert first == "00000000000000aa" != second
