from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.errors import PgContractError
from pgcontract.report.json import SCHEMA, load, render
from pgcontract.report.saved import (
    SavedDatabase,
    SavedExamples,
    SavedFinding,
    SavedIgnored,
    SavedLocation,
    SavedOutcome,
    SavedPast,
    SavedRepair,
    SavedReport,
    SavedSince,
)
from pgcontract.verdict import (
    Database,
    Examples,
    Finding,
    Ignored,
    Location,
    Outcome,
    Past,
    Repair,
    Report,
    Since,
    Status,
)

UNEVEN: dict[str, Any] = {
    **dict.fromkeys(["expected", "observed", "object", "hint"]),
    "message": "m",
    "repair": [],
    "fingerprint": "",
    "examples": {"columns": ["a"], "rows": [[]], "masked": False},
}
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)


SUMMARY: dict[Status, int] = {"passed": 3, "failed": 1, "errored": 0, "skipped": 2}
PAST = tuple(Past(datetime(2026, 1, day, 8, tzinfo=UTC), day > 1, SUMMARY, 1.5 * day) for day in (1, 2))


def test_a_report_is_as_the_schema_says_and_comes_back_equal(report: Report, sound: Report) -> None:
    for each in (report, sound, replace(sound, outcomes=()), replace(sound, past=PAST)):
        VALIDATOR.validate(json.loads(render(each)))
        assert load(render(each)) == each


def test_the_document_is_as_the_design_draws_it(report: Report) -> None:
    document = json.loads(render(report))
    assert list(document) == [
        "format", "suite", "passed", "database", "started_at", "duration_ms", "summary", "outcomes",
    ]  # fmt: skip
    assert document["format"] == "pgcontract.report/1"
    assert document["passed"] is False
    assert document["started_at"] == "2026-01-02T03:04:05+00:00"
    assert document["summary"] == {"passed": 3, "failed": 6, "errored": 1, "skipped": 4}
    first = document["outcomes"][1]["findings"][0]
    assert list(first) == ["message", "expected", "observed", "object", "hint", "repair", "fingerprint", "examples"]
    assert first["examples"] is None
    assert first["repair"][1] == {"sql": "analyze public.users;", "hazard": "none"}


@pytest.mark.parametrize(
    "key", ["outcome", "finding", "examples", "ignored", "location", "repair", "since", "database", "summary", "past"]
)
def test_the_schema_knows_every_key_and_no_other(key: str) -> None:
    part = VALIDATOR.schema["$defs"][key]
    optional = {"outcome": {"ignored", "location"}, "finding": {"since", "examples"}}.get(
        key, set()
    )  # which came later
    assert part["additionalProperties"] is False
    assert sorted({*part["required"], *optional}) == sorted(part["properties"])


def test_a_report_without_what_came_later_is_one_still(report: Report) -> None:
    document = json.loads(render(report))
    for outcome in document["outcomes"]:
        del outcome["ignored"]
        outcome.pop("location", None)
        for finding in outcome["findings"]:
            del finding["examples"]
    VALIDATOR.validate(document)
    assert load(json.dumps(document)) == replace(
        report,
        outcomes=tuple(
            replace(
                outcome,
                ignored=(),
                location=None,
                findings=tuple(replace(finding, examples=None) for finding in outcome.findings),
            )
            for outcome in report.outcomes
        ),
    )


def test_nothing_in_it_acts_on_a_terminal(report: Report) -> None:
    outcome = Outcome("K", "\x1b\x9b\u202e\x7f\udc80", "passed")
    text = render(replace(report, outcomes=(outcome,)))
    assert r"\u001b\u009b\u202e\u007f\\udc80" in text
    assert load(text).outcomes[0].subject == "\x1b\x9b\u202e\x7f\\udc80"
    assert text.isprintable() or set(filter(lambda char: not char.isprintable(), text)) == {"\n"}


def test_an_expectation_may_be_any_mapping(report: Report) -> None:
    outcome = Outcome("K", "s", "passed", expectation=MappingProxyType({"a": [MappingProxyType({"b": 1})]}))
    assert load(render(replace(report, outcomes=(outcome,)))).outcomes[0].expectation == {"a": [{"b": 1}]}


def changed(report: Report, **changes: Any) -> str:
    return json.dumps(json.loads(render(report)) | changes)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not a report: no JSON at line 1, column 1"),
        ('{"format":\n!', "not a report: no JSON at line 2, column 1"),
        ("[" * 100_000, "not a report: no usable JSON"),
        ("1" * 5_000, "not a report: no usable JSON"),
        ("[]", "not a report: nothing in it says"),
        ('{"results": []}', "not a report: nothing in it says"),
        ('{"format": "pgcontract.report/2"}', "'pgcontract.report/2', and 'pgcontract.report/1' is what can be read"),
        ('{"format": "pgcontract.report/1"}', "damaged: suite: field required (and 6 more)"),
    ],
)
def test_what_is_no_report_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(PgContractError) as raised:
        load(text)
    assert complaint in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"passed": True}, "its verdict or its summary"),
        ({"summary": {"passed": 99, "failed": 0, "errored": 0, "skipped": 0}}, "its verdict or its summary"),
        ({"started_at": "2026-01-02T03:04:05"}, "started_at: input should have timezone info"),
        ({"started_at": "yesterday"}, "started_at: "),
        ({"duration_ms": "1"}, "duration_ms: "),
        ({"extra": 1}, "extra: extra inputs are not permitted"),
        ({"database": {"name": "a", "version": "1", "host": "h", "password": "x"}}, "database.password: "),
        ({"outcomes": [{"kind": "K", "subject": "s"}]}, "outcomes.0.status: field required (and 11 more)"),
        ({"outcomes": None}, "outcomes: "),
    ],
)
def test_what_is_damaged_is_refused(report: Report, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(PgContractError, match="the saved report is damaged") as raised:
        load(changed(report, **changes))
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"status": "fine"}, "outcomes.1.status: input should be 'passed'"),
        ({"more": 1}, "outcomes.1.more: "),
        ({"findings": [{}]}, "outcomes.1.findings.0.message: "),
        ({"implied": "yes"}, "outcomes.1.implied: "),
        ({"findings": [UNEVEN]}, "outcomes.1.findings.0.examples: value error, a row has not as many values"),
        ({"duration_ms": True}, "outcomes.1.duration_ms: "),
    ],
)
def test_a_damaged_outcome_is_found(report: Report, changes: dict[str, Any], complaint: str) -> None:
    document = json.loads(render(report))
    document["outcomes"][1] |= changes
    with pytest.raises(PgContractError, match=re.escape(complaint)):
        load(json.dumps(document))


@pytest.mark.parametrize(
    ("saved", "plain", "key"),
    [
        (SavedReport, Report, None),
        (SavedOutcome, Outcome, "outcome"),
        (SavedFinding, Finding, "finding"),
        (SavedExamples, Examples, "examples"),
        (SavedIgnored, Ignored, "ignored"),
        (SavedLocation, Location, "location"),
        (SavedRepair, Repair, "repair"),
        (SavedSince, Since, "since"),
        (SavedDatabase, Database, "database"),
        (SavedPast, Past, "past"),
    ],
)
def test_what_is_read_is_what_the_schema_says_and_all_of_it(saved: Any, plain: Any, key: str | None) -> None:
    schema = VALIDATOR.schema["$defs"][key] if key else VALIDATOR.schema
    derived = set() if key else {"format", "passed", "summary"}
    assert set(saved.model_fields) == set(schema["properties"]) == {f.name for f in fields(plain)} | derived


def test_it_needs_neither_jinja_nor_rich() -> None:
    code = "import sys, pgcontract.report.json; sys.exit(bool({'jinja2', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
